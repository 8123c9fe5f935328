"""The second part: nothing to wait for, and more and more clients, until the machine is full.

Then the same again with many calls on record, because what a call costs must not grow with them.
"""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import insert

from bench.scale import arithmetic, counts
from bench.scale.calls import record
from bench.scale.linear import ended_since, rounded, say
from bench.scale.site import Site
from ingest.metadata import CallRecord, parse_call_record
from ingest.models import CallRow, RecordingRow
from pipeline import service
from store.clock import SystemClock
from store.database import open_sessions, transaction

_PATIENCE_S: Final = 600.0
_FIRST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Load:
    """What so many clients got through, and what a call cost."""

    clients: int
    calls_per_s: float
    each: dict[str, float]


def find(site: Site, clients: tuple[int, ...], calls: int) -> list[Load]:
    """One load after another, until more clients bring no more calls a second, or there are none left."""
    found: list[Load] = []
    for at, count in enumerate(clients):
        found.append(load(site, count, calls, _FIRST + at * 100_000))
        if not arithmetic.still_growing([each.calls_per_s for each in found]):
            break
    return found


def load(site: Site, clients: int, calls: int, first: int) -> Load:
    """So many clients take so many calls, numbered from `first`, to their end. The first tenth and the last
    are left out of the rate."""
    fill(site, range(first, first + calls))
    sending = site.start("-m", "bench.scale.cheap_worker", "send")
    if sending.wait(_PATIENCE_S):
        raise SystemExit("the calls were not sent")
    site.processes.remove(sending)
    before, began = counts.tally(site.settings.database_url, site.redis_url), datetime.now(UTC)
    worker = site.start("-m", "bench.scale.cheap_worker", "work", str(clients))
    with open_sessions(counts.own_url(site.settings.database_url)) as sessions:

        def done() -> bool:
            time.sleep(1)
            return len(ended_since(sessions, began)) >= calls

        site.wait_until(done, seconds=_PATIENCE_S, what=f"{clients} clients")
        used = counts.cpu_ms(worker.pid)
        moments = ended_since(sessions, began)
    each = arithmetic.per_call(before, counts.tally(site.settings.database_url, site.redis_url), calls)
    site.stop()
    steady = moments[calls // 10 : -max(1, calls // 10)]
    made = Load(clients, arithmetic.rate(steady), each | {"client_cpu_ms": used / calls})
    say(f"{clients} clients: {made.calls_per_s:.1f} calls/s, {json.dumps(rounded(made.each))}")
    return made


def fill(site: Site, numbers: range) -> None:
    """Put calls on record without recordings, and on their way."""
    half, now = len(numbers) // 2, datetime.now(UTC)
    recordings, calls = [], []
    for at in numbers:
        given = parse_call_record(record(at, debtor=_FIRST + at % half), "bench")
        sha256 = f"{at:064x}"
        recordings.append(
            {"sha256": sha256, "bytes": 1, "codec": "pcm_alaw", "source_rate": 8000, "source_channels": 2,
             "duration_s": 60.0, "original_name": "call.wav", "stored_at": now}
        )  # fmt: skip
        calls.append(_columns(given) | {"recording_sha256": sha256, "registered_at": now})
    with open_sessions(site.settings.database_url) as sessions, transaction(sessions) as session:
        session.execute(insert(RecordingRow), recordings)
        session.execute(insert(CallRow), calls)
        service.receive_new(session, SystemClock())


def _columns(given: CallRecord) -> dict[str, object]:
    return {
        "source": given.source,
        "external_id": given.external_id,
        "started_at": given.started_at,
        "direction": given.direction,
        "agent_id": given.agent.id,
        "agent_team": given.agent.team,
        "customer_id": given.customer.id,
        "customer_number": given.customer.number,
        "case_id": given.case.id,
        "debtor_key": given.debtor_key,
        "record": given.to_document(),
        "record_sha256": given.content_sha256(),
    }
