"""From what happened in a case to its deadlines. Pure: the same events, policy and calendar give the same.

Each clock is followed through the events in their order. What is decided after a limit was missed changes
nothing about that limit, except a date set by hand, which always wins; and even that leaves it on record
that the limit was missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from complaint_warnings.clocks.calendars import Calendars
from complaint_warnings.clocks.limits import Limit, manual_marks, manual_of
from complaint_warnings.clocks.measures import measure_deadlines
from complaint_warnings.clocks.policy import ClockPolicy, Policy, Rule, Trigger
from complaint_warnings.clocks.types import Deadline, Extended, Happening, Manual
from complaint_warnings.clocks.worktime import Pause, Reached, WorkTime

OPENED = "opened"


def deadlines(
    happenings: Sequence[Happening], policy: Policy, calendars: Calendars, zone: ZoneInfo
) -> tuple[Deadline, ...]:
    """All runs of all clocks of a case, in the order of the policy; those of the plan's measures at the end.

    Args:
        happenings: the events of the case from the first on.
        policy: with the profile of the case's client, if it has one.
        calendars: of the installation.
        zone: the house's time zone.
    """
    calendar = calendars.of(policy.calendar)
    work = WorkTime(calendar, policy.hours.opens, policy.hours.closes, zone)
    paused = pauses(happenings)
    found: list[Deadline] = []
    for name, clock in policy.clocks.items():
        follower = _Follower(name, clock, policy, work, paused if clock.pausable else ())
        found += follower.through(happenings)
    return (*found, *measure_deadlines(happenings, policy))


def pauses(happenings: Sequence[Happening]) -> tuple[Pause, ...]:
    """The stretches in which the case was on hold; closing the case ends one as well."""
    found: list[Pause] = []
    for event in happenings:
        held = bool(found) and found[-1].ends is None
        if event.action == "hold" and not held:
            reason = str(event.details.get("reason", ""))
            found.append(Pause(event.at, None, reason, event.actor))
        elif held and (event.action == "resume" or event.state == "closed"):
            last = found[-1]
            found[-1] = Pause(last.begins, event.at, last.reason, last.by)
    return tuple(found)


@dataclass
class _Run:
    """One run of a clock while it is followed. `counted_from` moves when a stricter rule comes to apply;
    `due` is reckoned anew whenever something moves it."""

    number: int
    starts_at: datetime
    counted_from: datetime
    rule: Rule
    extensions: list[Extended] = field(default_factory=list)
    steps: int = 0
    manual: Manual | None = None
    met_at: datetime | None = None
    ended_at: datetime | None = None
    breached_at: datetime | None = None
    due: Reached | None = None

    @property
    def awaited(self) -> bool:
        return self.met_at is None and self.ended_at is None


@dataclass
class _Follower:
    """Follows one clock through the events of a case."""

    name: str
    clock: ClockPolicy
    policy: Policy
    work: WorkTime
    pauses: tuple[Pause, ...]
    runs: list[_Run] = field(default_factory=list)

    def through(self, happenings: Sequence[Happening]) -> list[Deadline]:
        fitted = False
        for event in happenings:
            rule = self._rule_for(event)
            run = self.runs[-1] if self.runs and self.runs[-1].awaited else None
            if run is not None:
                self._note_breach(run, event.at)
                self._take(run, event, rule)
            begins = self._start(event, newly=rule is not None and not fitted)
            if begins is not None and rule is not None and self._may_start(event):
                self.runs.append(_Run(len(self.runs) + 1, begins, begins, rule))
                self._reckon(self.runs[-1])
            fitted = rule is not None
        return [self._told(run) for run in self.runs]

    def _may_start(self, event: Happening) -> bool:
        states = self.clock.starts_in
        if event.state == "closed" or (states and event.state not in states):
            return False
        return not (self.runs and self.runs[-1].awaited)

    def _rule_for(self, event: Happening) -> Rule | None:
        for rule in self.clock.rules:
            if rule.when.fits(
                kind=event.kind, level=event.level, source=event.source, complexity=event.complexity
            ):
                return rule
        return None

    def _start(self, event: Happening, *, newly: bool) -> datetime | None:
        """From when the time counts if this event starts the clock."""
        for trigger in self.clock.starts:
            if newly if trigger.action == OPENED else trigger.fits(event.action, event.details):
                return _moment(event, trigger)
        return None

    def _note_breach(self, run: _Run, now: datetime) -> None:
        if run.breached_at is None and run.due is not None and now > run.due.at:
            run.breached_at = run.due.at

    def _take(self, run: _Run, event: Happening, rule: Rule | None) -> None:
        """What one event does to a run that is awaited."""
        if self._meets(run, event):
            run.met_at = event.at
        elif event.state == "closed" or rule is None:
            run.ended_at = event.at
        elif event.action == "set_deadline" and event.details.get("kind") == self.name:
            run.manual = manual_of(event)
            self._reckon(run)
        elif event.action == "extend_deadline" and event.details.get("kind") == self.name:
            self._extend(run, event)
        elif rule is not run.rule and run.breached_at is None:
            self._change_rule(run, rule, event)

    def _meets(self, run: _Run, event: Happening) -> bool:
        """Whether the event is what the clock waits for. Where the time counts from an arrival, a talk from
        before it is not."""
        if not any(trigger.fits(event.action, event.details) for trigger in self.clock.met_by):
            return False
        told = event.details.get("at")
        arrival = any(trigger.from_field for trigger in self.clock.starts)
        return not (arrival and isinstance(told, str) and datetime.fromisoformat(told) < run.starts_at)

    def _extend(self, run: _Run, event: Happening) -> None:
        if run.breached_at is None and run.steps < len(run.rule.extensions):
            roles = run.rule.extensions[run.steps].roles
            reason = str(event.details.get("reason", ""))
            run.extensions.append(Extended(event.seq, event.at, event.actor, reason, roles))
            run.steps += 1
            self._reckon(run)

    def _change_rule(self, run: _Run, rule: Rule, event: Happening) -> None:
        """The case became another sort of case. More time counts from the start as ever; less time counts
        from the change, so that nothing is overdue the moment it is asked for, and never gives more."""
        before = self._limit(run).due()
        changed = _Run(run.number, run.starts_at, run.counted_from, rule)
        if self._limit(changed).due().at < before.at:
            changed.counted_from = max(run.counted_from, self._start(event, newly=True) or event.at)
            if self._limit(changed).due().at >= before.at:
                return
        run.counted_from, run.rule, run.steps = changed.counted_from, rule, 0
        self._reckon(run)

    def _limit(self, run: _Run) -> Limit:
        time = run.rule.extensions[run.steps - 1].to if run.steps else run.rule.time
        return Limit(self.work, run.counted_from, time, run.rule.last_day)

    def _reckon(self, run: _Run) -> None:
        if run.manual is not None and run.manual.due is not None:
            run.due = Reached(run.manual.due, official=True)
        else:
            run.due = self._limit(run).stopped_by(self.pauses)

    def _told(self, run: _Run) -> Deadline:
        limit, due = self._limit(run), run.due
        by_rule = limit.stopped_by(self.pauses)
        by_hand = run.manual is not None and run.manual.due is not None
        marks = (
            manual_marks(run.manual, self.clock.warn)
            if by_hand and run.manual
            else limit.marks(self.clock.warn, self.pauses)
        )
        until = run.met_at or run.ended_at or (due.at if due else None)
        return Deadline(
            clock=self.name,
            number=run.number,
            title=self.clock.title,
            starts_at=run.starts_at,
            counted_from=run.counted_from,
            time=limit.time,
            due_at=due.at if due else None,
            rule_due_at=by_rule.at if by_rule else None,
            marks=tuple(mark for mark in marks if due is None or mark.at < due.at),
            pauses=_within(self.pauses, run.counted_from, until),
            extensions=tuple(run.extensions),
            manual=run.manual,
            met_at=run.met_at,
            ended_at=run.ended_at,
            breached_at=run.breached_at,
            provisional=not by_hand and by_rule is not None and not by_rule.official,
            escalate_every=self.clock.escalate.every,
            rungs=self.clock.escalate.rungs,
            basis=run.rule.basis,
            policy=self.policy.name,
        )


def _moment(event: Happening, trigger: Trigger) -> datetime:
    """From when an event counts: what its document says, where that is earlier than the entry."""
    told = event.details.get(trigger.from_field) if trigger.from_field else None
    if not isinstance(told, str):
        return event.at
    return min(datetime.fromisoformat(told), event.at)


def _within(pauses: Sequence[Pause], since: datetime, until: datetime | None) -> tuple[Pause, ...]:
    """The pauses that had a part in the time."""
    return tuple(
        pause
        for pause in pauses
        if (pause.ends is None or pause.ends > since) and (until is None or pause.begins < until)
    )
