from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import welch

from bench.asr.recordings import Recording
from bench.asr.telephone import LINE_RATE, RATE, line, make_calls, read_clips, take_turns, write_call
from ingest.metadata import load_call_record


def _tone(hertz: float, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE).astype(np.float32)


def _clips(folder: Path, count: int) -> Path:
    rows = []
    for index in range(count):
        soundfile.write(folder / f"c{index}.flac", _tone(400 + 50 * index), RATE)
        rows.append(f"c{index}.flac\t第{index}句")
    (folder / "text.tsv").write_text("\n".join([*rows, "gone.flac\t没有"]), encoding="utf-8")
    return folder


def test_the_line_keeps_speech_and_drops_what_telephones_do_not_carry() -> None:
    rng = np.random.default_rng(1)
    heard = line(np.stack([_tone(1000) + _tone(100) + _tone(3900), np.zeros(RATE, np.float32)]) * 0.2, rng)
    assert heard.shape == (2, LINE_RATE)
    assert heard.dtype == np.float32
    hertz, power = welch(heard[0], LINE_RATE, nperseg=2048)
    level = {wanted: power[np.abs(hertz - wanted) < 10].max() for wanted in (1000, 100, 3900)}
    assert level[1000] > 100 * level[100]
    assert level[1000] > 10 * level[3900]


def test_a_little_of_the_other_side_and_noise_are_heard() -> None:
    heard = line(np.stack([_tone(1000) * 0.2, np.zeros(RATE, np.float32)]), np.random.default_rng(1))
    ratio = 20 * np.log10(np.sqrt(np.mean(heard[0] ** 2) / np.mean(heard[1] ** 2)))
    assert 15 < ratio < 45


def test_clips_take_turns_with_pauses_between_them() -> None:
    made = take_turns([_tone(500), _tone(700), _tone(900)], np.random.default_rng(1))
    spoken = np.abs(made) > 0.01
    assert not np.any(spoken[0] & spoken[1])
    starts = [np.flatnonzero(np.diff(side.astype(int)) == 1) for side in spoken]
    assert made.shape[1] >= 3 * RATE + 3 * RATE
    assert spoken[0].sum() == pytest.approx(2 * RATE, rel=0.1)
    assert spoken[1].sum() == pytest.approx(RATE, rel=0.1)
    assert starts[0][0] >= RATE


@pytest.mark.parametrize("codec", ["pcm_alaw", "pcm_mulaw"])
def test_calls_are_written_in_g711(tmp_path: Path, codec: str) -> None:
    samples = np.stack([_tone(500)[::2], np.zeros(LINE_RATE, np.float32)]) * np.float32(0.25)
    write_call(tmp_path / "call.wav", samples, codec)
    info = soundfile.info(tmp_path / "call.wav")
    assert (info.samplerate, info.channels, info.frames) == (LINE_RATE, 2, LINE_RATE)
    assert info.subtype == {"pcm_alaw": "ALAW", "pcm_mulaw": "ULAW"}[codec]
    heard, _ = soundfile.read(tmp_path / "call.wav", dtype="float32")
    assert np.abs(heard.T - samples).max() < 0.02


def test_made_calls_hold_every_clip_once_and_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    clips = read_clips(_clips(tmp_path, 13))
    assert len(clips) == 13
    made: list[list[Recording]] = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        made.append(make_calls(clips, 13, folder, seed=3))
    first, second = made[0]
    assert (first.name, second.name) == ("clips-00", "clips-01")
    assert first.said == ("第0句第2句第4句第6句第8句", "第1句第3句第5句第7句第9句")
    assert second.said == ("第10句第12句", "第11句")
    assert [r.audio.read_bytes() for r in made[0]] == [r.audio.read_bytes() for r in made[1]]
    assert load_call_record(first.record).channels == {0: "agent", 1: "customer"}
