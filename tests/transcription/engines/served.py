"""What the tests of the transcription server share."""

import pytest

from store.errors import EngineError

KEY = "sk-4f0c2a9d7be14c55a1d3e8f7"
PLAIN = {"text": "您好"}
VERBOSE = {
    "task": "transcribe",
    "language": "chinese",
    "duration": 2.0,
    "text": " 您好，请问 ",
    "words": [
        {"word": "您好，", "start": 0.1, "end": 0.5},
        {"word": "请", "start": 0.5, "end": 0.8, "probability": 0.75},
        {"word": "问", "start": 0.8, "end": 1.0, "probability": 0.25},
    ],
    "segments": [
        {"id": 0, "start": 0.0, "end": 30.0, "avg_logprob": -0.2, "no_speech_prob": 0.1, "tokens": [1, 2, 3]},
        {"id": 1, "start": 1.0, "end": 30.0, "avg_logprob": -1.0, "no_speech_prob": 0.7, "tokens": [4]},
    ],
}


class Waits:
    """Stands for the time between attempts: nobody really waits."""

    def __init__(self):
        self.seconds = []

    async def __call__(self, seconds):
        self.seconds.append(seconds)


def failure(engine, clip, language="zh"):
    with pytest.raises(EngineError) as caught:
        engine.hear([clip], language)
    assert KEY not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value
