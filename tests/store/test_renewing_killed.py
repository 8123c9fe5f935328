"""Recordings that are being encrypted, or brought under another key, when the process is really killed."""

import signal
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest

from store import sealing
from store.recordings import RecordingStore
from store.renewing import What, renew
from store.sealing import Keys

KEYS = {sealing.key_id(key): key for key in (b"1" * 32, b"2" * 32)}
FIRST, SECOND = KEYS
COUNT = 5
# More than one chunk, so that there is a middle to be killed in.
LENGTH = 3 * sealing.CHUNK_BYTES + 7

# Ends itself in the middle of the N-th recording that it writes, before it is forced to the disk, or after.
PROGRAM = """
import itertools, os, signal, sys
from store import objects, sealing
from store.recordings import RecordingStore
from store.renewing import renew
from store.sealing import Keys

folder, what, current, where, left = sys.argv[1:]
written, synced = objects.Objects.put, objects.Objects.sync
counted, forced = itertools.count(1), itertools.count(1)

def end():
    os.kill(os.getpid(), signal.SIGKILL)

def put(self, key, content):
    number = str(next(counted))
    def pieces():
        for place, piece in enumerate(content):
            if (where, number, place) == ("middle", left, 1):
                end()
            yield piece
    written(self, key, pieces())
    if (where, number) == ("written", left):
        end()

def sync(self, key):
    synced(self, key)
    if (where, str(next(forced))) == ("forced", left):
        end()

objects.Objects.put, objects.Objects.sync = put, sync
known = {sealing.key_id(key): key for key in (b"1" * 32, b"2" * 32)}
store = RecordingStore(folder, keys=Keys(known, current))
for _ in renew(store, sorted(store.hashes()), what):
    pass
"""


def opened(folder: Path, current: str | None) -> RecordingStore:
    return RecordingStore(str(folder), keys=Keys(KEYS, current) if current else None)


def filled(folder: Path, tmp_path: Path, current: str | None) -> dict[str, bytes]:
    """The recordings of a new store, by hash."""
    found, store, file = {}, opened(folder, current), tmp_path / "in.wav"
    for number in range(COUNT):
        file.write_bytes(content := b"RIFF" + bytes([number]) * LENGTH)
        found[store.put(file)] = content
    return found


@pytest.mark.parametrize("left", [1, 2, COUNT])
@pytest.mark.parametrize("where", ["middle", "written", "forced"])
@pytest.mark.parametrize(("what", "before", "after"), [("plain", None, FIRST), ("older_keys", FIRST, SECOND)])
def test_every_recording_is_whole_wherever_a_run_is_killed(
    tmp_path: Path,
    start_python: Callable[..., "Popen[bytes]"],
    what: What,
    before: str | None,
    after: str,
    where: str,
    left: int,
) -> None:
    folder = tmp_path / "store"
    contents = filled(folder, tmp_path, before)
    killed = start_python(PROGRAM, str(folder), what, after, where, str(left)).wait(60)
    assert killed == -signal.SIGKILL
    store = opened(folder, after)
    assert {sha256: store.read(sha256) for sha256 in store.hashes()} == contents
    assert [one.error for one in renew(store, sorted(contents), what)] == [None] * COUNT
    assert {store.sealed_by(sha256) for sha256 in contents} == {after}
    assert {sha256: store.read(sha256) for sha256 in store.hashes()} == contents
