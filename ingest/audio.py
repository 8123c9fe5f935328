"""Decoding recordings: whatever FFmpeg reads becomes samples at 16 kHz, or an error that says why not."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from io import BufferedReader
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from ingest.container import declared_seconds, open_container, sample_rate, truncated_ogg, wav_seconds
from ingest.progress import Progress, ignore
from ingest.sound import RATE, Samples, Sound, SoundWriter
from store.errors import AudioError

__all__ = ["RATE", "Audio", "AudioInfo", "AudioLimits", "Samples", "decode", "probe"]

MAX_ROLE_CHANNELS = 2
# Blocks of this length cost little to pass on, and take little memory.
_BLOCK_S = 4

# A header may round up to a frame or a second; more than this is missing sound.
_TOLERANCE_SECONDS = 0.5
_TOLERANCE_SHARE = 0.02
_TOLERANCE_EXACT_SECONDS = 0.01  # where the header counts samples, and no codec adds or trims any


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio(AudioInfo):
    """A decoded recording. Its sound has one or two channels as in the file; more are mixed into one."""

    sound: Sound

    @property
    def rate(self) -> int:
        """Samples per second of the sound."""
        return self.sound.rate


def decode(path: Path, limits: AudioLimits = DEFAULT_LIMITS, *, progress: Progress = ignore) -> Audio:
    """Decode a recording in bounded memory.

    Args:
        path: the recording.
        limits: what it may be at most.
        progress: is told the share (0..1) that is done.

    Raises:
        AudioError: `audio.not_found`, `audio.empty`, `audio.too_large`, `audio.unreadable`,
            `audio.no_stream`, `audio.many_streams`, `audio.no_sound`, `audio.truncated`, `audio.too_long`.
        SoundStoreError: `audio.no_space`.
    """
    keeper = _Keeper()
    info = _decode(path, limits, keeper, progress)
    return Audio(**{f.name: getattr(info, f.name) for f in fields(info)}, sound=keeper.writer.finish())


def probe(path: Path, limits: AudioLimits = DEFAULT_LIMITS) -> AudioInfo:
    """Decode a recording without keeping its sound: the same checks and errors as `decode`."""
    return _decode(path, limits, _Counter(), ignore)


class _Counter:
    """Counts samples instead of keeping them: to turn each into a number would take longer than to decode."""

    def __init__(self) -> None:
        self.length = 0

    def add(self, frame: av.AudioFrame) -> None:
        self.length += frame.samples


class _Keeper(_Counter):
    """Counts samples and writes them down."""

    def __init__(self) -> None:
        super().__init__()
        self.writer = SoundWriter()

    def add(self, frame: av.AudioFrame) -> None:
        super().add(frame)
        self.writer.add(_block(frame))


def _decode(path: Path, limits: AudioLimits, sink: _Counter, progress: Progress) -> AudioInfo:
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
                progress(min(1.0, file.tell() / size))
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

    def __iter__(self) -> Iterator[av.AudioFrame]:
        for frame in self._frames():
            self.decoded += 1
            frame.pts = None  # a broken clock in the file must not add or drop samples
            if not self.channels:
                self._layout, self.channels = frame.layout, frame.layout.nb_channels
            yield from self._resampled(frame)
        yield from self._flush()

    def _new_resampler(self) -> AudioResampler:
        return AudioResampler(format="fltp", layout=self._layout, rate=RATE, frame_size=_BLOCK_S * RATE)

    def _resampled(self, frame: av.AudioFrame) -> Iterator[av.AudioFrame]:
        if self._resampler is None:
            self._resampler = self._new_resampler()
        try:
            parts = self._resampler.resample(frame)
        except ValueError:  # the format changes in the middle of the file; the layout that comes out stays
            yield from self._flush()
            self._resampler = self._new_resampler()
            parts = self._resampler.resample(frame)
        yield from parts

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

    def _flush(self) -> Iterator[av.AudioFrame]:
        if self._resampler is not None:
            yield from self._resampler.resample(None)


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
