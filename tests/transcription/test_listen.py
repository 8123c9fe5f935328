import numpy as np

from transcription.engines.engine import Reading
from transcription.listen import listen

CLIP = np.zeros(16_000, dtype=np.float32)
SURE = Reading("我没有收到传票", (), -0.2, 0.0)
UNSURE = Reading("我没有收到船票", (), -1.2, 0.0)
DOUBLED = Reading("你好哪位啊你好哪位啊", (), -0.1, 0.0)
STOCK = Reading("谢谢大家观看", (), -0.1, 0.0)


def test_a_sure_reading_is_heard_once(scripted):
    engine = scripted([SURE, UNSURE])
    heard = listen(engine, CLIP, "zh", 2.0)
    assert (heard.reading, heard.refused, engine.asked) == (SURE, (), [0])


def test_a_doubtful_reading_is_heard_again(scripted):
    engine = scripted([UNSURE, SURE, STOCK])
    heard = listen(engine, CLIP, "zh", 2.0)
    assert (heard.reading, heard.refused, engine.asked) == (SURE, (), [0, 1])


def test_the_likeliest_of_doubtful_readings_wins(scripted):
    assert listen(scripted([DOUBLED, UNSURE]), CLIP, "zh", 2.0).reading == UNSURE
    assert listen(scripted([STOCK, DOUBLED]), CLIP, "zh", 2.0).reading == DOUBLED


def test_refused_readings_are_kept_with_their_reason(scripted):
    heard = listen(scripted([STOCK, SURE]), CLIP, "zh", 2.0)
    assert (heard.reading, heard.refused) == (SURE, (("谢谢大家观看", "stock_phrase"),))


def test_nothing_is_taken_when_every_reading_is_refused(scripted):
    heard = listen(scripted([STOCK, Reading("", (), -0.1)]), CLIP, "zh", 2.0)
    assert (heard.reading, heard.refused) == (None, (("谢谢大家观看", "stock_phrase"),))
