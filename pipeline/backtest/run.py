"""Judges calls by both sides, in this process or in several."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.metadata import CallRecord, load_call_record, record_without_metadata
from ingest.models import CallRow
from pipeline.backtest.compare import CallPair, Judged, judged
from pipeline.backtest.sides import Side, SideRulebook
from pipeline.judging import Judge
from pipeline.labels import LabelledCall, Labels, load_labels
from pipeline.reinspection.choice import stored_calls
from pipeline.reinspection.material import load_material
from pipeline.result import prose
from qc.findings import Finding
from qc.verdicts.service import outcomes
from store.database import open_sessions, reading
from store.recordings import file_sha256
from store.settings import Settings
from transcription.given import load_transcript
from transcription.service import HeardBeside
from transcription.surroundings import with_surroundings
from transcription.text.numbers import call_date, with_numbers
from transcription.types import Transcript
from transcription.voice.hear import hear

CHUNK: Final = 50  # stored calls that a process takes at once

Work = LabelledCall | tuple[int, ...]
Verdict = Callable[[Finding], bool | None]

_bench: "_Bench | None" = None  # one per process of the pool: both sides are loaded once


@dataclass(frozen=True, slots=True)
class Plan:
    """What is compared: two sides, and whether verdicts of people are asked for."""

    settings: Settings
    old: Side
    new: Side


def backtest(plan: Plan, work: Sequence[Work], *, jobs: int = 1) -> Iterator[tuple[int, list[CallPair]]]:
    """The calls judged by both sides, portion by portion: how many calls were looked at, and those that are
    in the language of the packs.

    Raises:
        BadInputError: a file of a labelled call is wrong.
    """
    if jobs == 1 or len(work) < 2:
        bench = _Bench(plan)
        for portion in work:
            yield bench.judge(portion)
        return
    context = multiprocessing.get_context("spawn")  # database connections do not survive a fork
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_open, initargs=(plan,)) as pool:
        yield from pool.map(_judge, work)


def stored_work(session: Session, *, since: datetime | None, limit: int | None) -> list[tuple[int, ...]]:
    """The judged calls of the database in portions; with `limit`, the newest ones."""
    ids = [call.call_id for call in stored_calls(session, since=since) if call.cues]
    if limit is not None and len(ids) > limit:
        query = select(CallRow.id).order_by(CallRow.started_at.desc(), CallRow.id.desc())
        kept = set(ids)
        newest = [call_id for call_id in session.scalars(query) if call_id in kept][:limit]
        wanted = set(newest)
        ids = [call_id for call_id in ids if call_id in wanted]
    return [tuple(ids[at : at + CHUNK]) for at in range(0, len(ids), CHUNK)]


class _Bench:
    """Both sides, ready to judge."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        folders = plan.settings.rule_folders
        self._sides = [
            Judge(plan.settings, [side.pack], rulebook=SideRulebook(side, folders))
            for side in (plan.old, plan.new)
        ]

    def judge(self, work: Work) -> tuple[int, list[CallPair]]:
        if isinstance(work, LabelledCall):
            return 1, self._labelled(work)
        return len(work), self._stored(work)

    def _labelled(self, call: LabelledCall) -> list[CallPair]:
        record, transcript = _read(call)
        cues, voice = hear(transcript, None)
        heard, labels = HeardBeside(cues, (), voice), load_labels(call.labels)
        return self._pair(call.name, record, record, transcript, heard, lambda _: None, labels)

    def _stored(self, call_ids: Sequence[int]) -> list[CallPair]:
        with open_sessions(self._plan.settings.database_url) as sessions, reading(sessions) as session:
            material, debtors = load_material(session, call_ids)
            decided = {
                (call_id, rule.partition("@")[0], utterances[:1]): outcome
                for (call_id, rule, utterances, _), outcome in outcomes(session).items()
            }
        pairs = []
        for each in material:

            def verdict(finding: Finding, call_id: int = each.call.id) -> bool | None:
                return decided.get((call_id, finding.rule.partition("@")[0], finding.utterances[:1]))

            full = debtors.record(each.call, each.record)
            name = f"{each.call.source}/{each.call.external_id}"
            pairs += self._pair(name, full, each.record, each.transcript, each.heard, verdict, None)
        return pairs

    def _pair(
        self,
        name: str,
        record: CallRecord,
        bare: CallRecord,
        transcript: Transcript,
        heard: HeardBeside,
        verdict: Verdict,
        labels: Labels | None,
    ) -> list[CallPair]:
        """The call by both sides; nothing where the packs are for another language."""
        if prose(record, transcript) != self._plan.new.language:
            return []
        both: list[Judged] = []
        for judge in self._sides:
            inspection = judge.inspect(record, transcript, heard.cues, heard.answers, heard.voice)
            warning = judge.warning(judge.evidence(bare, transcript, inspection))
            both.append(judged(inspection, warning.level if warning else None, verdict))
        return [CallPair(name, record.agent.id, record.debtor_key, both[0], both[1], labels)]


def _read(call: LabelledCall) -> tuple[CallRecord, Transcript]:
    if call.transcript is None:
        raise ValueError(f"{call.name} has no transcript")
    if call.metadata is not None:
        record = load_call_record(call.metadata)
    else:
        record = record_without_metadata(call.transcript, file_sha256(call.transcript))
    given = load_transcript(call.transcript)
    return record, with_surroundings(with_numbers(given, call_date(record)), None)


def _open(plan: Plan) -> None:
    global _bench  # noqa: PLW0603 - the way to keep rules in a pool's process
    _bench = _Bench(plan)


def _judge(work: Work) -> tuple[int, list[CallPair]]:
    if _bench is None:
        raise RuntimeError("the process was not opened")
    return _bench.judge(work)
