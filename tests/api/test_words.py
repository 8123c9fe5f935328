"""Words for what findings carry."""

import pytest

from api import words
from qc.emotion.manner import MANNERS
from qc.taxonomy import EMOTION_STATES


@pytest.mark.parametrize("name", ["state", "from", "voice", "words", "agree", "trend"])
def test_what_a_state_tells_has_a_name_in_both_languages(name: str):
    named = words.ATTRIBUTES[name]
    assert named.zh != name
    assert named.en != ""


@pytest.mark.parametrize(
    "value",
    [*sorted(EMOTION_STATES), *MANNERS, "words", "voice", "both", "yes", "no", "rising", "falling", "peak"],
)
def test_so_has_each_of_its_values(value: str):
    assert words.ATTRIBUTE_VALUES[value].zh.isascii() is False
    assert words.ATTRIBUTE_VALUES[value].en.isascii()


def test_why_a_voice_may_be_misheard_is_said_alike_everywhere():
    assert words.VOICE_LIMITS["noise"] == words.Words(
        "声音与线路噪声相差不大", "hardly louder than the noise of the line"
    )
