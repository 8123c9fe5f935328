"""The real library sherpa-onnx with tiny models that hear tones (tone_models.py)."""

import subprocess
import sys

import numpy as np
import pytest

from ingest.audio import RATE
from store.errors import EngineError
from tests.transcription.engines.tone_models import paraformer, sense_voice, sound
from transcription.engines import sherpa
from transcription.engines.engine import EngineSettings, LanguageGuess
from transcription.engines.registry import make_engine
from transcription.guard import judge

SENSE_VOICE = {"您": 20, "好": 30, "▁ok": 40, "ay": 50}
PARAFORMER = {"您": 20, "好": 30, "ok@@": 40, "ay": 50, "hi": 60}
SAID = sound(
    *((None, 0.3), (20, 0.3), (None, 0.3), (30, 0.3), (None, 0.4), (40, 0.24), (50, 0.24), (None, 0.3))
)
QUIET = sound((None, 1.0))
# The features of a frame begin up to 0.1 s before the tone: a window is 85 ms long and moves by 60 ms.
NEAR = 0.11


def engine(folder, **settings):
    return make_engine("sherpa-onnx", EngineSettings(model=str(folder), **settings))


def times(words):
    return [(word.text, word.start, word.end) for word in words]


def near(*expected):
    return [
        (text, pytest.approx(start, abs=NEAR), pytest.approx(end, abs=NEAR)) for text, start, end in expected
    ]


HEARD = near(("您", 0.3, 0.7), ("好", 0.9, 1.3), (" okay", 1.6, 2.24))


def test_sense_voice_writes_down_what_it_hears_with_times_and_language(tmp_path):
    hearing = engine(sense_voice(tmp_path / "tones", SENSE_VOICE)).hear([SAID, QUIET], None)
    assert hearing.language == LanguageGuess("zh", 1.0)
    said, quiet = hearing.readings
    assert said.text == "您好 okay"
    assert times(said.words) == HEARD
    assert {word.confidence for word in said.words} == {0.5}
    assert (said.log_probability, said.no_speech) == (None, None)
    assert (quiet.text, quiet.words) == ("", ())


def test_paraformer_writes_down_what_it_hears_with_times_and_tells_no_language(tmp_path):
    hearing = engine(paraformer(tmp_path / "tones", PARAFORMER)).hear([SAID, QUIET], None)
    assert hearing.language is None
    said, quiet = hearing.readings
    assert said.text == "您好 okay"
    assert times(said.words) == HEARD
    assert (said.log_probability, said.no_speech) == (None, None)
    assert (quiet.text, quiet.words) == ("", ())


def test_a_paraformer_without_times_gives_none(tmp_path):
    (reading,) = engine(paraformer(tmp_path / "tones", PARAFORMER, times=False)).hear([SAID], "zh").readings
    assert (reading.text, reading.words) == ("您好 okay", ())


def test_english_words_of_a_paraformer_stand_apart(tmp_path):
    clip = sound((None, 0.3), (60, 0.3), (None, 0.3), (60, 0.3), (None, 0.3))
    (reading,) = engine(paraformer(tmp_path / "tones", PARAFORMER)).hear([clip], "en").readings
    assert reading.text == "hi hi"
    assert times(reading.words) == near(("hi", 0.3, 0.7), (" hi", 0.9, 1.3))


def test_sense_voice_reads_in_the_language_it_is_told(tmp_path, monkeypatch):
    """The marks that the model writes before the text say which language it was told."""
    listening = engine(sense_voice(tmp_path / "tones", SENSE_VOICE, auto="yue"))
    seen = []
    decode = listening._decode

    def noting(recogniser, clip):
        seen.append(decode(recogniser, clip))
        return seen[-1]

    monkeypatch.setattr(listening, "_decode", noting)
    assert listening.hear([SAID], "en").language is None
    assert listening.hear([SAID], "zh").language is None
    assert [result.lang for result in seen] == ["<|en|>", "<|zh|>"]
    seen.clear()
    assert listening.hear([SAID], None).language == LanguageGuess("yue", 1.0)
    assert [result.lang for result in seen] == ["<|yue|>", "<|yue|>"]


def test_a_model_that_hears_nobody_says_so(tmp_path):
    listening = engine(sense_voice(tmp_path / "tones", SENSE_VOICE, auto="nospeech"))
    hearing = listening.hear([QUIET], None)
    assert hearing.language is None
    assert hearing.readings[0].no_speech == 1.0


@pytest.mark.parametrize("make", [sense_voice, paraformer])
def test_a_language_that_the_model_does_not_know_is_refused(tmp_path, make):
    listening = engine(make(tmp_path / "tones", SENSE_VOICE if make is sense_voice else {"您": 20}))
    with pytest.raises(EngineError) as caught:
        listening.hear([SAID], "fr")
    assert caught.value.code == "engine.language"
    known = "zh, en, ja, ko, yue" if make is sense_voice else "zh"
    assert f"this one knows {known}." in str(caught.value)


@pytest.mark.parametrize("make", [sense_voice, paraformer])
def test_the_same_clip_reads_the_same_in_any_company(tmp_path, make):
    tokens = SENSE_VOICE if make is sense_voice else PARAFORMER
    listening = engine(make(tmp_path / "tones", tokens))
    (alone,) = listening.hear([SAID], "zh").readings
    long = sound((30, 0.5), (None, 8.0), (20, 0.5))
    assert listening.hear([long, SAID, QUIET[:100]], "zh").readings[1] == alone


@pytest.mark.parametrize("samples", [0, 1, 160, 1359])
def test_clips_shorter_than_a_window_are_heard_too(tmp_path, samples):
    listening = engine(sense_voice(tmp_path / "tones", SENSE_VOICE))
    (reading,) = listening.hear([np.zeros(samples, np.float32)], "zh").readings
    assert (reading.text, reading.words) == ("", ())


def test_no_word_ends_after_its_clip(tmp_path):
    clip = sound((None, 0.1), (20, 0.25))
    (reading,) = engine(sense_voice(tmp_path / "tones", SENSE_VOICE)).hear([clip], "zh").readings
    assert reading.words[-1].end <= len(clip) / RATE < 0.5


@pytest.fixture
def in_bytes(tmp_path):
    """A model that writes one of its characters in three bytes."""
    every_byte = [f"<0x{value:02X}>" for value in range(256)]
    bands = {"<0xE6>": 20, "<0x82>": 30, "<0xA8>": 40, "好": 50}
    return engine(sense_voice(tmp_path / "bytes", bands, more_tokens=every_byte))


def test_a_character_in_pieces_is_written_whole_without_times(in_bytes):
    clip = sound((None, 0.3), (20, 0.24), (30, 0.24), (40, 0.24), (None, 0.3), (50, 0.3), (None, 0.3))
    (reading,) = in_bytes.hear([clip], "zh").readings
    assert (reading.text, reading.words) == ("您好", ())


def test_a_piece_of_a_character_is_no_text_and_no_empty_reading(in_bytes):
    (reading,) = in_bytes.hear([sound((None, 0.3), (20, 0.3), (None, 0.3))], "zh").readings
    assert (reading.text, reading.words) == ("\ufffd", ())
    assert judge(reading, 0.3).reason == "empty"


def test_the_name_of_the_model_tells_its_weights_apart(tmp_path):
    first = engine(sense_voice(tmp_path / "a" / "tones", SENSE_VOICE))
    again = engine(sense_voice(tmp_path / "b" / "tones", SENSE_VOICE))
    other = engine(sense_voice(tmp_path / "c" / "tones", SENSE_VOICE | {"好": 31}))
    assert first.model == again.model
    assert first.model.startswith("tones@")
    assert other.model != first.model
    assert first.options["kind"] == "sense_voice"
    assert str(first.options["library"]).startswith("sherpa-onnx ")


@pytest.mark.parametrize(("compute_type", "chosen"), [("int8", "model.int8.onnx"), ("float32", "model.onnx")])
def test_of_two_models_the_compute_type_chooses(tmp_path, compute_type, chosen):
    for name in ("model.onnx", "model.int8.onnx"):
        sense_voice(tmp_path / "tones", SENSE_VOICE, name=name)
    assert engine(tmp_path / "tones", compute_type=compute_type).options["weights"] == chosen


# What cannot be used. The library ends the process over some of it: none may get so far.


def refused(folder, code, why=""):
    with pytest.raises(EngineError) as caught:
        engine(folder)
    with pytest.raises(EngineError) as checked:
        sherpa.factory.check(EngineSettings(model=str(folder)))
    assert caught.value.code == code
    assert why in str(caught.value)
    return caught.value, checked.value


def test_no_model_comes_with_it():
    error, checked = refused("bundled", "model.missing")
    assert error.where == "DITING_MODEL"
    assert str(checked) == str(error)


def test_a_missing_folder_is_named(tmp_path):
    error, _ = refused(tmp_path / "none", "model.missing", "no such model folder")
    assert error.where == str(tmp_path / "none")


@pytest.mark.parametrize("missing", ["model.onnx", "tokens.txt"])
def test_a_missing_file_is_named(tmp_path, missing):
    (sense_voice(tmp_path / "tones", SENSE_VOICE) / missing).unlink()
    refused(tmp_path / "tones", "model.missing", f"holds no {missing}")


@pytest.mark.parametrize(("broken", "file"), [("model.onnx", "model.onnx"), ("tokens.txt", "tokens.txt")])
def test_a_file_that_cannot_be_read_is_named(tmp_path, broken, file):
    folder = sense_voice(tmp_path / "tones", SENSE_VOICE)
    (folder / broken).unlink()
    (folder / broken).mkdir()
    error, _ = refused(folder, "model.unreadable")
    assert error.where == str(folder / file)


@pytest.mark.parametrize(
    "content", [b"", b"no model at all", b"\x08\x08", b"\x3a\xff\xff\x03", b"\x08" + b"\xff" * 20]
)
def test_a_file_that_is_no_model_is_refused(tmp_path, content):
    folder = sense_voice(tmp_path / "tones", SENSE_VOICE)
    (folder / "model.onnx").write_bytes(content)
    refused(folder, "model.unreadable")


def test_a_model_that_breaks_off_is_refused(tmp_path):
    folder = sense_voice(tmp_path / "tones", SENSE_VOICE)
    whole = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(whole[: len(whole) // 2])
    refused(folder, "model.unreadable", "breaks off")


def test_a_graph_that_the_library_cannot_load_is_refused(tmp_path):
    folder = sense_voice(tmp_path / "tones", SENSE_VOICE)
    whole = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(whole.replace(b"Gather", b"Gothar"))
    with pytest.raises(EngineError) as caught:
        engine(folder)
    assert caught.value.code == "model.unreadable"
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("make", "key", "value"),
    [
        (sense_voice, "with_itn", ""),
        (sense_voice, "lang_yue", ""),
        (sense_voice, "lang_zh", "three"),
        (sense_voice, "normalize_samples", "-1"),
        (sense_voice, "vocab_size", ""),
        (sense_voice, "neg_mean", "1,2,x"),
        (sense_voice, "inv_stddev", "1,1"),
        (paraformer, "vocab_size", ""),
        (paraformer, "lfr_window_shift", ""),
        (paraformer, "neg_mean", "0"),
    ],
)
def test_a_key_that_the_library_needs_is_asked_for_first(tmp_path, make, key, value):
    tokens = SENSE_VOICE if make is sense_voice else PARAFORMER
    refused(make(tmp_path / "tones", tokens, change={key: value}), "model.unreadable", f"no usable {key}")


def test_the_library_would_indeed_end_the_process(tmp_path):
    folder = sense_voice(tmp_path / "tones", SENSE_VOICE, change={"with_itn": ""})
    program = (
        "import sys, sherpa_onnx; sherpa_onnx.OfflineRecognizer.from_sense_voice("
        "model=sys.argv[1] + '/model.onnx', tokens=sys.argv[1] + '/tokens.txt')"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, check=False)
    assert ended.returncode not in (0, 1)
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("kind", ["zipformer2_ctc", "whisper-tiny"])
def test_a_model_of_another_kind_is_refused(tmp_path, kind):
    folder = sense_voice(tmp_path / "tones", SENSE_VOICE, change={"model_type": kind})
    refused(folder, "model.unsupported", kind)


def test_an_old_paraformer_says_nothing_of_its_kind(tmp_path):
    folder = paraformer(tmp_path / "tones", PARAFORMER, change={"model_type": ""})
    assert engine(folder).options["kind"] == "paraformer"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"hello\nworld x\n", "line 1 is no token"),
        (b"a b 0\n", "line 1 is no token"),
        (b"<blank> 0\n\n", "line 2 is no token"),
        (b"<blank> 0\n", "some of them are not listed"),
        (b"", "some of them are not listed"),
    ],
)
def test_tokens_that_do_not_fit_are_refused(tmp_path, text, why):
    folder = sense_voice(tmp_path / "tones", SENSE_VOICE)
    (folder / "tokens.txt").write_bytes(text)
    refused(folder, "model.unreadable", why)


def test_spaces_of_other_scripts_are_tokens_like_any_other(tmp_path):
    folder = sense_voice(
        tmp_path / "tones", SENSE_VOICE, more_tokens=["\u3000", "\u00a0", "\u2028", "\u0085"]
    )
    assert engine(folder).hear([SAID], "zh").readings[0].text == "您好 okay"


def test_a_model_that_fails_on_a_clip_is_an_error_and_no_empty_reading(tmp_path):
    """Windows of another length than the graph wants: the library answers with an empty result."""
    narrow = {"lfr_window_size": "6", "neg_mean": ",".join("0" * 480), "inv_stddev": ",".join("1" * 480)}
    listening = engine(sense_voice(tmp_path / "tones", SENSE_VOICE, change=narrow))
    with pytest.raises(EngineError) as caught:
        listening.hear([SAID], "zh")
    assert caught.value.code == "engine.failed"


def test_without_the_library_the_mend_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(sherpa, "find_spec", lambda _name: None)
    folder = sense_voice(tmp_path / "tones", SENSE_VOICE)
    error, checked = refused(folder, "engine.not_installed", "pip install 'diting[sherpa]'")
    assert str(error) == str(checked)
