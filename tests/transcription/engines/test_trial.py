from itertools import count

import numpy as np
import pytest

from ingest.audio import RATE
from store.errors import EngineError
from transcription.engines.engine import Hearing, Reading
from transcription.engines.trial import try_out


class Listener:
    name, model, ways, options = "listener", "m", 1, {"beam_size": 1}

    def __init__(self, *readings):
        self.readings = readings
        self.heard = []

    def hear(self, clips, language, way=0, *, speakers=()):  # noqa: ARG002
        self.heard.append((clips, language, way))
        return Hearing(self.readings)


def test_a_trial_is_a_tone_and_silence_in_no_language_told():
    engine = Listener(Reading("嗡"), Reading(""))
    trial = try_out(lambda: engine, count().__next__)
    assert (trial.engine, trial.model, trial.options) == ("listener", "m", {"beam_size": 1})
    assert (trial.loading_s, trial.hearing_s, trial.wrote) == (1, 1, ("嗡", ""))
    ((clips, language, way),) = engine.heard
    assert (language, way) == (None, 0)
    tone, silence = clips
    assert tone.dtype == silence.dtype == np.float32
    assert len(tone) == len(silence) == RATE
    spectrum = np.abs(np.fft.rfft(tone))
    assert spectrum.argmax() == 440
    assert not silence.any()


def test_an_engine_that_leaves_clips_out_is_broken():
    with pytest.raises(EngineError) as caught:
        try_out(lambda: Listener(Reading("嗡")), count().__next__)
    assert (caught.value.code, caught.value.message) == (
        "engine.broken",
        "the engine gave 1 readings of 2 clips",
    )


def test_what_keeps_it_from_working_is_not_hidden():
    def cannot():
        raise EngineError("no model", code="model.missing")

    with pytest.raises(EngineError, match="no model"):
        try_out(cannot, count().__next__)
