"""Opening sound files from outside with FFmpeg, which would otherwise follow what a hostile file says."""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from store.errors import AudioError

# Formats that hold their own sound. Playlists, concatenations and scripts, which make FFmpeg open other
# files and addresses, are not among them.
_FORMATS = (
    "wav,w64,aiff,au,caf,voc,mp3,aac,flac,ogg,amr,amrnb,amrwb,gsm,g729,mov,mp4,m4a,3gp,3g2,mj2,"
    "matroska,webm,asf,avi,mpeg,mpegts"
)

# Formats that state their length; elsewhere FFmpeg estimates it from the size, which proves nothing.
_STATED_LENGTH = frozenset({"w64", "aiff", "au", "caf", "flac", "mov", "matroska", "asf", "avi", "ogg"})

_XING = re.compile(rb"Xing|Info|VBRI")
_MP3_HEADER_BYTES = 4096
_OGG_TAIL_BYTES = 70_000  # a page has at most 65 307 bytes
_MICROSECONDS = 1_000_000

# Programs that write WAV into a pipe cannot know its length and write nothing, or the most there can be.
_WAV_UNKNOWN_BYTES = 0x7FFF0000
_WAV_MAX_CHUNKS = 1000


@contextmanager
def open_container(file: IO[bytes], name: str) -> Iterator[InputContainer]:
    """Open a sound file that was opened for reading; nothing but its own bytes is ever read.

    Raises:
        AudioError: `audio.unreadable`.
    """
    options = {"format_whitelist": _FORMATS, "protocol_whitelist": "none"}
    try:
        container = av.open(file, mode="r", options=options, metadata_errors="ignore")
    except (av.error.FFmpegError, ValueError) as error:
        raise AudioError(
            "this is not a sound file that can be read",
            code="audio.unreadable",
            where=name,
            mend="Send WAV, MP3, AMR, Opus, M4A or FLAC.",
        ) from error
    with container:
        yield container


def wav_seconds(file: IO[bytes]) -> tuple[float, float] | None:
    """What the header of a WAV file promises and what the file holds, in seconds; None for other files.

    FFmpeg trusts the size of the file here, and so never notices a truncated one.
    """
    end = file.seek(0, 2)
    file.seek(0)
    riff, _, wave = struct.unpack("<4sI4s", file.read(12).ljust(12))
    bytes_per_second = 0
    for _ in range(_WAV_MAX_CHUNKS if (riff, wave) == (b"RIFF", b"WAVE") else 0):
        if len(header := file.read(8)) < 8:
            return None
        name, size = struct.unpack("<4sI", header)
        if name == b"fmt " and len(fmt := file.read(12)) == 12:
            bytes_per_second = struct.unpack_from("<I", fmt, 8)[0]
            file.seek(size - 12 + size % 2, 1)
        elif name == b"data":
            held = end - file.tell()
            unknown = size >= _WAV_UNKNOWN_BYTES or (size == 0 and held > 0) or not bytes_per_second
            return None if unknown else (size / bytes_per_second, min(held, size) / bytes_per_second)
        else:
            file.seek(size + size % 2, 1)
    return None


def sample_rate(stream: AudioStream) -> int:
    """Samples per second before encoding. Opus always decodes at 48 kHz; its header keeps the true rate."""
    header = stream.codec_context.extradata or b""
    if stream.codec_context.codec.canonical_name == "opus" and len(header) >= 16:
        return int(struct.unpack_from("<I", header, 12)[0]) or stream.codec_context.sample_rate
    return stream.codec_context.sample_rate


def declared_seconds(container: InputContainer, stream: AudioStream, file: IO[bytes]) -> float | None:
    """The length that the file's header states; None where it states none."""
    names = set(container.format.name.split(","))
    stated = not names.isdisjoint(_STATED_LENGTH) or ("mp3" in names and _states_frames(file))
    if not stated:
        return None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / _MICROSECONDS


def _states_frames(file: IO[bytes]) -> bool:
    """Whether an MP3 file has the header that counts its frames."""
    file.seek(0)
    head = file.read(10)
    if head[:3] == b"ID3":
        size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))
        file.seek(10 + size)
    else:
        file.seek(0)
    return _XING.search(file.read(_MP3_HEADER_BYTES)) is not None


def truncated_ogg(file: IO[bytes]) -> bool:
    """Whether an Ogg file ends in the middle of a page. (Its length is stated only by its last page.)"""
    end = file.seek(0, 2)
    file.seek(max(0, end - _OGG_TAIL_BYTES))
    tail = file.read()
    page = tail.rfind(b"OggS")
    if page < 0:
        return True
    segments = tail[page + 26] if len(tail) > page + 26 else None
    if segments is None or len(tail) < page + 27 + segments:
        return True
    length = 27 + segments + sum(tail[page + 27 : page + 27 + segments])
    return len(tail) < page + length
