"""Words said: phrases and regular expressions, with the guards that excuse them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from qc.call import Call
from qc.conditions.base import Scope
from qc.context.around import Around
from qc.context.guards import GUARDS
from qc.hits import NOTHING, Found, Hit
from qc.language.base import GuardName
from qc.matching.index import Pattern
from qc.matching.words import WordMatch
from qc.trust import Evidence, certain


@dataclass(frozen=True, slots=True)
class Words:
    """Any of some phrases and regular expressions."""

    patterns: tuple[Pattern, ...]
    every: frozenset[Pattern] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:  # noqa: D105
        object.__setattr__(self, "every", frozenset(self.patterns))

    def find(self, call: Call, scope: Scope) -> Found:
        """Hits in every utterance of the scope that a guard does not excuse."""
        if not scope.loose and call.search.never(self.every):
            return NOTHING
        inside = call.inside(scope.side, scope.where)
        found: dict[int, list[Hit]] = {}
        for pattern in self.patterns if scope.loose else call.search.live(self.patterns):
            for at in sorted(inside) if scope.loose else call.search.places(pattern, inside):
                hits = list(self._hits(pattern, at, call, scope))
                if hits:
                    found.setdefault(at, []).extend(hits)
        return Found({at: tuple(found[at]) for at in sorted(found)}) if found else NOTHING

    @staticmethod
    def _hits(pattern: Pattern, at: int, call: Call, scope: Scope) -> Iterable[Hit]:
        for match in call.matches(pattern, at, loosely=scope.loose):
            if any(excused(name, call, at, match) for name in scope.guards):
                continue
            confidence = call.confidence(at, (match.start, match.end))
            evidence = Evidence(
                match.how,
                words=confidence,
                utterance=call.utterances[at].confidence,
                likeness=match.likeness,
                run=match.run,
                syllables=match.syllables,
                role_trust=call.role_trust(at, scope.side),
                grave=scope.grave,
            )
            yield Hit(
                at, (match.start, match.end), match.how, match.matched,
                confidence=round(match.likeness * confidence, 3),
                sure=certain(evidence) and not call.perhaps_invented(at),
            )  # fmt: skip


def excused(name: GuardName, call: Call, at: int, match: WordMatch) -> bool:
    """Whether a guard takes the accusation out of a match. A denial may also stand in one of its gaps."""
    guard, text = GUARDS[name], call.texts[at]
    heard = call.heard_before(at) if name == "read_back" else ()
    places = (match.start, *match.gap_ends) if name == "negated" else (match.start,)
    return any(guard(Around(text, place, match.end, heard), call.language) for place in places)
