import gc
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ingest.sound import RATE, Sound, SoundStoreError, SoundWriter

OPEN_FILES = Path("/proc/self/fd")


def pcm(channels: int, count: int, seed: int = 0) -> np.ndarray:
    """Samples that 16 bits hold exactly."""
    values = np.random.default_rng(seed).integers(-32_768, 32_768, (channels, count))
    return (values / 32_768).astype(np.float32)


def temporary_files() -> list[str]:
    targets = [str(entry.readlink()) for entry in OPEN_FILES.iterdir() if entry.is_symlink()]
    return [target for target in targets if "(deleted)" in target]


@pytest.mark.parametrize("channels", [1, 2])
def test_what_was_written_is_read_exactly(channels: int):
    samples = pcm(channels, 3 * RATE + 7)
    sound = Sound.from_array(samples)
    assert (sound.channels, sound.length, sound.rate) == (channels, 3 * RATE + 7, 16_000)
    assert sound.duration_s == 3 + 7 / 16_000
    assert sound.read(0, sound.length).dtype == np.float32
    assert np.array_equal(sound.read(0, sound.length), samples)
    assert np.array_equal(sound.read(5, 9), samples[:, 5:9])
    assert np.array_equal(sound.part(0.5, 1.25), samples[:, 8000:20_000])


def test_parts_outside_the_sound_are_empty_or_shorter():
    samples = pcm(2, 100)
    sound = Sound.from_array(samples)
    assert np.array_equal(sound.read(-20, 10), samples[:, :10])
    assert np.array_equal(sound.read(90, 1000), samples[:, 90:])
    assert sound.read(100, 200).shape == (2, 0)
    assert sound.read(60, 40).shape == (2, 0)
    assert sound.part(1, 2).shape == (2, 0)


@pytest.mark.parametrize("seconds", [0.01, 1.0, 2.5, 60.0])
def test_the_blocks_are_the_whole(seconds: float):
    samples = pcm(2, 2 * RATE + 160)
    blocks = list(Sound.from_array(samples).blocks(seconds))
    assert {block.shape[1] for block in blocks[:-1]} <= {round(seconds * RATE)}
    assert np.array_equal(np.concatenate(blocks, axis=1), samples)


def test_values_between_two_steps_are_rounded_and_none_overflows():
    sound = Sound.from_array(np.array([[1.0, -1.0, 0.4 / 32_768, 0.6 / 32_768]], dtype=np.float32))
    assert (sound.read(0, 4) * 32_768).tolist() == [[32_767, -32_768, 0, 1]]


def test_blocks_of_any_length_make_one_sound():
    samples = pcm(2, 1000)
    writer = SoundWriter()
    for start, stop in ((0, 1), (1, 1), (1, 400), (400, 1000)):
        writer.add(samples[:, start:stop])
    assert writer.length == 1000
    assert np.array_equal(writer.finish().read(0, 1000), samples)


def test_no_sound_at_all():
    sound = Sound.from_array(np.zeros((2, 0), dtype=np.float32))
    assert (sound.channels, sound.length, list(sound.blocks())) == (2, 0, [])
    assert sound.read(0, 10).shape == (2, 0)


def test_changing_what_was_read_changes_nothing():
    samples = pcm(1, 10)
    sound = Sound.from_array(samples)
    sound.read(0, 10)[:] = 0
    assert np.array_equal(sound.read(0, 10), samples)


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="needs /proc")
def test_the_file_has_no_name_and_goes_with_the_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sound = Sound.from_array(pcm(2, 1000))
    assert list(tmp_path.iterdir()) == []
    assert any(str(tmp_path) in name for name in temporary_files())
    del sound
    gc.collect()
    assert not any(str(tmp_path) in name for name in temporary_files())


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="needs /proc")
def test_a_writer_that_never_finishes_leaves_no_file_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    writer = SoundWriter()
    writer.add(pcm(1, 10))
    del writer
    gc.collect()
    assert not any(str(tmp_path) in name for name in temporary_files())


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(SoundStoreError) as caught:
        SoundWriter()
    assert (caught.value.code, caught.value.where) == ("audio.no_space", str(tmp_path / "gone"))


FILL = """
import resource
import numpy as np
from ingest.sound import SoundStoreError, SoundWriter
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
writer = SoundWriter()
try:
    for _ in range(100):
        writer.add(np.zeros((2, 1600), dtype=np.float32))
except SoundStoreError as error:
    print(writer.length, error.code, error)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs limits on files")
def test_a_full_disk_is_said_with_what_to_do(tmp_path: Path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", FILL],
        cwd=root,
        env=environment,
        text=True,
        capture_output=True,
        check=True,
    )
    assert done.stdout == (
        f"24000 audio.no_space {tmp_path}: the decoded sound cannot be kept (File too large). Make room "
        "(230 MB for an hour of two channels), or set TMPDIR to a folder on a larger disk. [audio.no_space]\n"
    )
    assert list(tmp_path.iterdir()) == []
