"""Recordings as browsers play them."""

import base64
import io
import re

import av
import numpy as np
import pytest

from api.report.audio import file_for_browser, for_browser
from api.report.page import render_with_sound
from tests.api.sample_result import result


def encode(container: str, codec: str, *, rate: int = 8000, channels: int = 2, seconds: float = 1.5) -> bytes:
    """A tone in the given container and codec."""
    layout = "mono" if channels == 1 else "stereo"
    wave = (np.sin(np.arange(int(rate * seconds)) / 9) * 9000).astype(np.int16)
    target = io.BytesIO()
    with av.open(target, "w", format=container) as writer:
        stream = writer.add_stream(codec, rate=rate, layout=layout)
        resampler = av.AudioResampler(format=stream.codec_context.format or "s16", layout=layout, rate=rate)
        frame = av.AudioFrame.from_ndarray(
            np.tile(wave[:, None], (1, channels)).reshape(1, -1), "s16", layout
        )
        frame.sample_rate = rate
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            writer.mux(stream.encode(part))
        writer.mux(stream.encode(None))
    return target.getvalue()


def length(content: bytes) -> tuple[str, int, float]:
    """Codec, channels and seconds of a recording."""
    with av.open(io.BytesIO(content)) as reader:
        stream = reader.streams.audio[0]
        samples = sum(frame.samples for frame in reader.decode(stream))
        return (
            stream.codec_context.name,
            stream.codec_context.channels,
            samples / stream.codec_context.sample_rate,
        )


@pytest.mark.parametrize(
    ("container", "codec", "media_type"),
    [
        ("wav", "pcm_s16le", "audio/wav"),
        ("flac", "flac", "audio/flac"),
        ("ogg", "libopus", "audio/ogg"),
        ("mp3", "libmp3lame", "audio/mpeg"),
        ("ipod", "aac", "audio/mp4"),
    ],
)
def test_formats_browsers_play_stay_as_they_are(container, codec, media_type):
    rate = 48000 if codec == "libopus" else 16000
    original = encode(container, codec, rate=rate)
    audio = for_browser(original)
    assert audio is not None
    assert (audio.media_type, audio.converted) == (media_type, False)
    assert audio.content == original


@pytest.mark.parametrize(("codec", "channels"), [("pcm_alaw", 2), ("pcm_mulaw", 1)])
def test_others_are_converted_with_channels_and_length_kept(codec, channels):
    audio = for_browser(encode("wav", codec, channels=channels))
    assert audio is not None
    assert (audio.media_type, audio.converted) == ("audio/ogg", True)
    name, kept, seconds = length(audio.content)
    assert (name, kept) == ("opus", channels)
    assert seconds == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("content", [b"", b"hello", b"RIFF\x00\x00\x00\x00WAVE"])
def test_what_is_no_sound_gives_none(content):
    assert for_browser(content) is None


def embedded(address: str) -> tuple[str, bytes]:
    kind, _, content = address.partition(";base64,")
    return kind, base64.b64decode(content, validate=True)


@pytest.mark.parametrize("seconds", [0.1, 60])
def test_a_file_is_embedded_part_by_part_as_it_is(tmp_path, seconds):
    path = tmp_path / "a.wav"
    path.write_bytes(encode("wav", "pcm_s16le", seconds=seconds))
    with file_for_browser(path) as audio:
        assert audio is not None
        parts = list(audio.data_uri())
        assert len(parts) == 1 + -(-path.stat().st_size // (3 * 256 * 1024))
        assert embedded("".join(parts)) == ("data:audio/wav", path.read_bytes())
        assert audio.converted is False


def test_a_file_in_another_format_is_converted(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(encode("wav", "pcm_alaw"))
    with file_for_browser(path) as audio:
        assert audio is not None
        kind, content = embedded("".join(audio.data_uri()))
    assert (kind, audio.converted) == ("data:audio/ogg", True)
    assert length(content) == ("opus", 2, pytest.approx(1.5, abs=0.05))


def test_a_large_file_without_compression_is_converted_as_well(tmp_path, monkeypatch):
    path = tmp_path / "a.wav"
    path.write_bytes(encode("wav", "pcm_s16le"))
    monkeypatch.setattr("api.report.audio._LARGE_BYTES", 1000)
    with file_for_browser(path) as audio:
        assert audio is not None
        assert (audio.media_type, audio.converted) == ("audio/ogg", True)


def test_a_file_that_is_no_sound_gives_none(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(b"hello")
    with file_for_browser(path) as audio:
        assert audio is None


def test_a_report_holds_its_recording(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(encode("wav", "pcm_s16le"))
    with file_for_browser(path) as audio:
        page = "".join(render_with_sound(result(), audio))
    (address,) = re.findall(r'<audio [^>]*src="([^"]*)"', page)
    assert embedded(address) == ("data:audio/wav", path.read_bytes())
    assert "<audio" not in "".join(render_with_sound(result(), None))
