"""A Celery worker whose work costs next to nothing, and which asks the database for all that real work asks.

    python -m bench.scale.cheap_worker send            # gives every waiting call to the broker
    python -m bench.scale.cheap_worker work COUNT      # COUNT processes

Decoding, listening, measuring voices and judging are exchanged for what came of the first calls on record;
leases, reading, writing, tickets, warnings, the audit log and the tasks are those of the product.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import select

from api.cli.worker import celery_arguments
from ingest.metadata import CallRecord
from pipeline import stage_work, tasks
from pipeline.celery_app import QUEUES, app
from pipeline.judging import Judge
from pipeline.models import WorkRow
from pipeline.rulebook import ApprovedRulebook
from pipeline.states import FINAL_STATES
from pipeline.sweeper import send_due
from qc.approval.lookup import in_force
from qc.findings import Inspection
from qc.service import load_inspection
from qc.verdicts.service import advisory_rules
from store.clock import SystemClock
from store.database import open_sessions, reading
from store.settings import get_settings
from transcription.service import HeardBeside, latest_transcript_id, load_hearing, load_transcript
from transcription.types import Transcript
from transcription.voice.hear import VERSION

_KEPT: Final = "bench_kept"


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of one call."""

    transcript: Transcript
    heard: HeardBeside
    inspection: Inspection


@cache
def kept() -> tuple[Kept, ...]:
    """What came of the first calls on record; read before the processes are forked."""
    found = []
    with open_sessions(get_settings().database_url) as sessions, reading(sessions) as session:
        done = select(WorkRow.call_id).where(WorkRow.state.in_(FINAL_STATES)).order_by(WorkRow.call_id)
        for number, call_id in enumerate(session.scalars(done.limit(24))):
            transcript_id = latest_transcript_id(session, call_id)
            assert transcript_id is not None  # noqa: S101 - it was inspected
            made = load_transcript(session, transcript_id)
            heard = load_hearing(session, transcript_id, VERSION)
            assert heard is not None  # noqa: S101
            transcript = replace(made, options={**made.options, _KEPT: number})
            found.append(Kept(transcript, heard, load_inspection(session, call_id)[1]))
    return tuple(found)


def _of(record: CallRecord) -> Kept:
    return kept()[int("".join(filter(str.isdigit, record.external_id))) % len(kept())]


def _transcribe(_audio: object, record: CallRecord, *_engine: object, **_progress: object) -> Transcript:
    return _of(record).transcript


def _hear(transcript: Transcript, *_audio: object, **_more: object) -> HeardBeside:
    return kept()[int(transcript.options[_KEPT] or 0)].heard


def _hear_again(judge: Judge, record: CallRecord, transcript: Transcript, *_: Any, **_more: Any) -> tuple[()]:
    judge.packs(transcript.language, record.case.client)
    return ()


def _inspect(judge: Judge, record: CallRecord, transcript: Transcript, *_more: object) -> Inspection:
    judge.packs(transcript.language, record.case.client)
    return _of(record).inspection


def _standing(rulebook: ApprovedRulebook, _names: tuple[str, ...]) -> None:
    """What the rulebook asks before each call, without loading any rules."""
    with reading(rulebook._sessions) as session:
        in_force(session)
        advisory_rules(session)


def _exchange() -> None:
    for module, name, cheap in (
        (stage_work, "_audio", lambda *_: SimpleNamespace(duration_s=60.0)),
        (stage_work, "with_audio_problems", lambda made, _audio: made),
        (stage_work, "transcribe", _transcribe),
        (stage_work, "hear", _hear),
        (stage_work, "hear_doubtful_again", _hear_again),
        (Judge, "inspect", _inspect),
        (Judge, "load_defaults", lambda _judge: None),
        (ApprovedRulebook, "packs", _standing),
    ):
        if not hasattr(module, name):
            raise SystemExit(f"{module} has no {name} any more: bench.scale.cheap_worker has to follow")
        setattr(module, name, cheap)


def main(asked: Sequence[str]) -> None:
    """Send, or work."""
    if asked[0] == "send":
        with open_sessions(get_settings().database_url) as sessions:
            send_due(
                sessions,
                SystemClock(),
                tasks.send,
                lambda _stage, _lane: 0,
                resend_after_s=9000,
                limit=100_000,
            )
        return
    _exchange()
    kept()
    app.worker_main(celery_arguments(int(asked[1]), list(QUEUES), beat=False))


if __name__ == "__main__":
    main(sys.argv[1:])
