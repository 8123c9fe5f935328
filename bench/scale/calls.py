"""Recordings and their metadata for the bench: parts of the sample calls, none of them twice the same."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile

from ingest.audio import Audio, decode

SAMPLES: Final = Path(__file__).parents[2] / "samples" / "calls"
RATE: Final = 8000
_FIRST: Final = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai


def write_calls(folder: Path, numbers: range, seconds: float) -> None:
    """Two-channel A-law recordings of so many seconds with a `call.json` each. Two calls of a debtor lie half
    the numbers apart: nobody is called again within a minute, so hardly one waits for the other."""
    folder.mkdir(parents=True, exist_ok=True)
    half = max(1, len(numbers) // 2)
    for at in numbers:
        soundfile.write(folder / f"{at:05d}.wav", sound(at, seconds), RATE, subtype="ALAW")
        document = json.dumps(record(at, debtor=at % half), ensure_ascii=False)
        (folder / f"{at:05d}.call.json").write_text(document, "utf-8")


def sound(at: int, seconds: float) -> "np.ndarray[Any, np.dtype[np.float32]]":
    """Samples (n, 2) at 8 kHz: a part of one of the samples, at a level of its own."""
    calls = _samples()
    audio = calls[at % len(calls)]
    room = max(0.0, audio.duration_s - seconds)
    begin = (at * 1.7) % room if room else 0.0
    part = audio.sound.part(begin, begin + seconds).T[::2]
    return np.asarray(part * (0.6 + 0.4 * ((at * 37) % 1009) / 1009), dtype=np.float32)


def record(at: int, *, debtor: int) -> dict[str, Any]:
    """A `call.json`."""
    return {
        "external_id": f"B{at:05d}",
        "source": "bench",
        "direction": "outbound",
        "started_at": (_FIRST + timedelta(seconds=20 * at)).isoformat(),
        "agent": {"id": f"A{at % 20:03d}", "team": f"T{at % 4}"},
        "customer": {"id": f"C{debtor:06d}", "number": f"+861540{debtor:07d}", "timezone": "Asia/Shanghai"},
        "case": {"id": f"K{debtor:06d}", "client": "示例", "days_overdue": 40, "amount_due": "1260.00"},
        "recording": {"channels": {"0": "agent", "1": "customer"}},
    }


@cache
def _samples() -> tuple[Audio, ...]:
    found = [decode(path) for path in sorted(SAMPLES.glob("S*.opus"))]
    return tuple(audio for audio in found if audio.source_channels == 2)
