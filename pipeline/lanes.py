"""Which calls come first. Pure: no database, no clock of its own.

Urgent calls are those of a debtor about whom something presses; live ones come in as they are made; a
back-fill brings in what is older. Each lane waits for the ones before it (docs/scaling.md).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from store.daily import DailyHours
from store.settings import Settings

Lane = Literal["urgent", "live", "backfill"]
LANES: Final[tuple[Lane, ...]] = get_args(Lane)
# What presses, the most pressing first; and why a call is in one of the other lanes.
Pressing = Literal["complaint", "self_harm", "high_case"]
PRESSING: Final[tuple[Pressing, ...]] = get_args(Pressing)
Because = Literal[Pressing, "recent", "no_time", "old", "waited"]


def rank(lane: Lane) -> int:
    """Its place among the lanes, as the database and the broker know it: 0 comes first."""
    return LANES.index(lane)


@dataclass(frozen=True, slots=True)
class Order:
    """How a site wants it.

    Attributes:
        backfill_after: a call registered so long after it was made belongs to a back-fill.
        patience: a call of a back-fill that has waited so long goes with the live ones, a few at a time.
        hours: when calls of a back-fill are begun, on the clock of `zone`; None: at any time.
        zone: whose clock `hours` means.
    """

    backfill_after: timedelta = timedelta(hours=72)
    patience: timedelta = timedelta(hours=168)
    hours: DailyHours | None = None
    zone: tzinfo = UTC

    @classmethod
    def of(cls, settings: Settings) -> "Order":
        """The order that the settings ask for."""
        return cls(
            timedelta(hours=settings.backfill_after_hours),
            timedelta(hours=settings.backfill_patience_hours),
            DailyHours.read(settings.backfill_hours) if settings.backfill_hours else None,
            ZoneInfo(settings.timezone),
        )

    def begins_backfill(self, now: datetime) -> bool:
        """Whether calls of a back-fill may be begun now."""
        return self.hours is None or self.hours.hold(now.astimezone(self.zone).time())


DEFAULT: Final = Order()


@dataclass(frozen=True, slots=True)
class Place:
    """The lane of a call, and why it is that one."""

    lane: Lane
    because: Because


def place_of(
    started_at: datetime | None, registered_at: datetime, pressing: Collection[Pressing], order: Order
) -> Place:
    """Where a call that waits belongs. One whose time is not known is taken for a live one: better too early
    than late.

    Args:
        started_at: when the call was made.
        registered_at: when it was taken in.
        pressing: what presses about its debtor.
        order: how the site wants it.
    """
    for reason in PRESSING:
        if reason in pressing:
            return Place("urgent", reason)
    if started_at is None:
        return Place("live", "no_time")
    if registered_at - started_at > order.backfill_after:
        return Place("backfill", "old")
    return Place("live", "recent")
