"""How likely given words are, with the bundled model on a real sample call."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.audio import decode
from transcription.engines.engine import EngineSettings, ScoringEngine
from transcription.engines.registry import make_engine
from transcription.given import load_transcript
from transcription.questions import Question
from transcription.second_hearing import hear_again

CALLS = Path(__file__).parents[3] / "samples" / "calls"
CALL = "S02-abuse"


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    made = make_engine("faster-whisper", EngineSettings(models_folder=folder))
    assert isinstance(made, ScoringEngine)
    return made


@pytest.mark.parametrize(
    ("utterance", "said", "other"),
    [
        (6, "你就是个不要脸的骗子", "你就是个不要脸的裤子"),
        (8, "你这种人渣我见得多了", "你这种任渣我见得多了"),
        (2, "逾期三个多月了", "预计三个多月了"),
    ],
)
def test_what_was_said_is_likelier_than_what_sounds_like_it(engine, utterance, said, other):
    transcript = load_transcript(CALLS / f"{CALL}.transcript.json")
    text = transcript.utterances[utterance].text
    sides = tuple(replace(each, side=int(each.speaker == "customer")) for each in transcript.utterances)
    asked = Question(utterance, text.replace(said, other), text)
    assert asked.as_heard != text

    (answer,) = hear_again(
        decode(CALLS / f"{CALL}.opus"), replace(transcript, utterances=sides), [asked], engine
    )

    assert answer.likelihood_heard is not None
    assert answer.likelihood_expected is not None
    assert answer.likelihood_heard < answer.likelihood_expected - 2 < -2
    assert answer.readings
