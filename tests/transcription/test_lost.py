import pytest

from transcription.lost import is_repeated, lost_stretches
from transcription.sound.speech import Stretch
from transcription.types import Word

SPEECH = (Stretch(10.0, 16.0), Stretch(17.0, 18.0))


def words(*places):
    return [Word("字", start, end, 0.9) for start, end in places]


@pytest.mark.parametrize(
    ("places", "lost"),
    [
        ([(10.0, 13.0), (13.0, 16.0), (17.0, 18.0)], []),
        ([(10.1, 11.0), (14.9, 15.9)], [(11.4, 14.5)]),
        ([(10.2, 12.0)], [(12.4, 16.0)]),
        ([(14.0, 16.0)], [(10.0, 13.6)]),
        ([(10.0, 12.6), (14.5, 16.0)], []),
    ],
)
def test_speech_that_no_word_covers_is_lost(places, lost):
    assert [tuple(stretch) for stretch in lost_stretches(SPEECH, words(*places))] == [
        pytest.approx(stretch) for stretch in lost
    ]


@pytest.mark.parametrize(
    ("text", "written", "repeated"),
    [
        ("四百六十八块三", "四月三十号交四百六十八块三", True),
        ("四百六时八快三", "四月三十号交四百六十八块三", True),
        ("都走官方应用对吗", "我重复一遍四月四号交三百", False),
        ("", "我重复一遍", False),
        ("我重复一遍", "", False),
    ],
)
def test_words_heard_twice_are_known_by_their_sound(text, written, repeated):
    assert is_repeated(text, written) is repeated
