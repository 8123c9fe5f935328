import numpy as np

from transcription.voice.measure.baseline import CalmVoice
from transcription.voice.measure.frames import Frames
from transcription.voice.measure.track import by_second
from transcription.voice.types import UtteranceVoice

CALM = CalmVoice(-30.0, 2.0, 10.0, 1.0, 5.0, 2.0, -15.0, 2.0, None, 1.0)


def utterance(start, end, pitch_at):
    """An utterance whose pitch at each time is told, calm in all else."""
    times = start + np.arange(int((end - start) / 0.016)) * 0.016
    pitches = np.array([pitch_at(time) for time in times])
    frames = Frames(
        np.ones(int((end - start) * 100), dtype=np.bool_),
        start,
        np.full(len(times), -30.0),
        np.full(len(times), -15.0),
        pitches,
        start,
    )
    return UtteranceVoice(0, "agent", start, end, None, None, None, None, None, None), frames


def test_every_second_is_judged_with_what_is_around_it():
    spoken = [utterance(1.0, 7.0, lambda time: 10.0 if time < 4 else 13.0)]
    track = by_second(spoken, CALM, 9.5)
    assert len(track) == 10
    assert (track[0], track[7], track[9]) == (None, None, None)
    assert track[1:7] == (0.0, 0.0, 0.0, 1.27, 1.27, 1.27)


def test_a_second_belongs_to_the_utterance_with_most_of_it():
    spoken = [utterance(0.0, 1.4, lambda _: 10.0), utterance(1.4, 3.0, lambda _: 12.0)]
    assert by_second(spoken, CALM, 3.0) == (0.0, 0.92, 0.92)


def test_moments_and_unknown_voices_are_not_judged():
    assert by_second([utterance(0.8, 2.2, lambda _: 10.0)], CALM, 3.0) == (None, 0.0, None)
    assert by_second([utterance(0.0, 2.0, lambda _: np.nan)], CALM, 2.0) == (None, None)
    assert by_second([utterance(0.0, 2.0, lambda _: 10.0)], None, 2.0) == (None, None)
