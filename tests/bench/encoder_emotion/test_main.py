import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bench.encoder_emotion.__main__ import main
from bench.encoder_emotion.clips import Clip, as_rendered, on_the_telephone, rendered
from ingest.audio import RATE

CALLS = Path(__file__).parents[3] / "samples" / "calls"


def tone(hertz: float, level: float, seconds: float = 1.5) -> np.ndarray:
    """A buzz with overtones, as much a voice as the pitch tracker needs."""
    at = np.arange(round(seconds * RATE)) / RATE
    return (level * sum(np.sin(2 * np.pi * hertz * k * at) / k for k in range(1, 12))).astype(np.float32)


def test_a_changed_clip_is_higher_faster_and_louder():
    clip = as_rendered(Clip("c", "a", "a", "neutral", tone(200.0, 0.05)))
    assert (clip.name, clip.emotion) == ("c changed", "changed")
    assert clip.seconds == pytest.approx(1.5 / 2 ** (2 / 12), abs=1e-3)
    power = np.square(clip.samples[RATE // 4 : RATE]).mean() / np.square(tone(200.0, 0.05)).mean()
    assert 10 * np.log10(power) == pytest.approx(6.0, abs=0.2)
    spectrum = np.abs(np.fft.rfft(clip.samples))
    assert np.argmax(spectrum) / clip.seconds == pytest.approx(224.5, abs=1.0)


def test_clips_of_one_speaker_keep_their_levels_on_the_telephone():
    quiet, loud = on_the_telephone(
        [Clip(name, "a", "a", "neutral", tone(200.0, level)) for name, level in (("q", 0.02), ("l", 0.08))]
    )
    ratio = np.square(loud.samples).mean() / np.square(quiet.samples).mean()
    assert 10 * np.log10(ratio) == pytest.approx(20 * np.log10(4), abs=3.1)
    spectrum = np.abs(np.fft.rfft(loud.samples))
    assert spectrum[round(3800 * loud.seconds) :].max() < 0.01 * spectrum.max()


def test_turns_of_a_call_are_cut_at_their_times(tmp_path):
    said = json.loads((CALLS / "S01-clean.transcript.json").read_text(encoding="utf-8"))["utterances"]
    for kind in ("opus", "transcript.json"):
        shutil.copy(CALLS / f"S01-clean.{kind}", tmp_path / f"S01.{kind}")
    styles = ["angry" if number == 2 else "neutral" for number in range(len(said))]
    (tmp_path / "S01.json").write_text(json.dumps({"turns": [{"style": style} for style in styles]}))
    turns = list(rendered(tmp_path, tmp_path))
    long = [number for number, each in enumerate(said) if each["end"] - each["start"] >= 0.8]
    assert [turn.name for turn in turns] == [f"S01/{number}" for number in long]
    assert [turn.emotion for turn in turns] == [styles[number] for number in long]
    assert turns[0].speaker == f"S01/{said[long[0]]['speaker']}"
    assert turns[0].seconds == pytest.approx(said[long[0]]["end"] - said[long[0]]["start"], abs=0.01)


def test_the_bench_tells_all_ways_in_one_run(tmp_path, capsys, monkeypatch):
    """Anger is high and loud here: a voice that all ways can tell."""
    rows = ["file\tspeaker\temotion"]
    for speaker, hertz in (("a", 110.0), ("b", 140.0), ("c", 200.0)):
        for number in range(6):
            angry = number % 2 == 0
            sound = tone(hertz * (1.4 if angry else 1 + number / 50), 0.08 if angry else 0.02)
            soundfile.write(tmp_path / f"{speaker}{number}.wav", sound, RATE)
            rows.append(f"{speaker}{number}.wav\t{speaker}\t{'anger' if angry else 'neutral'}")
    (tmp_path / "labels.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["encoder_emotion", str(tmp_path)])
    main()
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    anger = found["tests"]["anger/neutral, unseen speakers"]
    assert anger["clips"] == 18
    assert anger["auc_arousal"] == 1.0
    assert anger["auc_prosody"] == 1.0
    assert anger["auc_encoder"] > 0.9
    assert anger["difference"] == pytest.approx(anger["auc_encoder"] - 1.0)
    assert set(found["cpu_s_per_s"]["encoder"]) == {"encode", "copy", "pool"}
