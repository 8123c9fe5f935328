"""The recording in a form that a browser plays."""

import base64
import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import av
from av.error import FFmpegError

# Container and codec as FFmpeg names them -> media type. Others (A-law WAV, GSM, AMR …) are converted.
_PLAYABLE = {
    ("ogg", "opus"): "audio/ogg",
    ("ogg", "vorbis"): "audio/ogg",
    ("mp3", "mp3"): "audio/mpeg",
    ("mp3", "mp3float"): "audio/mpeg",
    ("wav", "pcm_s16le"): "audio/wav",
    ("wav", "pcm_u8"): "audio/wav",
    ("flac", "flac"): "audio/flac",
    ("mov,mp4,m4a,3gp,3g2,mj2", "aac"): "audio/mp4",
    ("matroska,webm", "opus"): "audio/webm",
}
_OPUS_RATE = 48_000
_OPUS_BITS_PER_CHANNEL = 24_000


@dataclass(frozen=True, slots=True)
class BrowserAudio:
    """Bytes a browser plays. `converted` tells that they are not the original recording."""

    media_type: str
    content: bytes
    converted: bool

    @property
    def data_uri(self) -> str:
        """The sound as a `data:` address, for pages that must stand alone."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode('ascii')}"


def for_browser(recording: bytes) -> BrowserAudio | None:
    """The recording itself when browsers play its format, otherwise a copy in Ogg Opus.

    Returns None when it cannot be read as sound: the page then says so instead of failing.
    """
    try:
        media_type = _media_type(recording)
        if media_type:
            return BrowserAudio(media_type, recording, converted=False)
        return BrowserAudio("audio/ogg", _to_opus(io.BytesIO(recording)), converted=True)
    except (FFmpegError, ValueError, IndexError):
        return None


def for_browser_file(path: Path) -> BrowserAudio | None:
    """`for_browser` of a file."""
    return for_browser(path.read_bytes())


def _media_type(recording: bytes) -> str | None:
    with av.open(io.BytesIO(recording), mode="r") as container:
        return _PLAYABLE.get((container.format.name, container.streams.audio[0].codec_context.name))


def _to_opus(source: IO[bytes]) -> bytes:
    """Re-encodes to Ogg Opus with the same channels (at most two)."""
    target = io.BytesIO()
    with av.open(source, mode="r") as reader, av.open(target, mode="w", format="ogg") as writer:
        stream = reader.streams.audio[0]
        layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        encoder = writer.add_stream("libopus", rate=_OPUS_RATE, layout=layout)
        encoder.bit_rate = _OPUS_BITS_PER_CHANNEL * (1 if layout == "mono" else 2)
        resampler = av.AudioResampler(format="s16", layout=layout, rate=_OPUS_RATE)
        for frame in reader.decode(stream):
            for part in resampler.resample(frame):
                writer.mux(encoder.encode(part))
        for part in resampler.resample(None):
            writer.mux(encoder.encode(part))
        writer.mux(encoder.encode(None))
    return target.getvalue()
