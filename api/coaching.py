"""Coaching tasks as people are shown them, on the command line and over HTTP alike."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.words import Words
from qc.coaching.compare import Change, Comparison, Share
from qc.coaching.effect import Effect
from qc.coaching.models import CoachingTaskRow

STATES = {
    "open": Words("进行中", "open"),
    "done": Words("已完成", "done"),
    "cancelled": Words("已取消", "cancelled"),
}
CHANGES: dict[Change, Words] = {
    "better": Words("有改善", "better"),
    "worse": Words("变差", "worse"),
    "unclear": Words("尚看不出差别", "no clear difference"),
    "too_few": Words("通话太少，不作结论", "too few calls to say"),
}
TASK: dict[str, Any] = {
    "id": 4,
    "ticket_id": 9,
    "source": "central-recorder",
    "collector": "A2107",
    "team": "T2",
    "category": "threat",
    "goal": "不提工作单位，不提上门",
    "due_on": "2026-03-20",
    "coach": "boss",
    "follow_up": 5,
    "window_days": 14,
    "state": "open",
    "created_by": "boss",
    "created_at": "2026-03-05T02:30:00Z",
    "ended_by": None,
    "ended_at": None,
    "evidence": None,
    "draw_id": None,
}
_SHARE: dict[str, Any] = {"calls": 40, "violating": 12, "share": 0.3, "low": 0.1807, "high": 0.4543}
_COMPARISON: dict[str, Any] = {
    "before": _SHARE,
    "after": {"calls": 35, "violating": 2, "share": 0.0571, "low": 0.0158, "high": 0.1861},
    "difference": -0.2429,
    "low": -0.4026,
    "high": -0.0673,
    "change": "better",
}
EFFECT: dict[str, Any] = {
    "since": "2026-02-10T02:30:00Z",
    "until": "2026-04-11T02:30:00Z",
    "machine": _COMPARISON,
    "people": _COMPARISON,
}


class TaskOut(BaseModel):
    """A coaching task."""

    model_config = ConfigDict(json_schema_extra={"examples": [TASK]})

    id: int
    ticket_id: int | None
    source: str
    collector: str
    team: str | None
    category: str
    goal: str
    due_on: date
    coach: str | None
    follow_up: int = Field(description="so many calls are drawn and reviewed after it was done")
    window_days: int = Field(description="of the calls of so many days after it was done")
    state: Literal["open", "done", "cancelled"]
    created_by: str
    created_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    evidence: str | None = Field(description="how it can be seen that it was done, or why it was called off")
    draw_id: int | None = Field(description="the draw of the follow-up calls")


class ShareOut(BaseModel):
    """Of so many calls, those with the violation."""

    calls: int
    violating: int
    share: float | None
    low: float = Field(description="lower end of Wilson's 95 % interval")
    high: float


class ComparisonOut(BaseModel):
    """Before and after; `difference` below 0: fewer violations. Newcombe's 95 % interval."""

    before: ShareOut
    after: ShareOut
    difference: float | None
    low: float | None
    high: float | None
    change: Change


class EffectOut(BaseModel):
    """What a coaching changed, by the machine's findings and by final reviews of people."""

    model_config = ConfigDict(json_schema_extra={"examples": [EFFECT]})

    since: datetime
    until: datetime
    machine: ComparisonOut
    people: ComparisonOut


def task_out(row: CoachingTaskRow) -> TaskOut:
    """A task."""
    return TaskOut(**{name: getattr(row, name) for name in TaskOut.model_fields})


def effect_out(made: Effect) -> EffectOut:
    """Both comparisons."""
    return EffectOut(
        since=made.since,
        until=made.until,
        machine=_comparison(made.machine),
        people=_comparison(made.people),
    )


def _comparison(made: Comparison) -> ComparisonOut:
    return ComparisonOut(
        before=_share(made.before),
        after=_share(made.after),
        difference=made.difference,
        low=made.low,
        high=made.high,
        change=made.change,
    )


def _share(each: Share) -> ShareOut:
    low, high = each.interval
    return ShareOut(calls=each.calls, violating=each.violating, share=each.value, low=low, high=high)
