"""Conditions on states: what was said before and still stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from qc.call import Call
from qc.conditions.base import Condition, Scope
from qc.context.others import of_others
from qc.findings import StateOfCall
from qc.hits import NOTHING, Found, Hit, placed
from qc.language.base import Side
from qc.language.statuses import STATUSES, Status
from qc.likeness.model import MODEL_LANGUAGES
from qc.likeness.opinion import speaks_for
from qc.state import Event, in_order, standing_at

# Who changes a state to what, unless the condition names another speaker.
SPEAKERS: Mapping[Status, Side] = {
    "open": "customer",
    "acknowledged": "agent",
    "resolved": "agent",
    "withdrawn": "customer",
}
# What the changes of a state are called in a pack.
CHANGES: Mapping[str, Status] = {
    "opened": "open",
    "acknowledged": "acknowledged",
    "resolved": "resolved",
    "withdrawn": "withdrawn",
}


@dataclass(slots=True)
class Machine:
    """A state of a pack: what in a call changes it. `changes` is filled after all names are known.
    `looks_back`: some of it are findings, so that it may change while the rules run."""

    name: str
    matter: str
    language: str
    changes: dict[Status, Condition] = field(default_factory=dict)
    looks_back: bool = True

    def events(self, call: Call) -> tuple[Event, ...]:
        """All that may change the state, in the order in which it was said. What excuses is looked for
        without guards and need not be proven; what opens is as sure as its finding."""
        if self.looks_back:
            return self._events(call)
        found = call.events.get(self.name)
        if found is None:
            found = call.events[self.name] = self._events(call)
        return found

    def _events(self, call: Call) -> tuple[Event, ...]:
        events: list[Event] = []
        for status in STATUSES:
            condition = self.changes.get(status)
            if condition is not None:
                hits = condition.find(call, Scope(SPEAKERS[status])).all()
                events += [Event(status, hit) for hit in hits if hit.utterance is not None]
            if not events:
                return ()  # nothing opens it
        return in_order(events)

    def at_the_end(self, call: Call) -> StateOfCall | None:
        """How the state stands when the call ends; None where nothing opened it."""
        now = standing_at(self.events(call))
        if now is None or now.opener.utterance is None or now.by.utterance is None:
            return None
        ids = [call.utterances[hit.utterance].id for hit in (now.opener, now.by) if hit.utterance is not None]
        return StateOfCall(self.name, self.matter, now.status, ids[0], ids[1], now.opener.sure)


@dataclass(frozen=True, slots=True)
class InState:
    """The utterances in which a state stands in one of some ways."""

    machine: Machine
    wanted: Sequence[Status]

    def find(self, call: Call, scope: Scope) -> Found:
        """A hit in each of them that names the utterance which opened the state."""
        events = self._weighed(call)
        if not any(event.to == "open" for event in events):
            return NOTHING
        return placed(
            hit for at in call.window(scope.side, scope.where) for hit in self._at(at, events, call)
        )

    def _weighed(self, call: Call) -> tuple[Event, ...]:
        """What changed the state. What opened it makes certain of what follows only where the examples bear
        it out: one turn taken for an illness would make a fault of every demand that comes after it."""
        events = self.machine.events(call)
        if not call.consults_examples or self.machine.language not in MODEL_LANGUAGES:
            return events
        return tuple(
            replace(event, hit=replace(event.hit, sure=False))
            if event.to == "open" and event.hit.sure and not _borne_out(event.hit, call)
            else event
            for event in events
        )

    def _at(self, at: int, events: tuple[Event, ...], call: Call) -> Sequence[Hit]:
        now = standing_at(events, at)
        if now is None or now.status not in self.wanted or now.opener.utterance is None:
            return ()
        opener = now.opener
        return (
            Hit(
                at,
                None,
                "order",
                opener.matched,
                confidence=opener.confidence,
                sure=opener.sure,
                others=(now.opener.utterance,) if now.opener.utterance != at else (),
                measured=opener.measured,
                since=str(call.utterances[now.opener.utterance].id),
                cause=opener,
            ),
        )


def _borne_out(opener: Hit, call: Call) -> bool:
    """Whether what opened a state can bear what follows: words, not likeness alone, which do not tell of
    others, and for which the examples speak. Words without a finding have no examples to ask."""
    if opener.bank is None or opener.utterance is None:
        return True
    if opener.how == "likeness" or of_others(call.texts[opener.utterance].text):
        return False
    return speaks_for(call.likeness, opener.utterance, opener.bank)
