"""What may be deleted on a date, and why not: pure, over what is known of a call or a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pipeline.retention.policy import DataClass, OfCall, Policy, Rule, Span

# In this order; the first that holds is the one that is said.
Why = Literal[
    "time_unknown", "forever", "not_due", "hold", "complaint", "case", "ticket", "in_work",
    "transcript_needed", "calls",
]  # fmt: skip
WHY: Final[dict[Why, tuple[str, str]]] = {
    "time_unknown": (
        "通话时间不明，不按期限删除",
        "its time is unknown, so that no period is known to be over",
    ),
    "forever": ("按规定永久保存", "the policy keeps it forever"),
    "not_due": ("保存期未满", "its time is not over"),
    "hold": ("证据保全", "on legal hold"),
    "complaint": ("投诉尚未办结", "a complaint of the debtor is pending"),
    "case": ("案件未结", "a case of the debtor is open"),
    "ticket": ("工单未处理", "its ticket is open"),
    "in_work": ("正在处理", "it is still worked on"),
    "transcript_needed": ("质检结果仍需保存", "its results are kept and hang on it"),
    "calls": ("相关通话仍在保存", "calls of its warning are kept"),
}


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What decides about one call. `parts` are the classes of which something is there; `open_case` is
    `complaint` or `warning` where the debtor has an open case; `done`: no stage waits or runs."""

    started_at: datetime | None
    client: str | None
    parts: frozenset[OfCall]
    held: bool = False
    open_case: str | None = None
    open_ticket: bool = False
    done: bool = True


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What decides about one case. `calls`: evidence of calls still hangs on its warning."""

    closed_at: datetime | None
    client: str | None
    complaint: bool = False
    held: bool = False
    goes_on: bool = False
    calls: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`why` is None where it may be deleted; `due_at` is the end of the period, None where there is none."""

    why: Why | None
    clause: str
    due_at: datetime | None = None

    @property
    def may(self) -> bool:
        """Whether it may be deleted now."""
        return self.why is None


def decide_call(policy: Policy, call: CallFacts, now: datetime) -> dict[OfCall, Decision]:
    """What may be deleted of a call now, by class."""
    made = {part: _decide_part(policy, call, part, now) for part in sorted(call.parts)}
    results = made.get("results")
    transcript = made.get("transcripts")
    if transcript and transcript.may and results and not results.may:
        made["transcripts"] = Decision("transcript_needed", transcript.clause, transcript.due_at)
    return made


def _decide_part(policy: Policy, call: CallFacts, part: OfCall, now: datetime) -> Decision:
    clause = policy.clause(part, call.client)
    why, due_at = _time(policy.rule(part, call.client), call.started_at, now)
    return Decision(why or call_kept(policy, call, now), clause, due_at)


def _time(rule: Rule, start: datetime | None, now: datetime) -> tuple[Why | None, datetime | None]:
    if rule.keep == "forever":
        return "forever", None
    if start is None:
        return "time_unknown", None
    due_at = rule.keep.end(start)
    return (None if due_at <= now else "not_due"), due_at


def call_kept(policy: Policy, call: CallFacts, now: datetime, *, ordered: bool = False) -> Why | None:
    """What keeps a call whose time is over, or (`ordered`) of which a person ordered the deletion: then no
    ticket does."""
    if call.held:
        return "hold"
    if call.open_case is not None:
        return "complaint" if call.open_case == "complaint" else "case"
    if call.open_ticket and not ordered and not _outlived(policy.open_tickets, call.started_at, now):
        return "ticket"
    return None if call.done else "in_work"


def _outlived(limit: Span | Literal["keep"], start: datetime | None, now: datetime) -> bool:
    return limit != "keep" and start is not None and limit.end(start) <= now


def decide_case(policy: Policy, case: CaseFacts, now: datetime) -> Decision:
    """Whether a case may be deleted now, with all that belongs to it."""
    clause = policy.clause("cases", case.client)
    if case.closed_at is None:
        return Decision("complaint" if case.complaint else "case", clause)
    why, due_at = _time(policy.rule("cases", case.client), case.closed_at, now)
    return Decision(why or case_kept(case), clause, due_at)


def case_kept(case: CaseFacts) -> Why | None:
    """What keeps a closed case whose time is over."""
    if case.held:
        return "hold"
    if case.goes_on:
        return "case"
    return "calls" if case.calls else None


def cutoff(policy: Policy, what: DataClass, now: datetime, moment: datetime) -> bool:
    """Whether something of a class without creditors and holds is over that is of this moment."""
    keep = policy.rule(what).keep
    return keep != "forever" and keep.end(moment) <= now
