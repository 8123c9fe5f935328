from collections import Counter

import numpy as np
import pytest

from bench.guard.answers import Answer, Call, Spoken, calls, load
from bench.guard.hits import hits
from bench.guard.noises import RATE
from transcription.types import Transcript, Utterance


@pytest.fixture(scope="module")
def every_call():
    return list(calls())


def test_every_stored_answer_is_given_once(every_call):
    stored = [*load("answers"), *load("recorded")]
    given = [answer.spoken for call in every_call for answer in call.answers]
    key = [(spoken.text, spoken.source, len(spoken.wave)) for spoken in stored]
    assert Counter(key) == Counter((spoken.text, spoken.source, len(spoken.wave)) for spoken in given)
    assert len(given) > 300


def test_answers_are_where_they_are_said_to_be(every_call):
    for call in every_call[::7]:
        customer = call.channels[1]
        noise = np.std(customer[: int(0.2 * RATE)])
        for answer in call.answers:
            part = customer[int(answer.start * RATE) : int(answer.end * RATE)]
            assert np.std(part) > 2 * noise, answer.spoken.text
        starts = [answer.start for answer in call.answers]
        assert starts == sorted(starts)


def call_with(text):
    spoken = Spoken(text, "zh", "test", np.zeros(8))
    return Call("zh", (Answer(spoken, 2.0, 2.6),), [np.zeros(8), np.zeros(8)])


def heard(*utterances):
    said = (Utterance(i, who, start, end, text) for i, (who, start, end, text) in enumerate(utterances))
    return Transcript("zh", "test", "", tuple(said))


@pytest.mark.parametrize(
    ("utterance", "kept", "right", "right_sound"),
    [
        (("customer", 1.9, 2.7, "不是。"), True, True, True),
        (("customer", 1.9, 2.7, "布氏"), True, False, True),
        (("customer", 1.9, 2.7, "不信"), True, False, False),
        (("customer", 2.5, 3.7, "不是"), False, False, False),
        (("agent", 1.9, 2.7, "不是"), False, False, False),
        (("customer", 1.9, 2.7, "……"), False, False, False),
    ],
)
def test_an_answer_is_kept_where_accepted_text_stands(utterance, kept, right, right_sound):
    (hit,) = hits(call_with("不是"), heard(utterance))
    assert (hit.kept, hit.right, hit.right_sound) == (kept, right, right_sound)


def test_where_nobody_knows_what_was_said_only_keeping_counts():
    (hit,) = hits(call_with(""), heard(("customer", 1.9, 2.7, "嗯")))
    assert (hit.kept, hit.right, hit.right_sound) == (True, None, None)
