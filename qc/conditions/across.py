"""Conditions that look at more than one utterance: order, absence, repetition, neighbourhood."""

from dataclasses import dataclass, replace
from typing import cast

from qc import wording
from qc.call import Call
from qc.conditions.base import Condition, Scope, following, speaker_of
from qc.hits import NOTHING, Found, Hit, placed
from qc.trust import Evidence, certain


@dataclass(frozen=True, slots=True)
class InOrder:
    """`then` after `first`, near enough, with `between` and no `without` between."""

    first: Condition
    then: Condition
    within_utterances: int | None = None
    within_seconds: float | None = None
    without: Condition | None = None
    each: bool = False
    same: bool = False
    between: Condition | None = None

    def find(self, call: Call, scope: Scope) -> Found:
        """Hits at the places of `then`; only the first of them unless `each`."""
        firsts = self.first.find(call, scope)
        thens = self.then.find(call, scope) if firsts else NOTHING
        if not thens.placed or not firsts.placed:
            return NOTHING
        blocked = self.without.find(call, scope.strict().unguarded()) if self.without else NOTHING
        needed = self.between.find(call, scope) if self.between else None
        hits = []
        for at in sorted(thens.placed):
            for hit in thens.placed[at]:
                cause = self._cause(hit, at, firsts, blocked, needed, call)
                if cause is not None:
                    hits.append(following(hit, cause, call))
                    break
            if hits and not self.each:
                break
        return placed(hits)

    def _cause(
        self, hit: Hit, at: int, firsts: Found, blocked: Found, needed: Found | None, call: Call
    ) -> Hit | None:
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
            middle = [place for place in needed.placed if before < place <= at] if needed else []
            if needed is not None and not middle:
                continue
            for cause in firsts.placed[before]:
                if before < at or _stands_before(cause, hit):
                    return _joined_by(cause, needed.placed[min(middle)]) if needed else cause
        return None


def _joined_by(cause: Hit, between: tuple[Hit, ...]) -> Hit:
    """The cause, no surer than what had to come after it, with its utterance."""
    middle = max(between, key=lambda hit: (hit.sure, hit.confidence))
    others = (middle.utterance,) if middle.utterance is not None else ()
    return replace(
        cause,
        sure=cause.sure and middle.sure,
        confidence=min(cause.confidence, middle.confidence),
        others=(*cause.others, *others),
    )


def _stands_before(cause: Hit, hit: Hit) -> bool:
    return cause.span is not None and hit.span is not None and cause.span[1] <= hit.span[0]


def _said(inner: Condition, call: Call, scope: Scope) -> bool:
    """Whether what must be missing is there, or was probably said and heard badly."""
    if inner.find(call, scope.strict().unguarded()):
        return True
    doubtful = call.recognised and not scope.loose
    return doubtful and bool(inner.find(call, replace(scope.unguarded(), loose=True)))


@dataclass(frozen=True, slots=True)
class Absent:
    """Something that must be said and was not."""

    inner: Condition

    def find(self, call: Call, scope: Scope) -> Found:
        """A hit at the first utterance of the window (the last, if it is at the end) when none is found."""
        window = call.window(scope.side, scope.where)
        if not window or _said(self.inner, call, scope):
            return NOTHING
        at = window[-1] if scope.where is not None and scope.where.ending else window[0]
        heard, doubted = call.heard_in(window)
        trust = call.role_trust(at, scope.side)
        sure = certain(Evidence("absence", words=heard, doubted=doubted, role_trust=trust))
        return placed(
            [
                Hit(
                    at,
                    None,
                    "absence",
                    wording.window(scope.where, call.language),
                    confidence=round(heard, 3),
                    sure=sure and not call.missed(scope.side, window),
                )
            ]
        )


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same thing several times."""

    inner: Condition
    times: int
    within_utterances: int | None = None
    within_seconds: float | None = None

    def find(self, call: Call, scope: Scope) -> Found:
        """One hit, at the place where the number was first reached."""
        found = self.inner.find(call, scope)
        hits = [found.placed[at][0] for at in sorted(found.placed)]
        for last in range(self.times - 1, len(hits)):
            row = hits[last - self.times + 1 : last + 1]
            first_at, last_at = cast(int, row[0].utterance), cast(int, row[-1].utterance)
            near = self.within_utterances is None or last_at - first_at < self.within_utterances
            seconds = call.utterances[last_at].start - call.utterances[first_at].start
            if near and (self.within_seconds is None or seconds <= self.within_seconds):
                others = tuple(cast(int, hit.utterance) for hit in row[:-1])
                sure = all(hit.sure for hit in row)
                confidence = min(hit.confidence for hit in row)
                matched = wording.times(row[-1], self.times, speaker_of(row[-1], call), call.language)
                return placed(
                    [
                        replace(
                            row[-1],
                            how="repetition",
                            matched=matched,
                            others=others,
                            sure=sure,
                            confidence=confidence,
                        )
                    ]
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
        if _said(self.inner, call, scope):
            return NOTHING
        return placed([Hit(None, None, "absence", wording.window(scope.where, call.language))])
