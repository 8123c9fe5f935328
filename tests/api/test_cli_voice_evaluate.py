"""`diting voice evaluate` on clips made by script: calm ones, and ones that are higher and louder."""

import json

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from api.cli.main import app
from ingest.sound import RATE
from store.errors import BadInputError


def buzz(hertz, level_db, press):
    """A vowel with pauses, of two speeches' length; `press` gives its overtones more power."""
    times = np.arange(round(1.2 * RATE)) / RATE
    wave = np.sum([np.sin(2 * np.pi * hertz * k * times) / k**press for k in range(1, 16)], axis=0)
    wave *= 10 ** (level_db / 20) / np.sqrt(np.mean(wave**2))
    silence = np.zeros(RATE // 5)
    return np.concatenate([silence, wave, silence, wave, silence]).astype(np.float32)


@pytest.fixture
def folder(tmp_path):
    rows = ["file\tspeaker\temotion"]
    for speaker, hertz in (("A", 130), ("B", 220)):
        for number in range(4):
            for emotion, up, louder, press in (
                ("neutral", 1.0, 0, 1.4),
                ("生气", 1.3, 6, 0.9),
                ("sad", 0.95, -4, 1.6),
            ):
                name = f"{speaker}{number}{'nas'[('neutral', '生气', 'sad').index(emotion)]}.wav"
                sound = buzz(hertz * up * (1 + 0.02 * number), -26 + louder - number, press)
                soundfile.write(tmp_path / name, sound, RATE)
                rows.append(f"{name}\t{speaker}\t{emotion}")
    (tmp_path / "labels.tsv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def run(*arguments):
    command = ["voice", "evaluate", *map(str, arguments), "--jobs", "1"]
    return CliRunner().invoke(app, command, catch_exceptions=False)


@pytest.mark.parametrize("flags", [(), ("--telephone",), ("--same-level",), ("--telephone", "--same-level")])
def test_anger_is_told_from_the_rest(folder, flags):
    done = run(folder, "--labels", "labels.tsv", "--json", *flags)
    assert (done.exit_code, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert (data["auc_anger_neutral"], data["auc_anger_rest"]) == (1.0, 1.0)
    assert (data["clips"], data["speakers"], data["left_out"]) == (24, 2, [])
    assert data["counted_as"] == {"anger": {"生气": 8}, "neutral": {"neutral": 8}, "rest": {"sad": 8}}
    assert (data["telephone"], data["same_level"]) == ("--telephone" in flags, "--same-level" in flags)
    assert [(each["speaker"], each["anger"]) for each in data["per_speaker"]] == [("A", 4), ("B", 4)]
    assert run(folder, "--json", *flags).stdout.replace(
        str(folder / "labels.tsv"), ""
    ) == done.stdout.replace(str(folder / "labels.tsv"), "")


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("说话人", "计为愤怒: 生气 8")), ("en", ("speaker", "counted as anger: 生气 8"))],
)
def test_the_table_says_it_in_both_languages(folder, lang, words):
    done = run(folder, "--lang", lang)
    assert done.exit_code == 0
    assert all(word in done.stdout for word in words)


def test_clips_that_cannot_be_judged_are_named(folder):
    (folder / "A0n.wav").unlink()
    (folder / "A0a.wav").write_bytes(b"no sound")
    soundfile.write(folder / "A0s.wav", np.zeros(RATE), RATE)
    with (folder / "labels.tsv").open("a", encoding="utf-8") as file:
        soundfile.write(folder / "lone.wav", buzz(150, -26, 1), RATE)
        file.write("\nlone.wav\tC\tanger\n")
        for number in range(3):
            soundfile.write(folder / f"D{number}.wav", buzz(150 + number, -26, 1), RATE)
            file.write(f"D{number}.wav\tD\tanger\n")
        file.write("A1n.wav\tA\n")
    done = run(folder, "--json")
    assert done.exit_code == 2
    left_out = {each["file"]: each["reason"] for each in json.loads(done.stdout)["left_out"]}
    assert left_out == {
        "A0n.wav": "missing",
        "A0a.wav": "unreadable",
        "A0s.wav": "no_voice",
        "lone.wav": "speaker_unknown",
        **{f"D{number}.wav": "one_emotion" for number in range(3)},
        "labels.tsv line 30": "row",
    }
    assert "[voice_clip.missing]" in done.stderr
    assert "labels.tsv line 30: a file, a speaker or an emotion is missing" in done.stderr


def test_what_gives_no_figure_is_said(folder):
    text = (folder / "labels.tsv").read_text(encoding="utf-8")
    (folder / "labels.tsv").write_text(text.replace("neutral", "joy"), encoding="utf-8")
    done = run(folder, "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["auc_anger_neutral"] is None
    assert done.stderr.startswith("No clip counts as neutral: auc_anger_neutral is empty.")


def test_nothing_that_can_be_judged_is_an_error(folder, tmp_path_factory):
    with pytest.raises(BadInputError) as caught:
        run(tmp_path_factory.mktemp("empty"), "--labels", folder / "labels.tsv")
    assert caught.value.code == "voice_labels.nothing"
    with pytest.raises(BadInputError) as caught:
        run(folder / "none")
    assert caught.value.code == "voice_labels.no_folder"
