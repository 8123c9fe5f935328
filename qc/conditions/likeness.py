"""Likeness to examples: a trained bank, or texts that a rule gives itself."""

from dataclasses import dataclass

from qc.call import Call
from qc.conditions.base import Scope
from qc.hits import NOTHING, Found, Hit
from qc.language.likeness import LikeTest
from qc.likeness.nearest import Examples
from qc.likeness.opinion import SHORTEST
from qc.trust import Evidence, certain

SURE = 0.85  # no hit less likely is certain, however few of a bank were ever wrong on the calls at hand
ALIKE = 0.5  # likeness to a rule's own text from which it counts, where the rule does not say


@dataclass(frozen=True, slots=True)
class LikeBank:
    """Turns that probably belong to a bank."""

    bank: str
    at_least: float | None = None

    def find(self, call: Call, scope: Scope) -> Found:
        """A hit in every utterance likely enough; certain where the bank was measured to be right so high."""
        places = call.window(scope.side, scope.where)
        if not places:
            return NOTHING
        scored = call.likeness
        about = scored.about(self.bank)
        limit = about.report_at if self.at_least is None else self.at_least
        found: dict[int, tuple[Hit, ...]] = {}
        for at in places:
            probability = scored.probability(at, self.bank)
            if probability >= limit and len(scored.texts[at]) >= SHORTEST:
                sure = about.certain_at is not None and probability >= max(about.certain_at, SURE)
                matched = scored.nearest(at, self.bank).text
                found[at] = (_hit(call, scope, at, (matched, probability, sure)),)
        return Found(found) if found else NOTHING


class LikeTexts:
    """Turns that are like one of a few texts. Nobody measured how often they are right: never certain."""

    def __init__(self, texts: tuple[str, ...], at_least: float | None = None) -> None:
        self.texts = texts
        self.at_least = ALIKE if at_least is None else at_least
        self._examples: Examples | None = None

    def find(self, call: Call, scope: Scope) -> Found:
        """A hit in every utterance that is enough like one of the texts."""
        if self._examples is None:
            self._examples = Examples(self.texts)
        found: dict[int, tuple[Hit, ...]] = {}
        for at in call.window(scope.side, scope.where):
            best = self._examples.nearest(call.texts[at].text)[0]
            if best.likeness >= self.at_least:
                found[at] = (_hit(call, scope, at, (best.text, best.likeness, False)),)
        return Found(found) if found else NOTHING


def condition(test: LikeTest) -> LikeBank | LikeTexts:
    """The condition that a `like` in a rule stands for."""
    if test.bank is not None:
        return LikeBank(test.bank, test.at_least)
    return LikeTexts(tuple(test.texts or ()), test.at_least)


def _hit(call: Call, scope: Scope, at: int, like: tuple[str, float, bool]) -> Hit:
    """A hit by (example, probability, whether that is sure enough); doubt in the words is doubt in it."""
    matched, probability, sure = like
    words = call.confidence(at, None)
    evidence = Evidence(
        "likeness",
        words=words,
        utterance=call.utterances[at].confidence,
        likeness=probability,
        role_trust=call.role_trust(at, scope.side),
        grave=scope.grave,
    )
    believed = sure and certain(evidence) and not call.perhaps_invented(at)
    return Hit(at, None, "likeness", matched, confidence=round(probability * words, 3), sure=believed)
