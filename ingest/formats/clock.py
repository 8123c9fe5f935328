"""When a call began, as telephone systems write it: epochs, and clock times that mostly say no zone.

What cannot be read stays unknown, with its reason: never "now", never the more likely of two moments.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from ingest.times import official_zone

Unit = Literal["s", "ms", "us"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PER_SECOND: Final[dict[Unit, int]] = {"s": 1, "ms": 1_000, "us": 1_000_000}
# 1990 to 2100: the ranges of the three units do not touch.
_FIRST: Final = 631_152_000
_LAST: Final = 4_102_444_800

_NUMBER = re.compile(r"\d{1,18}(\.\d{1,9})?")
_CLOCK = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s_-]+(\d{1,2})[:：.时](\d{1,2})(?:[:：.分](\d{1,2})(?:[.,](\d{1,9}))?秒?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})[-_T ]?(\d{2})(\d{2})(\d{2})")
_ZONED = re.compile(r".*\d\s*(?:Z|[+-]\d{2}:?\d{2})", re.S)
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class When:
    """A moment and where its zone comes from, or the reason why it is unknown.

    Attributes:
        at: with its zone; None: unknown.
        source: `record` (the record says the offset), `epoch:FIELD`, `zone:NAME` (the source's setting).
        problem: `time.missing`, `time.no_zone`, `time.unreadable`, `time.ambiguous`, `time.nonexistent` or
            `time.contradictory`.
        given: what the record said.
    """

    at: datetime | None = None
    source: str | None = None
    problem: str | None = None
    given: str | None = None

    def fields(self) -> dict[str, object]:
        """The fields of the record of a call (`started_at` and what belongs to it)."""
        if self.at is not None:
            return {"started_at": self.at.isoformat(), "time_source": self.source}
        return {"started_at": None, "started_at_given": self.given, "time_problem": self.problem}


MISSING: Final = When(problem="time.missing")


def from_epoch(value: object, field: str, unit: Unit | None = None) -> When:
    """Read a count since 1970 UTC. Zero means that it did not happen.

    Args:
        value: a number, or text of one.
        field: where it stands, for `source`.
        unit: as the field is defined; None: told by the range, the units' ranges do not touch.
    """
    text = "" if value is None else str(value).strip()
    if not text or not text.strip("0."):
        return MISSING
    given = text[:_LONGEST]
    if not _NUMBER.fullmatch(text):
        return When(problem="time.unreadable", given=given)
    units = [unit] if unit else list(_PER_SECOND)
    for each in units:
        whole, _, fraction = text.partition(".")
        per_second = _PER_SECOND[each]
        seconds, rest = divmod(int(whole), per_second)
        if _FIRST <= seconds < _LAST:
            micros = rest * (1_000_000 // per_second)
            if each == "s" and fraction:
                micros = int(fraction[:6].ljust(6, "0"))
            at = _EPOCH + timedelta(seconds=seconds, microseconds=micros)
            return When(at, f"epoch:{field}")
    return When(problem="time.unreadable", given=given)


def from_clock(value: object, zone: str | None, pattern: str | None = None) -> When:
    """Read a date and time of day. A zone that the text says counts before the source's.

    Args:
        value: text, or what a spreadsheet holds.
        zone: IANA name of the clock's zone, if known.
        pattern: of `strptime`, for spellings that could be read in two ways (03/04/2026).
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return MISSING
    given = str(value).strip()[:_LONGEST]
    clock = value if isinstance(value, datetime) else _read(str(value).strip(), pattern)
    if clock is None:
        return When(problem="time.unreadable", given=given)
    if clock.utcoffset() is not None:
        return _plausible(clock, "record", given)
    if zone is None:
        return When(problem="time.no_zone", given=given)
    return _in_zone(clock, official_zone(zone), zone, given)


def first(*moments: When) -> When:
    """The first that is known; else the first that says more than that it is missing."""
    known = next((each for each in moments if each.at is not None), None)
    told = next((each for each in moments if each.problem != "time.missing"), None)
    return known or told or MISSING


def settled(clock: When, epoch: When) -> When:
    """A clock time that the record's own epoch may settle: an hour that came twice, a zone that nobody named.

    The clock time counts where it is known; it may be a little later than the epoch (a leg of a call begins
    after its channel), but not earlier, and not off by whole quarters of an hour, as with a wrong zone.
    """
    if epoch.at is None or clock.problem == "time.unreadable":
        return clock
    if clock.at is None:
        return epoch
    gap = (clock.at - epoch.at).total_seconds()
    off_by_zone = abs(gap) >= 900 and min(gap % 900, -gap % 900) <= 3
    if -60 <= gap <= 4 * 3600 and not off_by_zone:
        return clock
    given = f"{clock.at.isoformat()} ({clock.source}); {epoch.at.isoformat()} ({epoch.source})"
    return When(problem="time.contradictory", given=given[:200])


def _read(text: str, pattern: str | None) -> datetime | None:
    if len(text) > _LONGEST:
        return None
    try:
        if pattern is not None:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is added by the caller
        if _ZONED.fullmatch(text):
            return datetime.fromisoformat(text)
        match = _CLOCK.fullmatch(text) or _COMPACT.fullmatch(text)
        if match is None:
            return None
        groups = match.groups()
        year, month, day, hour, minute, second = (int(part or 0) for part in groups[:6])
        fraction = groups[6] if len(groups) > 6 else None
        micros = int((fraction or "0")[:6].ljust(6, "0"))
        return datetime(year, month, day, hour, minute, second, micros)  # noqa: DTZ001
    except (ValueError, OverflowError):
        return None


def _in_zone(clock: datetime, zone: ZoneInfo, name: str, given: str) -> When:
    """The moment at which the clocks of a zone showed this, if there was exactly one."""
    earlier, later = (clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if earlier.utcoffset() == later.utcoffset():
        return _plausible(earlier, f"zone:{name}", given)
    exists = earlier.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == clock
    return When(problem="time.ambiguous" if exists else "time.nonexistent", given=f"{given} {name}")


def _plausible(at: datetime, source: str, given: str) -> When:
    if not 1990 <= at.year < 2100:
        return When(problem="time.unreadable", given=given)
    return When(at, source)
