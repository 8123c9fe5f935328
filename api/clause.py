"""A clause that a rule rests on, in words: where it stands, how it binds, and how well it was confirmed."""

from dataclasses import dataclass
from typing import Self

from api.words import Words
from qc.language.schema import Citation, Force, Verb
from qc.regulations import titles

FORCES: dict[Force, Words] = {
    "L": Words("法律法规", "law"),
    "R": Words("部门规章", "ministry rule"),
    "N": Words("推荐性国家标准", "recommended national standard"),
    "A": Words("行业自律", "self-regulation"),
    "policy": Words("内部规定", "house rule"),
}
VERBS: dict[Verb, Words] = {
    "must": Words("应当", "must"),
    "must_not": Words("不得", "must not"),
    "should": Words("宜", "should"),
    "should_not": Words("不宜", "should not"),
    "may": Words("可以", "may"),
    "advise": Words("建议", "advises"),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A citation ready to show. `binding`: the kind of text and what it says, None where unknown."""

    source: str
    quote: str = ""
    article: str = ""
    binding: Words | None = None
    confidence: str = ""

    @property
    def title(self) -> Words:
        """What people call the source; its id where nobody said."""
        given = titles().get(self.source)
        return Words(self.source, self.source) if given is None else Words(given["zh"], given["en"])

    @classmethod
    def of(cls, cited: Citation) -> Self:
        """The clause that a rule cites."""
        said = [
            words
            for words in (
                FORCES[cited.force] if cited.force else None,
                VERBS[cited.verb] if cited.verb else None,
            )
            if words
        ]
        binding = Words("，".join(each.zh for each in said), ", ".join(each.en for each in said))
        return cls(
            cited.source, cited.quote, cited.article, binding if said else None, cited.confidence or ""
        )
