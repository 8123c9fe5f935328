"""What must hold for every start, limit and pause, over the holidays of 2026 and into a year unannounced."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from complaint_warnings.clocks.calendars import Calendars
from complaint_warnings.clocks.deadlines import deadlines
from complaint_warnings.clocks.limits import Limit
from complaint_warnings.clocks.policy import Allowance, Warn, default_policy
from complaint_warnings.clocks.types import Happening
from complaint_warnings.clocks.worktime import Pause, WorkTime

from .stories import SHANGHAI

CHINA = Calendars().of("CN")
WORK = WorkTime(CHINA, time(9), time(18), SHANGHAI)
MINUTE = timedelta(minutes=1)

moments = st.integers(0, 400 * 24 * 60).map(lambda m: datetime(2025, 12, 20, tzinfo=UTC) + m * MINUTE)
allowances = st.one_of(
    st.floats(0.5, 200).map(lambda n: Allowance(hours=n)),
    st.floats(0.5, 80).map(lambda n: Allowance(working_hours=n)),
    st.integers(1, 20).map(lambda n: Allowance(working_days=n)),
    st.integers(1, 60).map(lambda n: Allowance(days=n)),
)
lengths = st.integers(1, 12 * 24 * 60).map(lambda m: m * MINUTE)
gaps = st.integers(0, 5 * 24 * 60).map(lambda m: m * MINUTE)


@st.composite
def with_pauses(draw: st.DrawFn) -> tuple[datetime, list[Pause]]:
    """A start, and pauses after it that follow each other."""
    start = draw(moments)
    at, found = start, []
    for gap, length in draw(st.lists(st.tuples(gaps, lengths), max_size=4)):
        found.append(Pause(at + gap, at + gap + length))
        at = at + gap + length
    return start, found


def due(start: datetime, allowance: Allowance, pauses: list[Pause] | None = None) -> datetime:
    reached = Limit(WORK, start, allowance).stopped_by(pauses or [])
    assert reached is not None
    return reached.at


@given(moments, allowances, st.integers(0, 30 * 24 * 60))
def test_who_starts_later_is_never_due_earlier(start: datetime, allowance: Allowance, later: int):
    assert due(start, allowance) <= due(start + later * MINUTE, allowance)


@given(with_pauses(), allowances, st.integers(0, 10 * 24 * 60))
def test_also_with_pauses(told: tuple[datetime, list[Pause]], allowance: Allowance, later: int):
    start, pauses = told
    assert due(start, allowance, pauses) <= due(start + later * MINUTE, allowance, pauses)


@given(with_pauses(), allowances, gaps, lengths)
def test_more_pause_is_never_due_earlier(
    told: tuple[datetime, list[Pause]], allowance: Allowance, gap: timedelta, length: timedelta
):
    start, pauses = told
    more = [*pauses, Pause(start + gap, start + gap + length)]
    assert due(start, allowance) <= due(start, allowance, pauses) <= due(start, allowance, more)


@given(moments, allowances, gaps, lengths, st.floats(0, 1))
def test_two_pauses_without_a_gap_are_one(
    start: datetime, allowance: Allowance, gap: timedelta, length: timedelta, part: float
):
    begins, ends = start + gap, start + gap + length
    middle = begins + timedelta(seconds=round(length.total_seconds() * part))
    whole, halves = [Pause(begins, ends)], [Pause(begins, middle), Pause(middle, ends)]
    assert due(start, allowance, whole) == due(start, allowance, halves)


@given(moments, allowances, gaps, lengths)
def test_a_pause_after_the_limit_changes_nothing(
    start: datetime, allowance: Allowance, gap: timedelta, length: timedelta
):
    ends = due(start, allowance)
    assert due(start, allowance, [Pause(ends + gap, ends + gap + length)]) == ends


@given(moments, st.floats(0.5, 200), gaps, lengths)
def test_a_pause_moves_hours_of_the_wall_by_its_length(
    start: datetime, hours: float, gap: timedelta, length: timedelta
):
    allowance = Allowance(hours=hours)
    begins = start + gap
    if begins < due(start, allowance):
        assert due(start, allowance, [Pause(begins, begins + length)]) == due(start, allowance) + length


@given(moments, st.integers(1, 20))
def test_working_days_end_at_the_closing_of_a_working_day(start: datetime, days: int):
    ends = due(start, Allowance(working_days=days)).astimezone(SHANGHAI)
    assert (ends.hour, ends.minute) == (18, 0)
    assert CHINA.day(ends.date()).working
    passed = [CHINA.day(start.astimezone(SHANGHAI).date() + timedelta(days=n)) for n in range(1, 60)]
    assert sum(day.working for day in passed if day.date <= ends.date()) == days


@given(moments, allowances)
def test_it_is_official_only_where_every_day_counted_is(start: datetime, allowance: Allowance):
    reached = Limit(WORK, start, allowance).due()
    by_work = allowance.working_days is not None or allowance.working_hours is not None
    unknown = reached.at.astimezone(SHANGHAI).year > 2026 and by_work
    assert reached.official == (not unknown)


@given(with_pauses(), allowances, st.integers(1, 99))
def test_warnings_come_between_the_start_and_the_limit(
    told: tuple[datetime, list[Pause]], allowance: Allowance, percent: int
):
    start, pauses = told
    (mark,) = Limit(WORK, start, allowance).marks([Warn(after_percent=percent)], pauses)
    assert start < mark.at < due(start, allowance, pauses)


@given(moments, allowances, gaps)
def test_a_pause_that_lasts_stops_the_clock(start: datetime, allowance: Allowance, gap: timedelta):
    reached = Limit(WORK, start, allowance).stopped_by([Pause(start + gap, None)])
    assert (reached is None) == (start + gap < due(start, allowance))


ACTIONS = (
    "sign", "send_back", "report_again", "collect", "form_team", "plan", "contact", "resolve", "close",
    "reopen", "hold", "resume", "set_deadline", "extend_deadline", "callback", "level_raised", "note",
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[Happening]:
    """Events in any order, also such as the door of the cases would refuse."""
    at = draw(moments)
    found: list[Happening] = []
    closed = False
    for action in ["opened", *draw(st.lists(st.sampled_from(ACTIONS), max_size=14))]:
        closed = action == "close" or (closed and action != "reopen")
        clock = draw(st.sampled_from(["settle", "regulator", "review"]))
        by_hand = draw(st.none() | moments)
        found.append(
            Happening(
                seq=len(found) + 1,
                at=at,
                action=action,
                actor="p",
                state="closed" if closed else "reported",
                kind="complaint",
                level=draw(st.sampled_from(["low", "high"])),
                source=draw(st.sampled_from(["complaint", "regulator"])),
                complexity=draw(st.sampled_from(["general", "complex"])),
                details={
                    "kind": clock,
                    "due": by_hand.isoformat() if by_hand else None,
                    "satisfaction": draw(st.integers(1, 5)),
                    "reached": True,
                },
            )
        )
        at += draw(gaps)
    return found


@given(histories())
def test_any_history_gives_deadlines_that_make_sense(history: list[Happening]):
    found = deadlines(history, default_policy(), Calendars(), SHANGHAI)
    assert found == deadlines(history, default_policy(), Calendars(), SHANGHAI)
    for deadline in found:
        assert not (deadline.met_at and deadline.ended_at)
        assert deadline.starts_at <= deadline.counted_from
        assert all(deadline.due_at is None or mark.at < deadline.due_at for mark in deadline.marks)
        late = deadline.met_at and deadline.due_at and deadline.met_at > deadline.due_at
        assert not late or deadline.breached_at is not None
    for name in {deadline.clock for deadline in found}:
        runs = [deadline for deadline in found if deadline.clock == name]
        assert [run.number for run in runs] == list(range(1, len(runs) + 1))
        assert all(run.over for run in runs[:-1])


@settings(max_examples=40)
@given(histories())
def test_what_happened_later_does_not_take_a_miss_back(history: list[Happening]):
    for length in range(1, len(history) + 1):
        before = deadlines(history[:length], default_policy(), Calendars(), SHANGHAI)
        after = {(d.clock, d.number): d for d in deadlines(history, default_policy(), Calendars(), SHANGHAI)}
        for deadline in before:
            if deadline.breached_at is not None:
                assert after[deadline.clock, deadline.number].breached_at == deadline.breached_at
