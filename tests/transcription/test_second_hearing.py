from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from ingest.audio import RATE, Samples
from tests.transcription.conftest import ScriptedEngine
from transcription.engines.engine import Hearing, Reading
from transcription.questions import Question
from transcription.second_hearing import hear_again
from transcription.types import Transcript, Utterance

SOUND = np.random.default_rng(1).normal(0, 0.1, (2, RATE * 40)).astype(np.float32)
TRANSCRIPT = Transcript(
    "zh",
    "scripted",
    "script",
    (
        Utterance(0, "agent", 1.0, 3.0, "收款马发你", side=0),
        Utterance(1, "customer", 4.0, 33.5, "好的", side=1),
        Utterance(2, "unknown", 35.0, 36.0, "谁", side=None),
    ),
)
ASKED = Question(0, "收款马发你", "收款码发你")


class Listener(ScriptedEngine):
    """Remembers the clips it heard."""

    def __init__(self, *texts: str, name: str = "scripted", model: str = "script") -> None:
        super().__init__([Reading(text) for text in texts])
        self.name, self.model = name, model
        self.heard: list[tuple[int, float]] = []

    def hear(
        self,
        clips: Sequence[Samples],
        language: str | None,
        way: int = 0,
        *,
        speakers: Sequence[int] = (),  # noqa: ARG002
    ) -> Hearing:
        self.heard += [(way, len(clip) / RATE) for clip in clips]
        return super().hear(clips, language, way)


class Weigher(Listener):
    """Also weighs words: the shorter, the likelier."""

    def likelihoods(self, clip: Samples, language: str, texts: Sequence[str]) -> tuple[float, ...]:
        assert language == "zh"
        return tuple(-len(text) - len(clip) / RATE / 1000 for text in texts)


def test_a_place_is_heard_another_way_and_with_more_around_it_but_not_as_a_last_resort(make_audio):
    engine = Listener("收款马发你", "收款码 发你", "收款吗发你", "谢谢观看")
    (answer,) = hear_again(make_audio(SOUND), TRANSCRIPT, [ASKED], engine)
    assert engine.heard == [(2, pytest.approx(2.2)), (1, pytest.approx(3.0))]
    assert answer.readings == ("收款吗发你", "收款码发你")
    assert (answer.likelihood_heard, answer.likelihood_expected) == (None, None)
    assert (answer.engine, answer.model) == ("scripted", "script")


def test_nothing_heard_is_no_reading(make_audio):
    (answer,) = hear_again(make_audio(SOUND), TRANSCRIPT, [ASKED], Listener("收款马发你", ""))
    assert answer.readings == ()


def test_the_engine_weighs_the_words(make_audio):
    asked = Question(0, "收款马发你", "收款码")
    (answer,) = hear_again(make_audio(SOUND), TRANSCRIPT, [asked], Weigher("收款马发你"))
    assert (answer.likelihood_heard, answer.likelihood_expected) == (-5.002, -3.002)


def test_a_second_engine_is_heard_and_its_word_counts(make_audio):
    first, second = Weigher("收款马发你"), Weigher("收款码发你", name="other", model="large")
    (answer,) = hear_again(make_audio(SOUND), TRANSCRIPT, [ASKED], first, second)
    assert answer.readings == ("收款马发你", "收款码发你")
    assert (answer.engine, answer.model) == ("other", "large")
    plain = Listener("收款码发你", name="other", model="small")
    (answer,) = hear_again(make_audio(SOUND), TRANSCRIPT, [ASKED], first, plain)
    assert (answer.engine, answer.likelihood_heard) == ("scripted", -5.002)


def test_words_that_are_the_same_are_not_weighed(make_audio):
    asked = Question(0, "收款马发你", "收款马发你")
    (answer,) = hear_again(make_audio(SOUND), TRANSCRIPT, [asked], Weigher("收款马发你"))
    assert answer.likelihood_heard is None


def test_two_questions_to_one_utterance_hear_it_once(make_audio):
    engine, shares = Listener("收款马发你"), []
    asked = [ASKED, replace(ASKED, as_expected="收款吗发你")]
    answers = hear_again(make_audio(SOUND), TRANSCRIPT, asked, engine, progress=shares.append)
    assert [answer.question for answer in answers] == asked
    assert len(engine.heard) == 1
    assert shares == [0.5, 1.0]


def test_clips_stay_within_what_engines_take(make_audio):
    engine = Listener("好的")
    hear_again(make_audio(SOUND), TRANSCRIPT, [Question(1, "好的", "不好")], engine)
    assert engine.heard == [(0, pytest.approx(30.0))]


def test_an_utterance_without_a_side_cannot_be_heard_again(make_audio):
    assert hear_again(make_audio(SOUND), TRANSCRIPT, [Question(2, "谁", "水")], Listener("谁")) == ()


def test_nothing_asked_needs_no_sound(make_audio):
    assert hear_again(make_audio(SOUND), TRANSCRIPT, [], Listener("好")) == ()
