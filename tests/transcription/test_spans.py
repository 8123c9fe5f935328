import numpy as np
import pytest

from transcription.sound.speech import Stretch
from transcription.spans import Spans


def test_those_that_lie_between_two_times_are_found_in_order():
    spans = Spans([Stretch(5, 6), Stretch(0, 10), Stretch(1, 2), Stretch(7, 8)])
    assert spans.between(5.5, 7) == [Stretch(0, 10), Stretch(5, 6)]
    assert spans.between(2, 5) == [Stretch(0, 10)]
    assert spans.between(10, 20) == []
    assert Spans([]).between(0, 1) == []


@pytest.mark.parametrize("seed", range(5))
def test_none_is_missed(seed):
    rng = np.random.default_rng(seed)
    starts = rng.uniform(0, 100, 200)
    spans = [
        Stretch(start, start + length) for start, length in zip(starts, rng.exponential(3, 200), strict=True)
    ]
    for start in np.arange(0, 100, 3.7):
        expected = sorted(span for span in spans if span.start < start + 2 and span.end > start)
        assert Spans(spans).between(start, start + 2) == expected
