"""A result object with voices in it: the agent gets louder, of the customer some seconds are not known."""

import copy
from typing import Any

from tests.api.sample_result import result

SECONDS = 80


def _speaker(name: str, **changed: Any) -> dict[str, Any]:
    return {
        "speaker": name,
        "measured_s": 24.0,
        "calm_from": "call",
        "calm_level": -28.0,
        "calm_pitch": 12.0,
        "calm_tilt": -12.0,
        "calm_rate": 4.5,
        "trend": None,
        "peak": None,
        "peak_at": None,
        "limits": [],
    } | changed


def _turns(name: str, **changed: Any) -> dict[str, Any]:
    return {
        "speaker": name,
        "talk_s": 30.0,
        "share": 0.5,
        "turns": 5,
        "response_s": 0.4,
        "longest_s": 6.4,
        "cut_in": 0,
        "listened": 1,
        "responses": [0.4],
    } | changed


def _utterance(number: int, start: float, end: float, limits: list[str]) -> dict[str, Any]:
    return {"utterance": number, "speaker": "agent", "start": start, "end": end, "limits": limits}


def _track(**known: tuple[int, list[float]]) -> list[float | None]:
    track: list[float | None] = [None] * SECONDS
    for start, values in known.values():
        track[start : start + len(values)] = values
    return track


def voice(**changed: Any) -> dict[str, Any]:
    """How the voices of the sample sounded."""
    made: dict[str, Any] = {
        "speakers": [
            _speaker("agent", trend="rising", peak=2.6, peak_at=27.0),
            _speaker("customer", calm_from="history", calm_pitch=None, limits=["noise"]),
        ],
        "interaction": {
            "turns": [_turns("agent", share=0.6, cut_in=2), _turns("customer", share=0.4, response_s=None)],
            "overlap_s": 0.8,
            "silent_s": 38.0,
            "hold_s": 0.0,
            "limits": ["no_times"],
        },
        "seconds": {
            "agent": _track(first=(0, [0.0, 0.1, 0.2]), heated=(24, [2.0, 2.5, 2.6, 2.4, 2.0, 1.5])),
            "customer": _track(first=(4, [-0.5]), later=(31, [0.5, 0.9, 6.0])),
        },
        "utterances": [_utterance(6, 24.6, 30.8, ["crosstalk"])],
        "waveform": [[0, 50, 100, 0], [100, 0, 0, 20]],
    }
    return made | changed


CUES: list[dict[str, Any]] = [
    {"kind": "overlap", "speaker": "agent", "start": 16.1, "end": 16.9, "value": 0.8, "unit": "s",
     "utterances": [4], "confidence": 1.0, "because": ""},
    {"kind": "interruption", "speaker": "agent", "start": 16.1, "end": 20.4, "value": 0.8, "unit": "s",
     "utterances": [4], "confidence": 0.9, "because": "took the turn"},
    {"kind": "raised_voice", "speaker": "agent", "start": 24.6, "end": 30.8, "value": 2.7,
     "unit": "sd over own baseline", "utterances": [6], "confidence": 0.84, "because": "+9.8 dB"},
    {"kind": "escalation", "speaker": "agent", "start": 24.6, "end": 75.1, "value": 1.4,
     "unit": "sd over own baseline", "utterances": [6, 8], "confidence": 0.74, "because": "rising"},
    {"kind": "dead_air", "speaker": "unknown", "start": 35.9, "end": 72.4, "value": 36.5, "unit": "s",
     "utterances": [8], "confidence": 1.0, "because": ""},
]  # fmt: skip


def heard(**changed: Any) -> dict[str, Any]:
    """The sample with voices; some parts of them replaced."""
    return result(voice=voice(**changed), cues=copy.deepcopy(CUES))
