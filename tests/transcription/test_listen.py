from pathlib import Path

import numpy as np
import pytest

from ingest.audio import RATE, decode
from transcription.engines.engine import Hearing, Reading
from transcription.listen import Clip, listen

SAMPLES = Path(__file__).parents[2] / "samples" / "calls"
SURE = Reading("我没有收到传票", (), -0.2, 0.0)
UNSURE = Reading("我没有收到船票", (), -1.2, 0.0)
DOUBLED = Reading("你好哪位啊你好哪位啊", (), -0.1, 0.0)
STOCK = Reading("谢谢大家观看", (), -0.1, 0.0)


@pytest.fixture(scope="module")
def clip():
    """Two seconds of somebody speaking."""
    return decode(SAMPLES / "S01-clean.opus").sound.part(1.0, 3.0)[0]


def refused(heard):
    return [(judged.reading.text, judged.verdict.reason) for judged in heard.refused]


def test_a_sure_reading_is_heard_once(scripted, clip):
    engine = scripted([SURE, UNSURE])
    heard = listen(engine, [Clip(clip, 2.0)], "zh")[0]
    assert (heard.accepted.reading, heard.refused, engine.asked) == (SURE, (), [0])


def test_a_doubtful_reading_is_heard_again(scripted, clip):
    engine = scripted([UNSURE, SURE, STOCK])
    heard = listen(engine, [Clip(clip, 2.0)], "zh")[0]
    assert (heard.accepted.reading, heard.refused, engine.asked) == (SURE, (), [0, 1])


def test_the_likeliest_of_doubtful_readings_wins(scripted, clip):
    assert listen(scripted([DOUBLED, UNSURE]), [Clip(clip, 2.0)], "zh")[0].accepted.reading == UNSURE
    assert listen(scripted([STOCK, DOUBLED]), [Clip(clip, 2.0)], "zh")[0].accepted.reading == DOUBLED


def test_refused_readings_are_kept_with_their_reason(scripted, clip):
    heard = listen(scripted([STOCK, SURE]), [Clip(clip, 2.0)], "zh")[0]
    assert heard.accepted.reading == SURE
    assert refused(heard) == [("谢谢大家观看", "stock_phrase")]


def test_nothing_is_taken_when_every_reading_is_refused(scripted, clip):
    heard = listen(scripted([STOCK, Reading("", (), -0.1)]), [Clip(clip, 2.0)], "zh")[0]
    assert heard.accepted is None
    assert refused(heard) == [("谢谢大家观看", "stock_phrase")]


def test_only_the_doubtful_of_several_clips_are_heard_again(scripted, clip):
    class Two(scripted):
        def hear(self, clips, language, way=0, *, speakers=()):  # noqa: ARG002
            self.asked.append((way, len(clips)))
            return Hearing((SURE, UNSURE)[: len(clips)] if way == 0 else (SURE,) * len(clips))

    engine = Two([SURE, SURE])
    heard = listen(engine, [Clip(clip, 2.0), Clip(clip, 2.0)], "zh")
    assert [each.accepted.reading for each in heard] == [SURE, SURE]
    assert engine.asked == [(0, 2), (1, 1)]


def test_a_first_hearing_is_not_made_again(scripted, clip):
    engine = scripted([UNSURE, SURE])
    heard = listen(engine, [Clip(clip, 2.0)], "zh", Hearing((SURE,)))
    assert (heard[0].accepted.reading, engine.asked) == (SURE, [])


def test_a_doubtful_text_for_what_is_no_voice_is_refused(scripted):
    silence = np.zeros(2 * RATE, dtype=np.float32)
    heard = listen(scripted([UNSURE]), [Clip(silence, 2.0)], "zh")[0]
    assert heard.accepted is None
    assert refused(heard) == [("我没有收到船票", "no_speech")]


def test_a_sound_that_is_no_voice_when_heard_alone_is_none_among_others(scripted, clip):
    among = Reading("我没有收到", (), -1.1)
    alone = Reading("谢谢", (), -1.4, 0.8)
    heard = listen(scripted([among, alone]), [Clip(clip, 2.0)], "zh")[0]
    assert heard.accepted is None
    assert refused(heard) == [("我没有收到", "no_speech"), ("谢谢", "no_speech")]


def test_a_voice_when_heard_alone_is_one_among_others(scripted, clip):
    among = Reading("我没有收到", (), -1.1)
    alone = Reading("我没有收", (), -1.2, 0.1)
    assert listen(scripted([among, alone]), [Clip(clip, 2.0)], "zh")[0].accepted.reading.text == "我没有收到"


def test_an_engine_that_does_not_say_how_sure_it_is_is_not_believed_about_noise(scripted):
    hum = (0.1 * np.sin(np.arange(3 * RATE) * 2 * np.pi * 50 / RATE)).astype(np.float32)
    engine = scripted([Reading("您好请问是李先生吗")])
    (heard,) = listen(engine, [Clip(hum, 3.0)], "zh")
    assert heard.accepted is None
    assert [each.verdict.reason for each in heard.refused] == ["no_speech"]
