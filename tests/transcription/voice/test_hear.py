import librosa
import numpy as np
import pytest
from swift_f0 import SwiftF0

from ingest.sound import RATE, Sound
from transcription.types import Transcript, Utterance
from transcription.voice.hear import hear
from transcription.voice.loudness import frame_levels, speech_level
from transcription.voice.pitch import median_pitch
from transcription.voice.rate import speech_rate, spoken_characters


def call(*utterances, **options):
    """A transcript of (speaker, start, end)."""
    said = tuple(
        Utterance(number, speaker, start, end, "我跟你说这个事情")
        for number, (speaker, start, end) in enumerate(utterances)
    )
    return Transcript("zh", "e", "m", said, options=options)


CALL = call(
    *[("agent", 6.0 * k, 6.0 * k + 3) for k in range(4)],
    *[("customer", 6.0 * k + 3, 6.0 * k + 6) for k in range(4)],
)


@pytest.fixture
def sounds(voice):
    """Two channels: the agent raises the voice in the last utterance, the customer never."""

    def make(agent_channel=0):
        silence = np.zeros(3 * RATE, dtype=np.float32)
        agent = [
            part
            for k in range(4)
            for part in (voice(3, 150 if k < 3 else 185, -30 if k < 3 else -20), silence)
        ]
        customer = [part for _ in range(4) for part in (silence, voice(3, 220, -24))]
        channels = [np.concatenate(agent), np.concatenate(customer)]
        return np.stack(channels if agent_channel == 0 else channels[::-1])

    return make


@pytest.mark.parametrize("agent_channel", [0, 1])
@pytest.mark.parametrize("known", [True, False])
def test_the_raised_voice_is_found_on_the_speakers_own_channel(sounds, make_audio, agent_channel, known):
    options = {"agent_channel": agent_channel, "customer_channel": 1 - agent_channel} if known else {}
    transcript = Transcript("zh", "e", "m", CALL.utterances, options=options)
    cues = hear(transcript, make_audio(sounds(agent_channel))).cues
    assert [(cue.kind, cue.speaker, cue.utterances) for cue in cues] == [("raised_voice", "agent", (3,))]


def test_without_audio_only_the_times_speak():
    cues = hear(call(("customer", 0, 5), ("agent", 4, 8), ("customer", 30, 32)), None).cues
    assert [(cue.kind, cue.start) for cue in cues] == [("overlap", 4), ("interruption", 4), ("dead_air", 8)]


def test_an_empty_transcript_and_an_empty_recording_have_no_cues(make_audio):
    assert hear(call(), make_audio(np.zeros((2, RATE)))).cues == ()
    assert hear(call(("agent", 0, 1)), make_audio(np.zeros((1, 0)))).cues == ()


def test_times_beyond_the_end_of_the_audio_are_no_error(sounds, make_audio):
    late = call(*[("agent", 100.0 + k * 3, 102.0 + k * 3) for k in range(4)])
    assert hear(late, make_audio(sounds())).cues == ()


def sound_of(samples):
    return Sound.from_array(np.atleast_2d(samples).astype(np.float32))


def level_of(samples, start, end):
    return speech_level(frame_levels(sound_of(samples), start, end)[0])


def test_level_is_that_of_the_spoken_frames(voice):
    sound = np.concatenate([voice(1, 150, -30), np.zeros(RATE, np.float32), voice(1, 150, -30)])
    assert level_of(sound, 0, 3) == pytest.approx(-30, abs=0.5)
    assert level_of(sound, 0, 0.05) is None


def test_one_loud_word_does_not_move_the_level(voice):
    sound = np.concatenate([voice(2, 150, -30), voice(0.5, 150, -18), voice(2, 150, -30)])
    assert level_of(sound, 0, 4.5) == pytest.approx(-30, abs=1)


@pytest.mark.parametrize(("start", "end"), [(0, 3), (0.013, 0.4), (1.007, 2.5), (2.9, 3), (2.5, 9), (5, 6)])
def test_levels_of_a_part_are_those_of_the_whole(voice, start, end):
    samples = voice(3, 150, -30) * np.linspace(0.1, 1, 3 * RATE, dtype=np.float32)
    expected = librosa.feature.rms(y=sound_of(samples).read(0, 3 * RATE)[0], frame_length=400, hop_length=160)
    part = frame_levels(sound_of([samples, 0 * samples]), start, end)
    decibels = 20 * np.log10(expected[0])[int(start * 100) : int(end * 100) + 1]
    assert part.shape == (2, len(decibels))
    np.testing.assert_allclose(part[0], decibels, atol=1e-3)
    assert set(part[1]) <= {-120.0}


@pytest.mark.parametrize("hertz", [100, 150, 220])
def test_pitch_is_found_in_semitones(voice, hertz):
    sound = sound_of(voice(2, hertz, -25))
    assert median_pitch(sound, 0, 0.2, 1.8) == pytest.approx(12 * np.log2(hertz / 100), abs=0.3)
    assert median_pitch(sound, 0, 5, 6) is None
    assert median_pitch(sound, 0, 0.2, 0.3) is None


def test_the_pitch_of_a_part_is_that_in_the_whole(voice):
    rising = np.concatenate([voice(1, hertz, -25) for hertz in (110, 130, 160, 200)])
    whole = SwiftF0(threads=1).detect(sound_of(rising).read(0, len(rising))[0], RATE, fmin=60, fmax=500)
    for start, end in ((0.0, 1.5), (0.9, 1.3), (1.2, 3.9), (2.1, 4.0)):
        inside = (whole.timestamps >= start) & (whole.timestamps <= end) & (whole.confidence >= 0.5)
        expected = np.median(12 * np.log2(whole.pitch_hz[inside] / 100))
        assert median_pitch(sound_of(rising), 0, start, end) == pytest.approx(expected, abs=0.02)


def test_hearing_says_how_far_it_is(sounds, make_audio):
    shares = []
    hear(CALL, make_audio(sounds()), progress=shares.append)
    assert shares == [pytest.approx(k / 8) for k in range(1, 9)]


@pytest.mark.parametrize(
    ("text", "count"), [("您好，李先生。", 5), ("欠4900", 5), ("Thank you for calling", 5), ("——", 0)]
)
def test_characters_are_counted_as_they_are_spoken(text, count):
    assert spoken_characters(text) == count


def test_a_rate_needs_a_length():
    assert speech_rate("您好您好", 2.0) == 2.0
    assert speech_rate("您好", 0.0) is None
