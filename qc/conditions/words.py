"""Words said: phrases and regular expressions, with the guards that excuse them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from qc.call import Call
from qc.conditions.base import SURE_CONFIDENCE, Scope
from qc.context.guards import GUARDS
from qc.findings import How
from qc.hits import NOTHING, Found, Hit
from qc.language.base import GuardName
from qc.matching.text import NormalText
from qc.matching.words import WordMatch, WordPattern


@dataclass(frozen=True, slots=True)
class Words:
    """Any of some phrases and regular expressions."""

    patterns: tuple[WordPattern, ...]

    def find(self, call: Call, scope: Scope) -> Found:
        """Hits in every utterance of the scope that a guard does not excuse."""
        found: dict[int, tuple[Hit, ...]] = {}
        for at in call.window(scope.side, scope.where):
            hits = [hit for pattern in self.patterns for hit in self._hits(pattern, at, call, scope)]
            if hits:
                found[at] = tuple(hits)
        return Found(found) if found else NOTHING

    def _hits(self, pattern: WordPattern, at: int, call: Call, scope: Scope) -> Iterable[Hit]:
        for match in call.matches(pattern, at):
            if any(excused(name, call.texts[at], match, call.language) for name in scope.guards):
                continue
            confidence = call.confidence(at, (match.start, match.end))
            yield Hit(
                at, (match.start, match.end), cast(How, match.how), match.matched,
                confidence=round(match.likeness * confidence, 3),
                sure=match.sure and confidence >= SURE_CONFIDENCE,
            )  # fmt: skip


def excused(name: GuardName, text: NormalText, match: WordMatch, language: str) -> bool:
    """Whether a guard takes the accusation out of a match. A denial may also stand in one of its gaps."""
    guard = GUARDS[name]
    places = (match.start, *match.gap_ends) if name == "negated" else (match.start,)
    return any(guard(text, place, match.end, language) for place in places)
