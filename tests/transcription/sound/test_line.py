import numpy as np
import pytest

from ingest.audio import RATE
from transcription.sound.line import line_sounds, without_line_sounds
from transcription.sound.speech import Stretch
from transcription.types import LineSound

WITHIN_S = 0.05


def heard(blocks, *channels):
    return line_sounds(blocks(*channels), RATE)


# name: kind, parts as (hertz, seconds, pause after), repeats, start and end of the whole
SIGNALS = {
    "ring-back in China": ("ringback", [((450,), 1.0, 4.0)], 3, 12.0),
    "ring-back in the US": ("ringback", [((440, 480), 2.0, 4.0)], 2, 9.0),
    "ring-back in Germany": ("ringback", [((425,), 1.0, 4.0)], 2, 7.0),
    "ring-back in Britain": ("ringback", [((400, 450), 0.4, 0.2), ((400, 450), 0.4, 2.0)], 3, 8.0),
    "a single ring": ("ringback", [((450,), 1.0, 2.0)], 1, 2.0),
    "busy in China": ("busy", [((450,), 0.35, 0.35)], 8, 6.25),
    "congestion in China": ("busy", [((450,), 0.7, 0.7)], 5, 7.3),
    "busy in the US": ("busy", [((480, 620), 0.5, 0.5)], 6, 6.5),
    "reorder in the US": ("busy", [((480, 620), 0.25, 0.25)], 8, 4.75),
    "number not in use": ("busy", [((950,), 0.33, 0.0), ((1400,), 0.33, 0.0), ((1800,), 0.33, 1.0)], 1, 1.99),
    "dial tone in China": ("dial_tone", [((450,), 5.0, 1.0)], 1, 6.0),
    "dial tone in the US": ("dial_tone", [((350, 440), 5.0, 1.0)], 1, 6.0),
    "a fax that calls": ("fax", [((1100,), 0.5, 3.0)], 3, 8.5),
    "a fax that answers": ("fax", [((2100,), 3.0, 1.0)], 1, 4.0),
    "a voicemail's beep": ("beep", [((1000,), 0.4, 2.0)], 1, 1.4),
    "a long beep": ("beep", [((1400,), 1.0, 2.0)], 1, 2.0),
    "a test tone": ("tone", [((1004,), 8.0, 1.0)], 1, 9.0),
}


@pytest.mark.parametrize("level_db", [-18.0, -38.0])
@pytest.mark.parametrize("name", SIGNALS)
def test_signals_are_told_by_pitch_and_cadence(name, level_db, telephone, blocks):
    kind, parts, times, end = SIGNALS[name]
    once = np.concatenate(
        [x for hz, on, off in parts for x in (telephone.tone(hz, on, level_db), telephone.pause(off))]
    )
    sounds = heard(blocks, telephone.carry(telephone.pause(1.0), *[once] * times))

    assert [sound.kind for sound in sounds] == [kind]
    assert sounds[0].start == pytest.approx(1.0, abs=WITHIN_S)
    assert sounds[0].end == pytest.approx(end, abs=WITHIN_S)


def test_of_keys_it_is_told_that_they_were_pressed_and_not_which(telephone, blocks):
    presses = [
        np.concatenate((telephone.tone((low, high), 0.07), telephone.pause(0.08)))
        for low, high in ((697, 1209), (770, 1336), (852, 1477), (941, 1336))
    ]
    (keys,) = heard(blocks, telephone.carry(telephone.pause(1.0), *presses, telephone.pause(1.0)))

    assert (keys.kind, len(keys.parts)) == ("dtmf", 4)
    assert keys.start == pytest.approx(1.0, abs=WITHIN_S)
    assert keys.end == pytest.approx(1.52, abs=WITHIN_S)
    assert not set(LineSound.__slots__) & {"digits", "keys"}


def test_one_key_is_believed_when_it_is_held(telephone, blocks):
    held = telephone.carry(telephone.pause(1.0), telephone.tone((770, 1336), 0.15), telephone.pause(1.0))
    touched = telephone.carry(telephone.pause(1.0), telephone.tone((770, 1336), 0.045), telephone.pause(1.0))

    assert [sound.kind for sound in heard(blocks, held)] == ["dtmf"]
    assert heard(blocks, touched) == ()


@pytest.mark.parametrize("timbre", ["piano", "pad", "sung"])
def test_hold_music_is_told_between_speech(timbre, telephone, blocks):
    call = telephone.carry(
        telephone.talk(12.0), telephone.music(20.0, timbre), telephone.talk(12.0, seed=1), noise_db=-60
    )
    sounds = heard(blocks, call)

    assert [sound.kind for sound in sounds] == ["music"]
    assert sounds[0].start == pytest.approx(12.0, abs=1.0)
    assert sounds[0].end == pytest.approx(32.0, abs=1.0)


def test_speech_is_neither_tone_nor_music(telephone, blocks):
    voices = [telephone.carry(telephone.talk(40.0, pitch=pitch)) for pitch in (110.0, 210.0)]

    assert heard(blocks, *voices) == ()


def test_hum_under_speech_is_no_music(telephone, blocks):
    hum = sum(telephone.tone((50.0 * k,), 40.0, -38.0 - k) for k in range(6, 20))
    call = telephone.carry(telephone.talk(40.0, level_db=-18.0) + hum)

    assert [sound for sound in heard(blocks, call) if sound.kind == "music"] == []


def test_each_channel_has_its_own_sounds(telephone, blocks):
    rings = telephone.carry(telephone.repeat(telephone.tone((450,), 1.0), 4.0, 2))
    quiet = telephone.carry(telephone.pause(10.0), seed=1)

    assert [(sound.kind, sound.channel) for sound in heard(blocks, quiet, rings)] == [("ringback", 1)]


def test_the_lengths_of_blocks_change_nothing(telephone, blocks):
    call = telephone.carry(telephone.repeat(telephone.tone((450,), 1.0), 4.0, 3), telephone.talk(8.0))

    assert line_sounds(blocks(call, size=7_777), RATE) == line_sounds(blocks(call, size=160_000), RATE)


def test_nothing_is_on_an_empty_line():
    assert line_sounds([], RATE) == ()
    assert line_sounds([np.zeros((2, 100), np.float32)], RATE) == ()


def test_tones_are_taken_out_of_detected_speech_and_pauses_between_rings_stay():
    rings = LineSound("ringback", 0, 1.0, 7.0, 0.9, ((1.0, 2.0), (6.0, 7.0)))
    music = LineSound("music", 1, 0.0, 30.0, 0.9)
    speech = [Stretch(0.5, 2.5), Stretch(3.0, 4.0), Stretch(6.2, 6.8), Stretch(8.0, 9.0)]

    left = without_line_sounds(speech, [rings, music], 0)

    assert left == (
        Stretch(0.5, 0.94),
        Stretch(2.06, 2.5),
        Stretch(3.0, 4.0),
        Stretch(8.0, 9.0),
    )
    assert without_line_sounds(speech, [rings, music], 1) == ()


def test_an_announcement_is_heard():
    spoken = LineSound("announcement", 0, 1.0, 7.0, 0.9)

    assert without_line_sounds([Stretch(2.0, 3.0)], [spoken], 0) == (Stretch(2.0, 3.0),)
