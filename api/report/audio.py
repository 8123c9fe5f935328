"""The recording in a form that a browser plays."""

import base64
import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import av
from av.error import FFmpegError

from transcription.privacy.sound import Stretch, write_toned

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
_UNCOMPRESSED = ("audio/wav", "audio/flac")
_LARGE_BYTES = 32 * 1024 * 1024
_PART_BYTES = 3 * 256 * 1024  # base64 turns three bytes into four letters
_OPUS_RATE = 48_000
_OPUS_BITS_PER_CHANNEL = 24_000


@dataclass(frozen=True, slots=True)
class BrowserAudio:
    """Bytes a browser plays. `converted` tells that they are not the original recording."""

    media_type: str
    content: bytes
    converted: bool


@dataclass(frozen=True, slots=True)
class BrowserFile:
    """The same in an open file, for recordings of any length."""

    media_type: str
    file: IO[bytes]
    converted: bool

    def data_uri(self) -> Iterator[str]:
        """The sound as a `data:` address in parts, for pages that must stand alone."""
        yield f"data:{self.media_type};base64,"
        self.file.seek(0)
        while part := self.file.read(_PART_BYTES):
            yield base64.b64encode(part).decode("ascii")


def for_browser(recording: bytes) -> BrowserAudio | None:
    """The recording itself when browsers play its format, otherwise a copy in Ogg Opus.

    Returns None when it cannot be read as sound: the page then says so instead of failing.
    """
    try:
        media_type = _media_type(io.BytesIO(recording))
        if media_type:
            return BrowserAudio(media_type, recording, converted=False)
        copy = io.BytesIO()
        _to_opus(io.BytesIO(recording), copy)
        return BrowserAudio("audio/ogg", copy.getvalue(), converted=True)
    except (FFmpegError, ValueError, IndexError):
        return None


@contextmanager
def file_for_browser(path: Path, tones: Sequence[Stretch] = ()) -> Iterator[BrowserFile | None]:
    """`for_browser` of a file, in bounded memory. Large recordings without compression are converted as well:
    a page that holds hundreds of megabytes opens nowhere. With `tones` it is a copy with a tone over these
    stretches."""
    with path.open("rb") as original, tempfile.TemporaryFile() as copy:
        try:
            media_type = _media_type(original)
            original.seek(0)
            large = media_type in _UNCOMPRESSED and path.stat().st_size > _LARGE_BYTES
            if tones:
                write_toned(path, tones, copy, "Diting masked copy")
                sound = BrowserFile("audio/ogg", copy, converted=True)
            elif media_type is None or large:
                _to_opus(original, copy)
                sound = BrowserFile("audio/ogg", copy, converted=True)
            else:
                sound = BrowserFile(media_type, original, converted=False)
        except (FFmpegError, ValueError, IndexError):
            sound = None
        yield sound


def _media_type(recording: IO[bytes]) -> str | None:
    with av.open(recording, mode="r") as container:
        return _PLAYABLE.get((container.format.name, container.streams.audio[0].codec_context.name))


def _to_opus(source: IO[bytes], target: IO[bytes]) -> None:
    """Re-encodes to Ogg Opus with the same channels (at most two)."""
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
