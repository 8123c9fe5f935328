"""How long to wait before the next attempt, and when to leave a channel alone. Pure, and the same for the
same notice wherever it is reckoned."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from complaint_warnings.notices.policy import Circuit, Retry
from complaint_warnings.notices.types import Result

# What another side asks for is followed up to here.
LONGEST_ASKED_S: Final = 3600.0
_SPREAD: Final = 0.25
_BUSY: Final = ("notice.busy",)


@dataclass(frozen=True, slots=True)
class Health:
    """How a channel stands: failures in a row, and until when it is left alone."""

    failures: int = 0
    rests_until: datetime | None = None


def wait_s(message_id: str, attempt: int, retry: Retry, *, urgent: bool) -> float:
    """Seconds until the attempt after number `attempt` (from 1): doubling, spread by up to a quarter either
    way so that what failed together does not come back together."""
    longest = min(retry.urgent_seconds, retry.longest_seconds) if urgent else retry.longest_seconds
    plain = min(longest, retry.first_seconds * 2.0 ** min(attempt - 1, 32))
    digest = hashlib.sha256(f"{message_id}:{attempt}".encode()).digest()
    share = int.from_bytes(digest[:8]) / 2**64
    return plain * (1 - _SPREAD + 2 * _SPREAD * share)


def after(health: Health, result: Result, now: datetime, circuit: Circuit) -> Health:
    """How the channel stands after an attempt. A refused message says nothing against its channel; one that
    asks for a pause gets it."""
    if result.outcome != "again":
        return Health()
    failures = health.failures + (0 if result.code in _BUSY else 1)
    rest = 0.0
    if failures >= circuit.failures:
        times = min(failures - circuit.failures, 32)
        rest = min(circuit.longest_seconds, circuit.rest_seconds * 2.0**times)
    if result.wait_s is not None:
        rest = max(rest, min(result.wait_s, LONGEST_ASKED_S))
    return Health(failures, now + timedelta(seconds=rest) if rest else None)
