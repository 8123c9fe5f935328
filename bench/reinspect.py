"""What it takes to judge stored calls again after one rule changed, and does it leave the others alone?

    python -m bench.reinspect [--calls N] [--jobs N] [--folder DIR]

Fills a fresh SQLite database with N calls (default 100,000), judges them all, changes one rule of the pack
(`cn.no_closing.end` does not accuse for certain any more; version 2, proposed by one person and approved by
another), and judges them again as `diting rules reinspect` does. Where the calls come from: every call takes
the turns of one of the labelled Mandarin calls in `bench/calls` (series H, U and V), a fifth of them
exchanged for turns that the same speaker says in another of them, with numbers and surnames drawn anew. So
no two calls read alike, and each has about as many turns, findings and tickets as those. Four calls on
average belong to one debtor. No sound is listened to at any time.

Prints what was done. The last line is one JSON object: `calls` judged again, `calls_per_s` over all
processes, `calls_per_s_per_core` (by CPU time), `seconds`, `jobs`, and `unchanged_rules_identical`: whether
the findings of all other rules have the same SHA-256 over all calls, in order, before and after.
"""

import argparse
import hashlib
import json
import os
import random
import re
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from ingest.metadata import parse_call_record
from ingest.models import CallRow, RecordingRow
from pipeline.models import WorkRow
from pipeline.reinspection.choice import choose_calls
from pipeline.reinspection.run import reinspect
from pipeline.tools import open_tools
from qc.approval.content import read_content
from qc.approval.service import approve, propose
from qc.models import FindingRow, InspectionRow
from qc.packs import SHIPPED
from store import migrate
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.settings import Settings
from transcription.document import cues_to_document, to_document
from transcription.given import parse_transcript
from transcription.models import HearingRow, TranscriptRow
from transcription.voice.hear import VERSION, hear

CALLS = Path(__file__).parent / "calls"
RULE, PACK = "cn.no_closing.end", "cn-base"
CALLS_OF_DEBTOR = 4
_NUMBER = re.compile("[0-9]+|[零一二三四五六七八九两]+(?=[百千万])")
_DIGITS = "一二三四五六七八九"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗"
_NAMED = re.compile(f"[{_SURNAMES}](?=先生|女士|师傅|小姐|老师|总)")
_FIRST = datetime(2026, 2, 2, 1, 0, tzinfo=UTC)


def templates() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """`(call.json, transcript.json)` of the Mandarin calls that new ones are made from."""
    found = []
    for path in sorted(CALLS.glob("[HUV][0-9]*.transcript.json")):
        call = path.with_name(path.name.replace(".transcript.", ".call."))
        found.append((json.loads(call.read_text("utf-8")), json.loads(path.read_text("utf-8"))))
    return found


def varied(text: str, chance: random.Random) -> str:
    """The text with other numbers and surnames in it."""

    def number(match: re.Match[str]) -> str:
        said = match.group()
        digits = "123456789" if said.isascii() else _DIGITS
        return "".join(chance.choice(digits) for _ in said) if len(said) < 7 else said

    return _NAMED.sub(lambda _: chance.choice(_SURNAMES), _NUMBER.sub(number, text))


class Maker:
    """Makes calls, the same ones for the same numbers."""

    def __init__(self) -> None:
        self._templates = templates()
        self._turns: dict[str, list[str]] = {}
        for _, transcript in self._templates:
            for turn in transcript["utterances"]:
                self._turns.setdefault(turn["speaker"], []).append(turn["text"])

    def call(self, at: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """`(call.json, transcript.json)` of call number `at`."""
        chance = random.Random(at)
        record, transcript = self._templates[at % len(self._templates)]
        debtor = at // CALLS_OF_DEBTOR
        began = _FIRST + timedelta(days=debtor % 20 + at % CALLS_OF_DEBTOR, minutes=chance.randrange(600))
        record = {
            **record,
            "external_id": f"R{at:06d}",
            "source": "bench",
            "started_at": began.isoformat(),
            "agent": {"id": f"B{at % 97:03d}", "team": f"T{at % 7}"},
            "customer": {**record["customer"], "id": f"C{debtor:06d}", "number": f"+861540{debtor:07d}"},
            "case": {**record["case"], "id": f"K{debtor:06d}"},
            "history": [],
        }
        turns = [
            {
                **turn,
                "text": varied(
                    chance.choice(self._turns[turn["speaker"]]) if chance.random() < 0.2 else turn["text"],
                    chance,
                ),
            }
            for turn in transcript["utterances"]
        ]
        return record, {**transcript, "utterances": turns}


def fill(session: Session, maker: Maker, numbers: range) -> None:
    """Put calls on record as if they had been taken in, transcribed, heard and judged."""
    now = _FIRST
    recordings, calls, works, transcripts, hearings = [], [], [], [], []
    for at in numbers:
        document, said = maker.call(at)
        record = parse_call_record(document, "bench")
        transcript = parse_transcript(said, "bench")
        sha256 = hashlib.sha256(str(at).encode()).hexdigest()
        recordings.append(
            {"sha256": sha256, "bytes": 1, "codec": "opus", "source_rate": 8000, "source_channels": 2,
             "duration_s": 60.0, "original_name": "call.opus", "stored_at": now}
        )  # fmt: skip
        calls.append(
            {"id": at + 1, "source": record.source, "external_id": record.external_id,
             "recording_sha256": sha256, "started_at": record.started_at, "direction": record.direction,
             "agent_id": record.agent.id, "agent_team": record.agent.team, "customer_id": record.customer.id,
             "customer_number": record.customer.number, "case_id": record.case.id,
             "debtor_key": record.debtor_key, "record": record.to_document(),
             "record_sha256": record.content_sha256(), "registered_at": now}
        )  # fmt: skip
        works.append({"call_id": at + 1, "state": "assessed", "reasons": [], "updated_at": now})
        transcripts.append(
            {"id": at + 1, "call_id": at + 1, "engine": "given", "model": "", "options_hash": "0" * 64,
             "language": transcript.language, "document": to_document(transcript), "created_at": now}
        )  # fmt: skip
        hearings.append(
            {"transcript_id": at + 1, "version": VERSION,
             "cues": cues_to_document(hear(transcript, None).cues), "second_hearing": [], "created_at": now}
        )  # fmt: skip
    for table, rows in (
        (RecordingRow, recordings), (CallRow, calls), (WorkRow, works), (TranscriptRow, transcripts),
        (HearingRow, hearings),
    ):  # fmt: skip
        session.execute(insert(table), rows)


def change_one_rule(settings: Settings, folder: Path) -> None:
    """Change the rule in the site's copy of the pack, and have two people approve it."""
    topic, head = folder / "opening-closing.yaml", folder / "pack.yaml"
    changed, times = re.subn(
        rf"(- id: {re.escape(RULE)}\n  version: )1\n", r"\g<1>2\n  certain: false\n", topic.read_text("utf-8")
    )
    if times != 1:
        raise SystemExit(f"the rule {RULE} is not where it was")
    topic.write_text(changed, "utf-8")
    head.write_text(re.sub(r"(?m)^version: .*$", "version: 2", head.read_text("utf-8")), "utf-8")
    clock = SystemClock()
    with open_sessions(settings.database_url) as sessions:
        with transaction(sessions) as session:
            propose(session, clock, read_content(folder), by="author")
        with transaction(sessions) as session:
            approve(session, clock, pack=PACK, by="reviewer")


def findings_hash(session: Session) -> tuple[str, int]:
    """SHA-256 over the findings of all unchanged rules in the newest inspection of every call, in order; and
    how many they are."""
    newest = select(func.max(InspectionRow.id)).group_by(InspectionRow.call_id)
    query = (
        select(InspectionRow.call_id, FindingRow.document)
        .join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
        .where(FindingRow.inspection_id.in_(newest), FindingRow.rule.not_like(f"{RULE}@%"))
        .order_by(InspectionRow.call_id, FindingRow.ordinal)
    )
    digest, count = hashlib.sha256(), 0
    for call_id, document in session.execute(query.execution_options(yield_per=5000)):
        digest.update(json.dumps([call_id, document], ensure_ascii=False).encode())
        count += 1
    return digest.hexdigest(), count


def cpu_s() -> float:
    """CPU-seconds of this process and of its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def portions(count: int, size: int = 1000) -> Iterator[range]:
    """The numbers of the calls, so many at a time."""
    for start in range(0, count, size):
        yield range(start, min(start + size, count))


def run(settings: Settings, packs: Path, count: int, jobs: int) -> dict[str, Any]:
    migrate.upgrade(settings.database_url)
    maker, started = Maker(), time.monotonic()
    with open_sessions(settings.database_url) as sessions:
        for numbers in portions(count):
            with transaction(sessions) as session:
                fill(session, maker, numbers)
    print(f"{count} calls put on record in {time.monotonic() - started:.0f} s", flush=True)
    tools, started = open_tools(settings), time.monotonic()
    with reading(tools.sessions) as session:
        choice = choose_calls(session, tools.judge)
    judged = sum(portion.done for portion in reinspect(tools, choice, jobs=jobs))
    print(f"{judged} judged for the first time in {time.monotonic() - started:.0f} s", flush=True)
    with reading(tools.sessions) as session:
        before, findings = findings_hash(session)
    change_one_rule(settings, packs / PACK)
    started, used = time.monotonic(), cpu_s()
    with reading(tools.sessions) as session:
        choice = choose_calls(session, tools.judge)
    chosen_s, done = time.monotonic() - started, 0
    for portion in reinspect(tools, choice, jobs=jobs):
        done += portion.done
    seconds, used = time.monotonic() - started, cpu_s() - used
    with reading(tools.sessions) as session:
        after, same = findings_hash(session)
        left = choose_calls(session, tools.judge).calls
    tools.close()
    print(f"{findings} findings of unchanged rules before, {same} after: {before[:16]} {after[:16]}")
    print(f"choosing took {chosen_s:.1f} s; {left} calls are left to be judged again")
    return {
        "calls": done,
        "left": left,
        "seconds": round(seconds, 1),
        "jobs": jobs,
        "calls_per_s": round(done / seconds, 1),
        "calls_per_s_per_core": round(done / used, 1),
        "findings_of_unchanged_rules": findings,
        "unchanged_rules_identical": before == after,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, help="where the database is made; default: a temporary folder")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="diting-bench-", dir=arguments.folder))
    try:
        shutil.copytree(SHIPPED / PACK, folder / "packs" / PACK)
        settings = Settings(data_dir=folder / "var", rule_folders=(folder / "packs",))
        print(json.dumps(run(settings, folder / "packs", arguments.calls, arguments.jobs)))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
