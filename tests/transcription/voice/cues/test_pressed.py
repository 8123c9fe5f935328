import pytest

from transcription.types import Cue
from transcription.voice.cues.pressed import pressed_voices

# Higher and pressed, on a line that makes everything equally loud.
PRESSED = {"pitch": 4.0, "tilt": 6.0, "limits": ("agc",)}


def pressed(voices, speaker, raised=()):
    return [cue.utterances for cue in pressed_voices(voices, [speaker], raised)]


@pytest.fixture
def evened(calm):
    """A speaker on a line that evens loudness out."""
    return calm(limits=("agc",))


def test_high_and_pressed_is_raised_where_loudness_does_not_follow_the_voice(said, evened):
    cues = pressed_voices(said({}, PRESSED, PRESSED), [evened], [])
    assert [(cue.kind, cue.speaker, cue.utterances, cue.value) for cue in cues] == [
        ("raised_voice", "agent", (2,), 3.5),
        ("raised_voice", "agent", (4,), 3.5),
    ]
    assert {cue.confidence for cue in cues} == {0.59}
    assert cues[0].because == (
        "与本人平静时相比：音高 +4.0 个半音，高频 +6.0 dB；可能有误：线路自动调节音量",
        "+4.0 semitones, +6.0 dB of high frequencies against the speaker's own calm voice;"
        " it may be wrong: the line evens out loudness",
    )


def test_it_is_unsure_unless_it_is_plain(said, evened):
    (cue, _) = pressed_voices(said({}, *[{**PRESSED, "pitch": 3.0, "tilt": 4.4}] * 2), [evened], [])
    assert cue.confidence == 0.29


@pytest.mark.parametrize(
    "sound",
    [
        {"pitch": 8.0, "tilt": 1.0},  # high alone: excited
        {"pitch": 1.0, "tilt": 12.0},  # bright alone: the line
        {"pitch": 2.0, "tilt": 4.0},
        {"pitch": 4.0, "tilt": None},
        {"pitch": None, "tilt": 6.0},
        {**PRESSED, "seconds": 1.4},  # a word
    ],
)
def test_only_high_or_only_pressed_or_a_little_of_both_is_not_raised(said, evened, sound):
    assert pressed(said({}, sound, {}, sound), evened) == []


def test_where_the_line_keeps_loudness_it_takes_loudness(said, calm):
    assert pressed(said({}, PRESSED, PRESSED), calm()) == []
    assert pressed(said({}, PRESSED, PRESSED), calm(limits=("agc",), calm_tilt=None)) == []


def test_what_is_raised_by_its_loudness_is_not_reported_twice(said, evened):
    raised = Cue("raised_voice", "agent", 6.0, 9.0, 3.0, "sd over own baseline", (2,))
    assert pressed(said({}, PRESSED, {}, PRESSED, PRESSED), evened, [raised]) == [(6,), (8,)]
