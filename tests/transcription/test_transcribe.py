"""From audio to transcript: the speech of the samples, with words that are scripted, or heard for real."""

from pathlib import Path

import numpy as np
import pytest

from ingest.audio import RATE, decode
from ingest.metadata import CallRecord
from transcription.engines.engine import EngineSettings, Hearing, LanguageGuess, Reading
from transcription.engines.registry import make_engine
from transcription.text.word_choice import word_choice_version
from transcription.transcribe import transcribe
from transcription.types import Word

SAMPLES = Path(__file__).parents[2] / "samples" / "calls"
FACING = {0: "agent", 1: "customer"}


@pytest.fixture(scope="module")
def opening():
    """The first 12 s of a two-channel sample call."""
    return decode(SAMPLES / "S01-clean.opus").sound.part(0, 12)


class SidedEngine:
    """Hears a customer on the first side and an agent on the second."""

    name, model, ways, options = "sided", "script", 1, {}

    def hear(self, clips, language, way=0, *, speakers=()):  # noqa: ARG002
        lines = ("哪位，我没钱，再打投诉你们", "您好，我是公司的，受银行委托")
        return Hearing(tuple(said(lines[speaker]) for speaker in speakers), LanguageGuess("zh", 0.9))


def record(**fields):
    return CallRecord(external_id="1", source="test", **fields)


def said(text, log_probability=-0.2, words=()):
    return Reading(text, words, log_probability, 0.0)


def test_channels_give_the_roles_and_utterances_follow_each_other(opening, make_audio, scripted):
    transcript = transcribe(make_audio(opening), record(channels=FACING), scripted([said("好的，我知道了")]))
    speakers = [utterance.speaker for utterance in transcript.utterances]
    assert speakers[:3] == ["agent", "customer", "agent"]
    assert [utterance.id for utterance in transcript.utterances] == list(range(len(speakers)))
    assert {utterance.role_trust for utterance in transcript.utterances} == {1.0}
    assert (transcript.language, transcript.engine, transcript.model) == ("zh", "scripted", "script")
    assert transcript.options == {
        "script": 1,
        "split": "channels",
        "agent_channel": 0,
        "customer_channel": 1,
        "word_choice": word_choice_version(),
    }
    assert transcript.problems == ()


def test_exchanged_channels_exchange_the_roles(opening, make_audio, scripted):
    exchanged = record(channels={0: "customer", 1: "agent"})
    transcript = transcribe(make_audio(opening), exchanged, scripted([said("好的，我知道了")]))
    assert [utterance.speaker for utterance in transcript.utterances][:2] == ["customer", "agent"]


@pytest.mark.parametrize("given", [None, record(), record(channels={0: "agent", 1: "agent"})])
def test_without_roles_the_usual_ones_are_assumed_at_lower_trust(opening, make_audio, scripted, given):
    transcript = transcribe(make_audio(opening), given, scripted([said("好的，我知道了")]))
    assert transcript.utterances[0].speaker == "agent"
    assert {utterance.role_trust for utterance in transcript.utterances} == {0.7}
    assert transcript.problems == ("roles.assumed",)


def test_one_known_channel_tells_the_other(opening, make_audio, scripted):
    transcript = transcribe(make_audio(opening), record(channels={1: "agent"}), scripted([said("好的")]))
    assert transcript.utterances[0].speaker == "customer"
    assert transcript.problems == ()


def test_one_channel_without_telling_words_leaves_the_speakers_unknown(opening, make_audio, scripted):
    mono = make_audio(opening.mean(axis=0, keepdims=True))
    transcript = transcribe(mono, record(channels=FACING), scripted([said("好的，我知道了")]))
    assert {utterance.speaker for utterance in transcript.utterances} == {"unknown"}
    assert transcript.problems == ("roles.unknown",)


def test_the_same_sound_on_both_channels_is_treated_as_one(opening, make_audio, scripted):
    mixed = np.repeat(opening.mean(axis=0, keepdims=True), 2, axis=0)
    transcript = transcribe(make_audio(mixed), record(channels=FACING), scripted([said("好的")]))
    assert transcript.options["split"] == "voices"


def test_text_is_simplified_and_word_times_are_those_of_the_recording(opening, make_audio, scripted):
    reading = said("還沒還", words=(Word("還", 0.1, 0.3, 0.87654), Word("沒還", 0.3, 0.6, 0.5)))
    transcript = transcribe(make_audio(opening), record(channels=FACING), scripted([reading]))
    first = transcript.utterances[0]
    assert first.text == "还没还。"
    assert [word.text for word in first.words] == ["还", "没还"]
    assert first.start - 0.01 <= first.words[0].start < first.words[0].end <= first.start + 0.3
    assert first.words[0].confidence == 0.877
    assert first.confidence == 0.688


def test_refused_text_is_kept_apart_and_its_speech_counts_as_unheard(opening, make_audio, scripted):
    transcript = transcribe(make_audio(opening), record(channels=FACING), scripted([said("謝謝大家觀看")]))
    assert transcript.utterances == ()
    assert {(r.text, r.reason) for r in transcript.rejected} == {("谢谢大家观看", "stock_phrase")}
    assert len(transcript.unheard) == len(transcript.rejected)
    assert transcript.problems == ("transcript.empty", "speech.unheard")


def test_speech_too_faint_to_be_heard_is_marked(opening, make_audio, scripted):
    whispered = opening.copy()
    whispered[0, 9 * RATE :] *= 0.03
    engine = scripted([said("好的，我知道了")])
    heard = transcribe(make_audio(opening), record(channels=FACING), engine)
    marked = transcribe(make_audio(whispered), record(channels=FACING), engine)
    assert heard.unheard == ()
    assert {(speaker, start > 8.9) for speaker, start, _end in marked.unheard} == {("agent", True)}


def test_without_roles_the_words_of_the_call_tell(opening, make_audio):
    transcript = transcribe(make_audio(opening), None, SidedEngine())
    assert [utterance.speaker for utterance in transcript.utterances][:2] == ["customer", "agent"]
    assert {utterance.role_trust for utterance in transcript.utterances} == {0.8}
    assert (transcript.options["agent_channel"], transcript.problems) == (1, ())


def test_roles_that_the_words_contradict_stand_but_are_not_trusted(make_audio):
    longer = decode(SAMPLES / "S01-clean.opus").sound.part(0, 20)
    transcript = transcribe(make_audio(longer), record(channels=FACING), SidedEngine())
    assert [utterance.speaker for utterance in transcript.utterances][:2] == ["agent", "customer"]
    assert {utterance.role_trust for utterance in transcript.utterances} == {0.3}
    assert transcript.problems == ("roles.likely_swapped",)


@pytest.mark.parametrize(
    ("sound", "problems"),
    [
        (np.zeros((2, 0)), ("transcript.empty", "audio.silent")),
        (np.zeros((1, 5 * RATE)), ("transcript.empty", "audio.silent")),
        (0.1 * np.sin(np.arange(5 * RATE) / 5)[None], ("transcript.empty", "audio.no_speech")),
    ],
)
def test_a_recording_without_speech_is_empty_and_says_why(make_audio, scripted, sound, problems):
    engine = scripted([said("谢谢")])
    transcript = transcribe(make_audio(sound), None, engine)
    assert (transcript.utterances, transcript.problems, engine.asked) == ((), problems, [])


def test_an_unsupported_language_is_not_written_down(opening, make_audio, scripted):
    engine = scripted([said("もしもし")], LanguageGuess("ja", 0.9))
    transcript = transcribe(make_audio(opening), record(channels=FACING), engine)
    assert (transcript.language, transcript.problems) == ("ja", ("language.unsupported",))
    assert (transcript.utterances, engine.asked) == ((), [])
    assert len(transcript.unheard) >= 3


@pytest.mark.parametrize(
    ("given", "guess", "language", "problems"),
    [
        ("zh-CN", LanguageGuess("ja", 0.9), "zh", ()),
        ("en_US", LanguageGuess("zh", 0.9), "en", ()),
        (None, LanguageGuess("en", 0.9), "en", ()),
        (None, LanguageGuess("zh", 0.2), "zh", ("language.unknown",)),
        (None, LanguageGuess("ja", 0.2), None, ("language.unknown",)),
        ("ug", LanguageGuess("zh", 0.9), "ug", ("language.unsupported",)),
    ],
)
def test_metadata_name_the_language_before_the_engine_guesses(
    opening, make_audio, scripted, given, guess, language, problems
):
    engine = scripted([said("okay then")], guess)
    transcript = transcribe(make_audio(opening), record(channels=FACING, language=given), engine)
    assert (transcript.language, transcript.problems) == (language, problems)


def test_progress_ends_at_one(opening, make_audio, scripted):
    seen = []
    transcribe(make_audio(opening), None, scripted([said("好的")]), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0)


def test_whisper_hears_a_real_call_and_hears_it_the_same_twice(opening, make_audio, tmp_path):
    engine = make_engine("faster-whisper", EngineSettings(models_folder=tmp_path))
    audio = make_audio(opening[:, : 8 * RATE])
    first = transcribe(audio, record(channels=FACING), engine)
    assert first.language == "zh"
    assert first.model.startswith("whisper-base@905e5bf8336b")
    assert "先生本人吗" in "".join(u.text for u in first.utterances if u.speaker == "agent")
    for utterance in first.utterances:
        assert utterance.words
        assert (
            utterance.start - 0.2
            <= utterance.words[0].start
            <= utterance.words[-1].end
            <= utterance.end + 0.2
        )
    assert transcribe(audio, record(channels=FACING), engine) == first
