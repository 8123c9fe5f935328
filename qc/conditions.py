"""Conditions, compiled: each finds its hits in a call. Nothing here changes anything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Protocol, cast

from qc.call import Call
from qc.context.guards import GUARDS
from qc.facts import answer, needs_time
from qc.findings import How
from qc.hits import NOTHING, Found, Hit, placed
from qc.language.schema import CueTest, Fact, GuardName, Side, Where
from qc.matching.text import NormalText
from qc.matching.words import WordMatch, WordPattern

SURE_CONFIDENCE = 0.4  # below this a recogniser's words accuse nobody without a person
SURE_CUE = 0.6


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a condition looks: whose utterances, which window, and which guards apply."""

    side: Side
    where: Where | None = None
    guards: tuple[GuardName, ...] = ()

    def unguarded(self) -> "Scope":
        """The same without guards: what excuses someone need not be proven against."""
        return replace(self, guards=()) if self.guards else self


class Condition(Protocol):
    """Anything that can be looked for in a call."""

    def find(self, call: Call, scope: Scope) -> Found:
        """All hits in `call` within `scope`."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """A condition with its own speaker, window or guards."""

    inner: Condition
    side: Side | None = None
    where: Where | None = None
    guards: tuple[GuardName, ...] | None = None

    def find(self, call: Call, scope: Scope) -> Found:
        """The inner hits; asking for another speaker leaves the window of the rule, which was counted for its own."""
        where = self.where or (scope.where if self.side in (None, scope.side) else None)
        guards = scope.guards if self.guards is None else self.guards
        return self.inner.find(call, Scope(self.side or scope.side, where, guards))


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
    """Whether a guard takes the accusation out of a match; a denial may also stand inside, in one of its gaps."""
    guard = GUARDS[name]
    places = (match.start, *match.gap_ends) if name == "negated" else (match.start,)
    return any(guard(text, place, match.end, language) for place in places)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One or more of several conditions."""

    options: tuple[Condition, ...]

    def find(self, call: Call, scope: Scope) -> Found:
        """All hits of all options."""
        return placed(hit for option in self.options for hit in option.find(call, scope).all())


@dataclass(frozen=True, slots=True)
class AllOf:
    """All conditions and no exception in the same utterance; what holds for the call holds in each."""

    wanted: tuple[Condition, ...]
    unwanted: tuple[Condition, ...] = ()

    def find(self, call: Call, scope: Scope) -> Found:
        """The hits of the first wanted condition that has a place, where all others agree."""
        results = []
        for condition in self.wanted:
            result = condition.find(call, scope)
            if not result:
                return NOTHING
            results.append(result)
        with_place = [result for result in results if not result.whole]
        whole = tuple(hit for result in results for hit in result.whole)
        against = [condition.find(call, scope.unguarded()) for condition in self.unwanted]
        if any(result.whole for result in against):
            return NOTHING
        if not with_place:
            return NOTHING if any(against) else Found({}, whole[:1])
        places = set.intersection(*(set(result.placed) for result in with_place))
        places -= {at for result in against for at in result.placed}
        doubt = any(not hit.sure for hit in whole)
        return Found({at: tuple(_joined(with_place, at, doubt)) for at in sorted(places)})


def _joined(results: Sequence[Found], at: int, doubt: bool) -> Iterable[Hit]:
    """The first condition's hits, as unsure as the least sure of the rest, with the others' utterances."""
    rest = [max(result.placed[at], key=lambda hit: (hit.sure, hit.confidence)) for result in results[1:]]
    others = tuple(dict.fromkeys(other for hit in rest for other in hit.others))
    for hit in results[0].placed[at]:
        yield replace(
            hit,
            sure=hit.sure and not doubt and all(more.sure for more in rest),
            confidence=min((hit.confidence, *(more.confidence for more in rest))),
            others=tuple(dict.fromkeys((*hit.others, *others))),
        )


@dataclass(frozen=True, slots=True)
class InOrder:
    """`then` after `first`, near enough, with no `without` between."""

    first: Condition
    then: Condition
    within_utterances: int | None = None
    within_seconds: float | None = None
    without: Condition | None = None
    each: bool = False
    same: bool = False

    def find(self, call: Call, scope: Scope) -> Found:
        """Hits at the places of `then`; only the first of them unless `each`."""
        firsts = self.first.find(call, scope)
        thens = self.then.find(call, scope) if firsts else NOTHING
        if not thens.placed or not firsts.placed:
            return NOTHING
        blocked = self.without.find(call, scope.unguarded()) if self.without else NOTHING
        hits = []
        for at in sorted(thens.placed):
            for hit in thens.placed[at]:
                cause = self._cause(hit, at, firsts, blocked, call)
                if cause is not None:
                    hits.append(_after(hit, cause))
                    break
            if hits and not self.each:
                break
        return placed(hits)

    def _cause(self, hit: Hit, at: int, firsts: Found, blocked: Found, call: Call) -> Hit | None:
        """The latest `first` that this `then` may follow."""
        for before in sorted(firsts.placed, reverse=True):
            if before > at or (before == at and not self.same):
                continue
            if self.within_utterances is not None and at - before > self.within_utterances:
                return None
            if self.within_seconds is not None:
                gap = call.utterances[at].start - call.utterances[before].end
                if gap > self.within_seconds:
                    continue
            if any(before < between <= at for between in blocked.placed):
                return None
            for cause in firsts.placed[before]:
                if before < at or _stands_before(cause, hit):
                    return cause
        return None


def _stands_before(cause: Hit, hit: Hit) -> bool:
    return cause.span is not None and hit.span is not None and cause.span[1] <= hit.span[0]


def _after(hit: Hit, cause: Hit) -> Hit:
    before = (cause.utterance,) if cause.utterance is not None and cause.utterance != hit.utterance else ()
    return replace(
        hit,
        how="order",
        sure=hit.sure and cause.sure,
        confidence=min(hit.confidence, cause.confidence),
        others=tuple(dict.fromkeys((*before, *hit.others))),
    )


@dataclass(frozen=True, slots=True)
class Absent:
    """Something that must be said and was not."""

    inner: Condition

    def find(self, call: Call, scope: Scope) -> Found:
        """A hit at the first utterance of the window (the last, for a window at the end) when nothing is found."""
        window = call.window(scope.side, scope.where)
        if not window or self.inner.find(call, scope.unguarded()):
            return NOTHING
        at = window[-1] if scope.where is not None and scope.where.ending else window[0]
        heard = sum(call.confidence(place, None) for place in window) / len(window)
        unheard = any(side in (scope.side, "unknown") for side, _, _ in call.transcript.unheard)
        sure = heard >= SURE_CONFIDENCE and not unheard
        return placed([Hit(at, None, "absence", "", confidence=round(heard, 3), sure=sure)])


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same thing several times."""

    inner: Condition
    times: int
    within_utterances: int | None = None

    def find(self, call: Call, scope: Scope) -> Found:
        """One hit, at the place where the number was first reached."""
        found = self.inner.find(call, scope)
        hits = [found.placed[at][0] for at in sorted(found.placed)]
        for last in range(self.times - 1, len(hits)):
            row = hits[last - self.times + 1 : last + 1]
            first_at, last_at = cast(int, row[0].utterance), cast(int, row[-1].utterance)
            if self.within_utterances is None or last_at - first_at < self.within_utterances:
                others = tuple(cast(int, hit.utterance) for hit in row[:-1])
                sure = all(hit.sure for hit in row)
                confidence = min(hit.confidence for hit in row)
                return placed(
                    [replace(row[-1], how="repetition", others=others, sure=sure, confidence=confidence)]
                )
        return NOTHING


@dataclass(frozen=True, slots=True)
class NearBy:
    """Something in a neighbouring utterance."""

    inner: Condition
    before: int
    after: int

    def find(self, call: Call, scope: Scope) -> Found:
        """A hit in every utterance that has one of the inner hits at most so far before or after it."""
        found = self.inner.find(call, scope)
        hits: list[Hit] = []
        for source in sorted(found.placed):
            first, last = max(source - self.after, 0), min(source + self.before, len(call.utterances) - 1)
            best = found.placed[source][0]
            hits += [
                replace(
                    best,
                    utterance=at,
                    span=best.span if at == source else None,
                    others=(source,) if at != source else (),
                )
                for at in range(first, last + 1)
            ]
        return placed([*found.whole, *hits])


@dataclass(frozen=True, slots=True)
class Somewhere:
    """True of the whole call when the inner condition holds anywhere."""

    inner: Condition

    def find(self, call: Call, scope: Scope) -> Found:
        """The first inner hit, as a fact of the call that remembers its utterance."""
        hits = self.inner.find(call, scope).all()
        if not hits:
            return NOTHING
        best = max(hits, key=lambda hit: (hit.sure, hit.confidence))
        others = (best.utterance, *best.others) if best.utterance is not None else best.others
        return placed([replace(best, utterance=None, span=None, others=others)])


@dataclass(frozen=True, slots=True)
class Nowhere:
    """True of the whole call when the inner condition holds nowhere."""

    inner: Condition

    def find(self, call: Call, scope: Scope) -> Found:
        """A fact of the call."""
        if self.inner.find(call, scope.unguarded()):
            return NOTHING
        return placed([Hit(None, None, "absence", "")])


@dataclass(frozen=True, slots=True)
class CueHeard:
    """Cues strong, long and many enough."""

    test: CueTest

    def find(self, call: Call, scope: Scope) -> Found:
        """One hit for each such cue."""
        test = self.test
        both_sides = test.kind in ("dead_air", "overlap")
        cues = [
            cue
            for cue in call.cues
            if cue.kind == test.kind
            and (both_sides or scope.side == "any" or cue.speaker in (scope.side, "unknown"))
            and (test.min_value is None or cue.value >= test.min_value)
            and (test.max_value is None or cue.value <= test.max_value)
            and (test.min_seconds is None or cue.end - cue.start >= test.min_seconds)
        ]
        if len(cues) < test.times:
            return NOTHING
        return placed(
            Hit(
                cue.utterances[0] if cue.utterances else None, None, "cue", f"{cue.kind} {cue.value:g} {cue.unit}".strip(),
                confidence=cue.confidence, sure=cue.confidence >= SURE_CUE,
                others=cue.utterances[1:], start=cue.start, end=cue.end,
            )
            for cue in cues
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactHolds:
    """A fact of the call record."""

    fact: Fact

    def find(self, call: Call, _scope: Scope) -> Found:
        """A fact of the call; where the record cannot say, nothing, and the call remembers that."""
        judged = answer(self.fact, call.record, call.zone)
        if judged is None:
            call.untimed_facts = call.untimed_facts or needs_time(self.fact)
            return NOTHING
        if not judged.holds:
            return NOTHING
        return placed(
            [Hit(None, None, "fact", judged.measured[1], sure=judged.sure, measured=judged.measured)]
        )


@dataclass(frozen=True, slots=True)
class AlreadyFound:
    """Findings of a category made by rules that ran before."""

    patterns: tuple[str, ...]

    def find(self, call: Call, _scope: Scope) -> Found:
        """A hit at the place of each such finding."""
        return placed(
            Hit(
                finding.utterances[0] if finding.utterances else None, None, finding.how, finding.category,
                confidence=finding.confidence, sure=finding.status == "certain", start=finding.start, end=finding.end,
            )
            for finding in call.findings
            if any(fnmatchcase(finding.category, pattern) for pattern in self.patterns)
        )  # fmt: skip


@dataclass(slots=True)
class Concept:
    """A named condition; filled after all names are known."""

    name: str
    inner: Condition | None = field(default=None)

    def find(self, call: Call, scope: Scope) -> Found:
        """The hits of the condition that the name stands for."""
        if self.inner is None:
            raise LookupError(self.name)
        return self.inner.find(call, scope)
