"""Whether a call was made at a permitted hour, on the customer's official clock. Pure."""

from datetime import datetime, time, timedelta

from ingest.metadata import AgreedTime, CallRecord
from qc.answers import NO, Answer
from qc.language.facts import Hours


def outside_hours(
    hours: Hours, record: CallRecord, local: datetime | None, seconds: float | None = None
) -> Answer | None:
    """Whether the call began outside the hours or, with `past_minutes`, ran on too long after them.

    Args:
        hours: the permitted window.
        record: the call, with the windows that the debtor agreed to.
        local: when it began, on the customer's clock; None where that is not known.
        seconds: how long it was, as far as anybody spoke.

    Returns:
        None where the time is not known; calls that the customer made are never outside.
    """
    if record.direction == "inbound":
        return NO
    if local is None:
        return None
    if hours.past_minutes is not None:
        return _ran_past(hours, hours.past_minutes, record, local, seconds)
    measured = (f"当地时间{local:%H:%M}", f"{local:%H:%M} local time ({local.tzinfo})")
    if _permits(hours, local.time()):
        return Answer(False, measured)
    agreed = [window for window in record.case.agreed_times if _covers(window, local.time())]
    if any(window.proof.strip() for window in agreed):
        return Answer(False, measured)
    if agreed:
        measured = (f"{measured[0]}，约定时间没有凭证", f"{measured[1]}, agreed without proof")
    return Answer(True, measured, sure=record.direction is not None)


def _ran_past(
    hours: Hours, most: float, record: CallRecord, local: datetime, seconds: float | None
) -> Answer:
    """A call begun in time that went on after the window; the end is compared as elapsed time, so that a
    change of the clocks neither lengthens nor shortens a call."""
    if seconds is None or not _permits(hours, local.time()):
        return NO
    limit = local.replace(hour=hours.to.hour, minute=hours.to.minute, second=hours.to.second, microsecond=0)
    if limit < local:  # the window runs over midnight
        limit += timedelta(days=1)
    over = local.timestamp() + seconds - limit.timestamp()
    ended = local + timedelta(seconds=seconds)
    agreed = any(
        window.proof.strip() and _covers(window, ended.time()) for window in record.case.agreed_times
    )
    minutes = max(int(over // 60), 0)
    measured = (f"超出{hours.to:%H:%M}约{minutes}分钟", f"about {minutes} min past {hours.to:%H:%M}")
    return Answer(over > most * 60 and not agreed, measured, sure=record.direction is not None)


def _permits(hours: Hours, clock: time) -> bool:
    """Whether the window holds the moment; it may run over midnight."""
    if (clock == hours.from_ and not hours.from_included) or (clock == hours.to and not hours.to_included):
        return False
    return _between(hours.from_, hours.to, clock)


def _covers(window: AgreedTime, clock: time) -> bool:
    return _between(window.from_, window.to, clock)


def _between(start: time, end: time, clock: time) -> bool:
    return start <= clock <= end if start <= end else clock >= start or clock <= end
