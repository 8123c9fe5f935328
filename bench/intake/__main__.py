"""`make bench-intake`: registrations a second, and a folder of 100,000 files after two kills.

The first kill comes while the folder is listed, the second while its files are taken. The last line is JSON:
`calls_per_s` (by the clock), `calls_per_cpu_s`, `minute_calls_per_s` (with a minute of G.711 each, all of
which is decoded), `files`, `known_at_kill`, `listed_twice` (put on record twice: must be 0), `relist_s`,
`peak_mb` (of the listing process), `taken_at_kill`, `looked_at_twice` (opened again though they were taken:
must be 0), `in_hand_at_kill` (opened and not yet taken, so opened again: a batch at most), `resume_s`.
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

import numpy as np
import soundfile
from sqlalchemy import func, select

from bench.intake.work import run
from ingest.sources.config import NO_METADATA, FolderSource, Metadata
from ingest.sources.models import SourceItemRow, SourceStateRow
from store import migrate
from store.database import open_sessions, reading, transaction
from store.settings import Settings

# A file may have 65,000 names.
LINKS = 50_000


def main() -> None:
    """Run both parts."""
    parser = argparse.ArgumentParser(prog="bench.intake")
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--taken", type=int, default=4_000, help="of the files, those that are taken")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="diting-bench-") as name:
        figures = rate(Path(name) / "rate", asked.calls)
        figures |= minutes(Path(name) / "minutes", max(40, asked.calls // 20))
        figures |= resumed(Path(name) / "many", asked.files)
        figures |= taken(Path(name) / "taken", asked.files, asked.taken)
    print(json.dumps(figures))


def rate(folder: Path, count: int) -> dict[str, float]:
    """Calls of 20 ms with a call.json each, on SQLite, in one process."""
    calls = folder / "in"
    calls.mkdir(parents=True)
    for number in range(count):
        write_call(calls, number)
        write(calls / f"{number}.wav", sound(number))
    wall, cpu = registered(folder, count)
    return {"calls_per_s": round(count / wall, 1), "calls_per_cpu_s": round(count / cpu, 1)}


def minutes(folder: Path, count: int) -> dict[str, float]:
    """The same with a minute of two-channel A-law each."""
    calls = folder / "in"
    calls.mkdir(parents=True)
    for number in range(count):
        write_call(calls, number)
        path = calls / f"{number}.wav"
        hiss = np.random.default_rng(number).normal(0, 0.1, (60 * 8000, 2))
        soundfile.write(path, hiss, 8000, subtype="ALAW")
        write(path, path.read_bytes())
    wall, cpu = registered(folder, count)
    return {
        "minute_calls_per_s": round(count / wall, 1),
        "minute_calls_per_cpu_s": round(count / cpu, 1),
    }


def registered(folder: Path, count: int) -> tuple[float, float]:
    """Take in what lies in `in`; seconds by the clock and of the processor."""
    settings = prepared(folder)
    wall, cpu = time.perf_counter(), time.process_time()
    turn = run(settings, FolderSource(kind="folder", path=folder / "in"))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if len(turn.created) != count:
        raise SystemExit(f"not all calls were taken: {turn}")
    return wall, cpu


def write_call(calls: Path, number: int) -> None:
    """A `call.json`."""
    record = {"external_id": f"E{number}", "source": "bench", "started_at": "2026-03-05T10:12:00+08:00"}
    write(calls / f"{number}.call.json", json.dumps(record).encode())


def taken(folder: Path, files: int, count: int) -> dict[str, float]:
    """Files that are taken among many that still rest; killed about half way, and taken to the end."""
    calls = folder / "in"
    calls.mkdir(parents=True)
    for number in range(files - count):
        path = calls / f"r{number}.wav"
        if number % LINKS:
            path.hardlink_to(calls / f"r{number - number % LINKS}.wav")
        else:
            path.write_bytes(sound(0))
    for number in range(count):
        write(calls / f"t{number}.wav", sound(number + 1))
    settings, looks = prepared(folder), [folder / "first", folder / "second"]
    alone = Metadata(format=NO_METADATA)
    source = FolderSource(kind="folder", path=calls, settle_seconds=1800, metadata=alone)
    process = multiprocessing.get_context("spawn").Process(target=run, args=(settings, source, looks[0]))
    process.start()
    while len(keys_taken(settings)) < count // 2 and process.is_alive():
        time.sleep(0.05)
    process.kill()
    process.join()
    before = keys_taken(settings)
    let_go(settings)
    began = time.perf_counter()
    run(settings, source, looks[1])
    seconds = time.perf_counter() - began
    first, second = (path.read_text("utf-8").splitlines() for path in looks)
    if len(keys_taken(settings)) != count:
        raise SystemExit("not all files were taken")
    return {
        "taken_at_kill": len(before),
        "looked_at_twice": len(before & set(second)) + len(second) - len(set(second)),
        "in_hand_at_kill": len(set(first) - before),
        "resume_s": round(seconds, 1),
    }


def keys_taken(settings: Settings) -> set[str]:
    """The files whose calls are on record."""
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        return set(session.scalars(select(SourceItemRow.key).where(SourceItemRow.state == "taken")))


def let_go(settings: Settings) -> None:
    """Do not wait until the lease of the killed process runs out."""
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        session.get_one(SourceStateRow, "bench").lease_until = None


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
    let_go(settings)
    began = time.perf_counter()
    turn = run(settings, source)
    if noted(settings) != count:
        raise SystemExit("files were lost")
    return {
        "files": count,
        "known_at_kill": known,
        "listed_twice": known - turn.noted.known,
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
    values = [(number * (place + 7) * 31) % 20_000 - 10_000 for place in range(159)]
    values.append(number // 20_000)  # the others begin again after so many
    data = struct.pack("<160h", *values)
    head = struct.pack("<4sIHHIIHH4sI", b"fmt ", 16, 1, 1, 8000, 16_000, 2, 16, b"data", len(data))
    return b"RIFF" + struct.pack("<I", 4 + len(head) + len(data)) + b"WAVE" + head + data


if __name__ == "__main__":
    main()
