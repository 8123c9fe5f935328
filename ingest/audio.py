"""Decoding recordings: whatever FFmpeg reads becomes samples at 16 kHz, or an error that says why not."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from io import BufferedReader
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from ingest.container import declared_seconds, open_container, sample_rate, truncated_ogg, wav_seconds
from store.errors import AudioError

RATE = 16_000
MAX_ROLE_CHANNELS = 2

# A header may round up to a frame or a second; more than this is missing sound.
_TOLERANCE_SECONDS = 0.5
_TOLERANCE_SHARE = 0.02
_TOLERANCE_EXACT_SECONDS = 0.01  # where the header counts samples, and no codec adds or trims any

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AudioLimits:
    """What a recording may be at most: decoded seconds, and bytes of the file."""

    max_seconds: float = 2 * 3600
    max_bytes: int = 1024**3


DEFAULT_LIMITS = AudioLimits()


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a recording is, known after all of it was decoded.

    `problems` are reason codes that bear on whether the call can be judged: `audio.damaged` where parts
    of the file could not be decoded.
    """

    codec: str
    source_rate: int
    source_channels: int
    duration_s: float
    sha256: str
    bytes: int
    problems: tuple[str, ...] = ()

    @property
    def mixed(self) -> bool:
        """Whether the channels were mixed into one, because there are too many to be one per speaker."""
        return self.source_channels > MAX_ROLE_CHANNELS


@dataclass(frozen=True, slots=True)
class Audio(AudioInfo):
    """A decoded recording: `samples` are float32, shape (channels, n), at `rate` Hz, within -1..1.

    One or two channels as in the file; more are mixed into one.
    """

    samples: Samples = field(default_factory=lambda: np.zeros((1, 0), dtype=np.float32), repr=False)
    rate: int = RATE


def decode(path: Path, limits: AudioLimits = DEFAULT_LIMITS) -> Audio:
    """Decode a recording.

    Raises:
        AudioError: `audio.not_found`, `audio.empty`, `audio.too_large`, `audio.unreadable`,
            `audio.no_stream`, `audio.many_streams`, `audio.no_sound`, `audio.truncated`, `audio.too_long`.
    """
    sink = _Samples()
    info = _decode(path, limits, sink)
    samples = sink.take()
    samples.flags.writeable = False
    return Audio(**{f.name: getattr(info, f.name) for f in fields(info)}, samples=samples)


def probe(path: Path, limits: AudioLimits = DEFAULT_LIMITS) -> AudioInfo:
    """Decode a recording without keeping its samples: the same checks and errors as `decode`."""
    return _decode(path, limits, _Samples(keep=False))


class _Samples:
    """Collects blocks of samples in one growing array per recording."""

    def __init__(self, *, keep: bool = True) -> None:
        self._keep = keep
        self._buffer: Samples = np.zeros((0, 0), dtype=np.float32)
        self.length = 0

    def add(self, block: Samples) -> None:
        end = self.length + block.shape[1]
        if self._keep:
            if end > self._buffer.shape[1]:
                self._grow(block.shape[0], max(2 * end, 60 * RATE))
            self._buffer[:, self.length : end] = block
        self.length = end

    def take(self) -> Samples:
        return self._buffer[:, : self.length]

    def _grow(self, channels: int, capacity: int) -> None:
        # Pages that are never written take no memory.
        larger = np.empty((channels, capacity), dtype=np.float32)
        if self.length:
            larger[:, : self.length] = self._buffer[:, : self.length]
        self._buffer = larger


def _decode(path: Path, limits: AudioLimits, sink: _Samples) -> AudioInfo:
    with _open_file(path, limits) as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        _check_wav(path, file)
        file.seek(0)
        with open_container(file, path.name) as container:
            stream = _only_audio_stream(container, path)
            blocks = _Blocks(container, stream)
            for block in blocks:
                sink.add(block)
                if sink.length > limits.max_seconds * RATE:
                    raise _too_long(path, limits)
            seconds = sink.length / RATE
            if blocks.failed > blocks.decoded:
                raise _unreadable(path, "what the file holds does not decode to sound")
            declared = declared_seconds(container, stream, file)
            _check_complete(path, declared, seconds)
            if container.format.name == "ogg" and truncated_ogg(file):
                raise _truncated(path, f"the file breaks off in the middle of a page, after {seconds:.1f} s")
            exact = stream.codec_context.name == "flac"
            tolerated = _TOLERANCE_EXACT_SECONDS if exact else _TOLERANCE_SECONDS / 2
            missing = declared is not None and declared - seconds > tolerated
            return AudioInfo(
                codec=stream.codec_context.codec.canonical_name,
                source_rate=sample_rate(stream),
                source_channels=blocks.channels,
                duration_s=seconds,
                sha256=sha256,
                bytes=size,
                problems=("audio.damaged",) if blocks.failed or missing else (),
            )


def _open_file(path: Path, limits: AudioLimits) -> BufferedReader:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise _error("not_found", path, "this is not a file", "Give the path of a recording.")
        if size == 0:
            raise _error("empty", path, "the file holds no bytes", "Send the recording again.")
        if size > limits.max_bytes:
            raise _error(
                "too_large",
                path,
                f"the file has {size} bytes, more than {limits.max_bytes}",
                "Split it, or raise DITING_MAX_RECORDING_BYTES.",
            )
        return path.open("rb")
    except FileNotFoundError:
        raise _error("not_found", path, "there is no such file", "Check the path.") from None
    except OSError as error:
        reason = error.strerror or "the file cannot be opened"
        raise _error("unreadable", path, reason, "Check the path and the access rights.") from error


def _only_audio_stream(container: InputContainer, path: Path) -> AudioStream:
    streams = container.streams.audio
    if not streams:
        raise _error("no_stream", path, "the file holds no sound track", "Send the sound recording.")
    if len(streams) > 1:
        raise _error(
            "many_streams",
            path,
            f"the file holds {len(streams)} sound tracks and it is unclear which one is the call",
            "Send one track, with one channel per speaker.",
        )
    if streams[0].codec_context is None:
        raise _unreadable(path, "the sound is in an encoding that is not known")
    return streams[0]


class _Blocks:
    """The sound of a stream, block by block, at 16 kHz; damaged packets are counted and left out."""

    def __init__(self, container: InputContainer, stream: AudioStream) -> None:
        self._container = container
        self._stream = stream
        self._layout = stream.codec_context.layout
        if stream.codec_context.name == "flac":
            # Without this FFmpeg plays damaged blocks as noise, though the file has checksums to tell.
            stream.codec_context.options = {"err_detect": "crccheck+explode"}
        self._resampler: AudioResampler | None = None
        self.channels = 0
        self.decoded = 0
        self.failed = 0

    def __iter__(self) -> Iterator[Samples]:
        for frame in self._frames():
            self.decoded += 1
            frame.pts = None  # a broken clock in the file must not add or drop samples
            if not self.channels:
                self._layout, self.channels = frame.layout, frame.layout.nb_channels
            yield from self._resampled(frame)
        yield from self._flush()

    def _resampled(self, frame: av.AudioFrame) -> Iterator[Samples]:
        if self._resampler is None:
            self._resampler = AudioResampler(format="fltp", layout=self._layout, rate=RATE)
        try:
            parts = self._resampler.resample(frame)
        except ValueError:  # the format changes in the middle of the file; the layout that comes out stays
            yield from self._flush()
            self._resampler = AudioResampler(format="fltp", layout=self._layout, rate=RATE)
            parts = self._resampler.resample(frame)
        yield from map(_block, parts)

    def _frames(self) -> Iterator[av.AudioFrame]:
        try:
            for packet in self._container.demux(self._stream):
                try:
                    yield from self._stream.codec_context.decode(packet)
                except (av.error.InvalidDataError, av.error.UndefinedError, av.error.PatchWelcomeError):
                    self.failed += 1
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            self.failed += 1

    def _flush(self) -> Iterator[Samples]:
        if self._resampler is not None:
            yield from map(_block, self._resampler.resample(None))


def _block(frame: av.AudioFrame) -> Samples:
    samples: Samples = np.nan_to_num(frame.to_ndarray().astype(np.float32, copy=False))
    np.clip(samples, -1.0, 1.0, out=samples)
    if samples.shape[0] > MAX_ROLE_CHANNELS:
        samples = samples.mean(axis=0, keepdims=True, dtype=np.float32)
    return samples


def _check_wav(path: Path, file: BufferedReader) -> None:
    lengths = wav_seconds(file)
    if lengths is not None:
        _check_complete(path, *lengths)


def _check_complete(path: Path, declared: float | None, seconds: float) -> None:
    """Refuse a recording that holds no sound, or clearly less than it states."""
    if declared is not None and seconds < declared * (1 - _TOLERANCE_SHARE) - _TOLERANCE_SECONDS:
        raise _truncated(path, f"the header promises {declared:.1f} s, the file holds {seconds:.1f} s")
    if seconds == 0:
        raise _error("no_sound", path, "the recording is 0 s long", "Send the recording again.")


def _truncated(path: Path, message: str) -> AudioError:
    return _error("truncated", path, message, "Send the whole recording: what is missing cannot be judged.")


def _unreadable(path: Path, message: str) -> AudioError:
    return _error("unreadable", path, message, "Send WAV, MP3, AMR, Opus, M4A or FLAC.")


def _too_long(path: Path, limits: AudioLimits) -> AudioError:
    return _error(
        "too_long",
        path,
        f"the recording is longer than {limits.max_seconds:.0f} s",
        "Split it, or raise DITING_MAX_RECORDING_SECONDS.",
    )


def _error(name: str, path: Path, message: str, mend: str) -> AudioError:
    return AudioError(message, code=f"audio.{name}", where=path.name, mend=mend)
