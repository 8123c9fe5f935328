"""Sound files made on the spot, in the encodings recorders use."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

RATE = 8000


def tone(seconds: float, frequency: float = 440.0, rate: int = RATE) -> NDArray[np.float32]:
    """A sine of a quarter of full scale."""
    times = np.arange(round(seconds * rate)) / rate
    return (0.25 * np.sin(2 * np.pi * frequency * times)).astype(np.float32)


@pytest.fixture
def encode(tmp_path: Path) -> Callable[..., Path]:
    """Writes channels of samples with PyAV: `encode("a.wav", "pcm_alaw", [tone(1)])`."""

    def write(
        name: str, codec: str, channels: list[NDArray[np.float32]], *, rate: int = RATE, **options: Any
    ) -> Path:
        path = tmp_path / name
        layout = {1: "mono", 2: "stereo", 3: "2.1", 6: "5.1"}[len(channels)]
        samples = np.stack(channels)
        with av.open(str(path), "w", options=options) as container:
            stream = container.add_stream(codec, rate=rate, layout=layout)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
            frame.sample_rate = rate
            for packet in stream.encode(frame):
                container.mux(packet)
            for packet in stream.encode(None):
                container.mux(packet)
        return path

    return write


@pytest.fixture
def wav(tmp_path: Path) -> Callable[..., Path]:
    """Writes a 16-bit WAV byte by byte, so that its header can say what is not true."""

    def write(
        name: str,
        seconds: float,
        *,
        promised_s: float | None = None,
        tag: int = 1,
        data_size: int | None = None,
    ) -> Path:
        data = (tone(seconds) * 32767).astype("<i2").tobytes()
        size = len(data) if promised_s is None else round(promised_s * RATE) * 2
        size = size if data_size is None else data_size
        fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, tag, 1, RATE, RATE * 2, 2, 16)
        riff = struct.pack("<4sI4s", b"RIFF", min(36 + size, 0xFFFFFFFF), b"WAVE")
        path = tmp_path / name
        path.write_bytes(riff + fmt + struct.pack("<4sI", b"data", size) + data)
        return path

    return write
