"""The monitors: what the stored calls and case data of a debtor say, though nobody said it. Pure.

A monitor looks at everything up to the newest contact. What is unknown counts for nothing: a connection that
nobody knows of, a conversation whose end was not recorded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from complaint_warnings.sources.contacts import Contact, contacts_of, local_day, zone_of
from complaint_warnings.sources.monitor_policy import MonitorPolicy
from complaint_warnings.sources.types import Monitor
from complaint_warnings.types import CallEvidence

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class MonitorHit:
    """One monitor that speaks: when (the newest contact), by which figures, resting on which contacts."""

    monitor: Monitor
    at: datetime
    figures: dict[str, int]
    why_zh: str
    why_en: str
    contacts: tuple[Contact, ...]


def watch(evidence: Sequence[CallEvidence], policy: MonitorPolicy) -> list[MonitorHit]:
    """What the monitors say of one debtor, at most once each, as of the newest contact."""
    contacts = contacts_of(evidence)
    if not contacts:
        return []
    zone = zone_of(evidence)
    newest = contacts[-1].at
    today = [each for each in contacts if local_day(each.at, zone) == local_day(newest, zone)]
    found = (
        next(_too_often(contacts, today, policy), None),
        next(_unwilling(contacts, policy), None),
        _failing(contacts, policy),
    )
    return [hit for hit in found if hit is not None]


def _too_often(
    contacts: Sequence[Contact], today: Sequence[Contact], policy: MonitorPolicy
) -> Iterator[MonitorHit]:
    limits, newest = policy.contact_frequency, contacts[-1].at
    week = [each for each in contacts if newest - each.at < WEEK]
    connected = [each for each in today if each.connected]
    for name, some, limit, zh, en in (
        (
            "connected_per_day",
            connected,
            limits.connected_per_day,
            "当日有效通话",
            "connected calls that day",
        ),
        ("attempts_per_day", today, limits.attempts_per_day, "当日拨打", "attempts that day"),
        ("attempts_per_week", week, limits.attempts_per_week, "七天内拨打", "attempts in seven days"),
    ):
        if len(some) > limit:
            why = (f"{zh} {len(some)} 次，上限 {limit} 次", f"{len(some)} {en}, limit {limit}")
            figures = {name: len(some), "limit": limit}
            yield MonitorHit("contact_frequency", newest, figures, *why, tuple(some))


def _unwilling(contacts: Sequence[Contact], policy: MonitorPolicy) -> Iterator[MonitorHit]:
    limits, newest = policy.willingness_falling, contacts[-1].at
    since = newest - timedelta(days=limits.within_days)
    telling = [each for each in contacts if each.at >= since and each.ending in ("promise", "refusal")]
    refusals = list(takewhile(lambda each: each.ending == "refusal", reversed(telling)))
    if len(refusals) >= limits.refusals and len(refusals) < len(telling):
        count = len(refusals)
        why = (f"承诺还款后连续 {count} 次拒绝", f"{count} refusals in a row after a promise")
        yield MonitorHit("willingness_falling", newest, {"refusals": count}, *why, tuple(telling))
    broken = [each for each in telling if each.ending == "promise" and _still_owed(each, contacts)]
    if len(broken) >= limits.broken_promises:
        count = len(broken)
        why = (f"{count} 次承诺还款后欠款未减少", f"{count} promises, and the debt is no smaller")
        yield MonitorHit("willingness_falling", newest, {"broken_promises": count}, *why, tuple(broken))


def _still_owed(promise: Contact, contacts: Sequence[Contact]) -> bool:
    """Whether a later contact about the same case knows of no smaller debt."""
    later = [
        each.amount_due
        for each in contacts
        if each.at > promise.at and each.case == promise.case and each.amount_due is not None
    ]
    return promise.amount_due is not None and bool(later) and later[-1] >= promise.amount_due


def _failing(contacts: Sequence[Contact], policy: MonitorPolicy) -> MonitorHit | None:
    limits, newest = policy.failed_conversations, contacts[-1].at
    since = newest - timedelta(days=limits.within_days)
    talks = [each for each in contacts if each.at >= since and each.connected]
    failed = list(takewhile(lambda each: each.ending in ("refusal", "broken_off"), reversed(talks)))
    count = len(failed)
    if count < limits.in_a_row or failed[0].at != newest:
        return None
    why = (f"连续 {count} 次沟通未果", f"{count} conversations in a row led nowhere")
    return MonitorHit("failed_conversations", newest, {"in_a_row": count}, *why, tuple(reversed(failed)))
