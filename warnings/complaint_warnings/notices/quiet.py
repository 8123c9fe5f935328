"""When a channel may speak. Pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from complaint_warnings.notices.channel_policy import Quiet


def quiet_until(now: datetime, quiet: Quiet | None, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours end in which `now` lies; None where the channel may speak.

    The first minute of the quiet is quiet, its end is not.
    """
    if quiet is None:
        return None
    local = now.astimezone(zone)
    clock = local.time()
    over_midnight = quiet.begins > quiet.ends
    inside = (
        clock >= quiet.begins or clock < quiet.ends if over_midnight else quiet.begins <= clock < quiet.ends
    )
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if over_midnight and clock >= quiet.begins else local.date()
    return datetime.combine(day, quiet.ends, tzinfo=zone).astimezone(UTC)
