"""`make bench-intake`: registrations a second, and 100,000 files listed again after a kill.

The last line is JSON: `calls_per_s` (by the clock), `calls_per_cpu_s`, `files`, `known_at_kill`,
`looked_at_twice` (files put on record twice: must be 0), `relist_s`, `peak_mb` (of the listing process).
"""

import argparse
import json
import multiprocessing
import os
import resource
import struct
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select

from bench.intake.work import run
from ingest.sources.config import FolderSource
from ingest.sources.models import SourceItemRow, SourceStateRow
from store import migrate
from store.database import open_sessions, reading, transaction
from store.settings import Settings


def main() -> None:
    """Run both parts."""
    parser = argparse.ArgumentParser(prog="bench.intake")
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--files", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="diting-bench-") as name:
        figures = rate(Path(name) / "rate", asked.calls) | resumed(Path(name) / "many", asked.files)
    print(json.dumps(figures))


def rate(folder: Path, count: int) -> dict[str, float]:
    """Calls of 20 ms with a call.json each, on SQLite, in one process."""
    calls = folder / "in"
    calls.mkdir(parents=True)
    for number in range(count):
        record = {"external_id": f"E{number}", "source": "bench", "started_at": "2026-03-05T10:12:00+08:00"}
        write(calls / f"{number}.wav", sound(number))
        write(calls / f"{number}.call.json", json.dumps(record).encode())
    settings = prepared(folder)
    wall, cpu = time.perf_counter(), time.process_time()
    turn = run(settings, FolderSource(kind="folder", path=calls))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if len(turn.created) != count:
        raise SystemExit(f"not all calls were taken: {turn}")
    return {"calls_per_s": round(count / wall, 1), "calls_per_cpu_s": round(count / cpu, 1)}


def resumed(folder: Path, count: int) -> dict[str, float]:
    """A listing killed about half way, and the next one."""
    calls = folder / "in"
    calls.mkdir(parents=True)
    for number in range(count):
        (calls / f"{number}.wav").touch()
    settings = prepared(folder)
    # So long a rest that nothing is taken: the listing alone is measured.
    source = FolderSource(kind="folder", path=calls, settle_seconds=86_400)
    process = multiprocessing.get_context("spawn").Process(target=run, args=(settings, source))
    process.start()
    while noted(settings) < count // 2 and process.is_alive():
        time.sleep(0.05)
    process.kill()
    process.join()
    known = noted(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        session.get_one(SourceStateRow, "bench").lease_until = None
    began = time.perf_counter()
    turn = run(settings, source)
    if noted(settings) != count:
        raise SystemExit("files were lost")
    return {
        "files": count,
        "known_at_kill": known,
        "looked_at_twice": known - turn.noted.known,
        "relist_s": round(time.perf_counter() - began, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def prepared(folder: Path) -> Settings:
    """An installation of its own."""
    settings = Settings(data_dir=folder / "var")
    migrate.upgrade(settings.database_url)
    return settings


def noted(settings: Settings) -> int:
    """How many files are on record."""
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        return session.scalar(select(func.count()).select_from(SourceItemRow)) or 0


def write(path: Path, content: bytes) -> None:
    """A file finished a while ago."""
    path.write_bytes(content)
    moment = time.time() - 3600
    os.utime(path, (moment, moment))


def sound(number: int) -> bytes:
    """20 ms of PCM unlike all others."""
    values = [(number * (place + 7) * 31) % 20_000 - 10_000 for place in range(160)]
    data = struct.pack("<160h", *values)
    head = struct.pack("<4sIHHIIHH4sI", b"fmt ", 16, 1, 1, 8000, 16_000, 2, 16, b"data", len(data))
    return b"RIFF" + struct.pack("<I", 4 + len(head) + len(data)) + b"WAVE" + head + data


if __name__ == "__main__":
    main()
