"""What every condition has, and how conditions are put together in one utterance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from qc import wording
from qc.call import Call
from qc.hits import NOTHING, Found, Hit, placed
from qc.language.base import GuardName, Side
from qc.language.condition import Where
from transcription.types import Speaker


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a condition looks: whose utterances, which window, and which guards apply. `grave`: for a
    critical rule, whose evidence must be better. `loose`: for doubt only, so that less will do."""

    side: Side
    where: Where | None = None
    guards: tuple[GuardName, ...] = ()
    grave: bool = False
    loose: bool = False

    def unguarded(self) -> "Scope":
        """The same without guards: what excuses someone need not be proven against."""
        return replace(self, guards=()) if self.guards else self

    def strict(self) -> "Scope":
        """The same without doubt: what excuses someone must have been said."""
        return replace(self, loose=False) if self.loose else self


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
        """The inner hits."""
        return self.inner.find(call, self.scope(scope))

    def scope(self, scope: Scope) -> Scope:
        """Where the inner condition looks. Another speaker is not bound to the window of the rule: that
        counts its side."""
        where = self.where or (scope.where if self.side in (None, scope.side) else None)
        guards = scope.guards if self.guards is None else self.guards
        return replace(scope, side=self.side or scope.side, where=where, guards=guards)


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
        # What was said is the evidence; the state in which it was said comes second.
        with_place = sorted((result for result in results if not result.whole), key=_is_state)
        whole = tuple(hit for result in results for hit in result.whole)
        against = [condition.find(call, scope.strict().unguarded()) for condition in self.unwanted]
        if any(result.whole for result in against):
            return NOTHING
        if not with_place:
            return NOTHING if any(against) else Found({}, whole[:1])
        places = set.intersection(*(set(result.placed) for result in with_place))
        places -= {at for result in against for at in result.placed}
        return Found({at: tuple(_joined(with_place, at, whole, call)) for at in sorted(places)})


def _is_state(result: Found) -> bool:
    return any(hit.cause is not None for hits in result.placed.values() for hit in hits)


def _joined(results: Sequence[Found], at: int, whole: Sequence[Hit], call: Call) -> Iterable[Hit]:
    """The first condition's hits, as unsure as the least sure of the rest, with the others' utterances."""
    doubt = any(not hit.sure for hit in whole)
    rest = [max(result.placed[at], key=lambda hit: (hit.sure, hit.confidence)) for result in results[1:]]
    others = tuple(dict.fromkeys(other for hit in rest for other in hit.others))
    state = next((hit for hit in rest if hit.cause is not None), None)
    for hit in results[0].placed[at]:
        joined = replace(
            hit,
            sure=hit.sure and not doubt and all(more.sure for more in rest),
            confidence=min((hit.confidence, *(more.confidence for more in rest))),
            others=tuple(dict.fromkeys((*hit.others, *others))),
            since=hit.since or next((fact.since for fact in whole if fact.since), None),
        )
        if state is None or state.cause is None or hit.cause is not None:
            yield joined
        else:
            yield replace(following(joined, state.cause, call), since=state.since)


def speaker_of(hit: Hit, call: Call) -> Speaker | None:
    """Who said it; None for facts of the call."""
    return None if hit.utterance is None else call.utterances[hit.utterance].speaker


def following(hit: Hit, cause: Hit, call: Call) -> Hit:
    """The hit as what came after its cause: no surer than that, with both utterances."""
    before = (cause.utterance,) if cause.utterance is not None and cause.utterance != hit.utterance else ()
    return replace(
        hit,
        how="order",
        matched=wording.after(cause, hit, (speaker_of(cause, call), speaker_of(hit, call)), call.language),
        sure=hit.sure and cause.sure,
        confidence=min(hit.confidence, cause.confidence),
        others=tuple(
            other for other in dict.fromkeys((*before, *cause.others, *hit.others)) if other != hit.utterance
        ),
    )


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
