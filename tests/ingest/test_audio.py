import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from ingest.audio import Audio, AudioLimits, decode, probe
from store.errors import AudioError

Encode = Callable[..., Path]
RATE = 8000


def tone(seconds: float, frequency: float = 440.0, rate: int = RATE) -> np.ndarray:
    times = np.arange(round(seconds * rate)) / rate
    return (0.25 * np.sin(2 * np.pi * frequency * times)).astype(np.float32)


def heard(audio: Audio) -> np.ndarray:
    return audio.sound.read(0, audio.sound.length)


def loudest_hz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples[2000:-2000]))
    return float(np.argmax(spectrum) * 16_000 / (len(samples) - 4000))


def refusal(path: Path, limits: AudioLimits | None = None) -> AudioError:
    with pytest.raises(AudioError) as caught:
        decode(path, limits or AudioLimits())
    with pytest.raises(AudioError) as probed:
        probe(path, limits or AudioLimits())
    assert str(caught.value) == str(probed.value)
    assert caught.value.mend
    return caught.value


@pytest.mark.parametrize(
    ("name", "codec", "rate", "reported"),
    [
        ("a.wav", "pcm_s16le", 8000, "pcm_s16le"),
        ("a.wav", "pcm_s24le", 96_000, "pcm_s24le"),
        ("a.wav", "pcm_u8", 11_025, "pcm_u8"),
        ("a.wav", "pcm_f32le", 16_000, "pcm_f32le"),
        ("a.wav", "pcm_alaw", 8000, "pcm_alaw"),
        ("a.wav", "pcm_mulaw", 8000, "pcm_mulaw"),
        ("a.wav", "adpcm_ima_wav", 8000, "adpcm_ima_wav"),
        ("a.flac", "flac", 44_100, "flac"),
        ("a.mp3", "libmp3lame", 44_100, "mp3"),
        ("a.m4a", "aac", 48_000, "aac"),
        ("a.mka", "libopus", 48_000, "opus"),
        ("a.au", "pcm_s16be", 8000, "pcm_s16be"),
        ("a.aiff", "pcm_s16be", 22_050, "pcm_s16be"),
    ],
)
def test_two_channels_of_each_encoding_stay_apart(
    encode: Encode, name: str, codec: str, rate: int, reported: str
):
    path = encode(name, codec, [tone(2, 440, rate), tone(2, 1000, rate)], rate=rate)
    audio = decode(path)
    assert (audio.codec, audio.source_rate, audio.source_channels, audio.rate) == (reported, rate, 2, 16_000)
    assert audio.sound.channels == 2
    assert audio.duration_s == pytest.approx(2, abs=0.09)
    assert audio.sound.duration_s == audio.duration_s
    assert [loudest_hz(channel) for channel in heard(audio)] == pytest.approx([440, 1000], abs=2)
    assert np.abs(heard(audio)[0]).max() == pytest.approx(0.25, abs=0.08)
    assert audio.problems == ()
    assert audio.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert audio.bytes == path.stat().st_size


def test_gsm_in_wav(tmp_path: Path):
    path = tmp_path / "gsm.wav"
    soundfile.write(path, tone(2), RATE, format="WAV", subtype="GSM610")
    audio = decode(path)
    assert (audio.codec, audio.source_channels, audio.sound.channels) == ("gsm_ms", 1, 1)
    assert audio.duration_s == pytest.approx(2, abs=0.05)
    assert loudest_hz(heard(audio)[0]) == pytest.approx(440, abs=2)


def test_amr(tmp_path: Path):
    path = tmp_path / "call.amr"
    path.write_bytes(b"#!AMR\n" + (b"\x3c" + bytes(31)) * 100)  # 100 frames of 20 ms at 12.2 kbit/s
    audio = decode(path)
    assert (audio.codec, audio.source_rate, audio.duration_s) == ("amr_nb", 8000, 2.0)


def test_opus_tells_the_rate_before_encoding(encode: Encode):
    assert probe(encode("a.opus", "libopus", [tone(2)], rate=8000)).source_rate == 8000
    assert probe(encode("b.opus", "libopus", [tone(2, rate=48_000)], rate=48_000)).source_rate == 48_000


def test_decoding_twice_gives_the_same_samples(encode: Encode):
    path = encode("a.mp3", "libmp3lame", [tone(1, rate=44_100)] * 2, rate=44_100)
    assert np.array_equal(heard(decode(path)), heard(decode(path)))


def test_sixteen_bits_at_the_same_rate_are_kept_exactly(encode: Encode):
    values = np.random.default_rng(0).integers(-32_768, 32_768, (2, 40_000)).astype(np.float32) / 32_768
    audio = decode(encode("a.wav", "pcm_s16le", list(values), rate=16_000))
    assert np.array_equal(heard(audio), values)


def test_decoding_says_how_far_it_is(encode: Encode):
    seen: list[float] = []
    decode(encode("a.wav", "pcm_s16le", [tone(30)] * 2), progress=seen.append)
    assert seen == sorted(seen)
    assert len(seen) >= 7
    assert 0 < seen[0] < 0.5
    assert seen[-1] == 1.0


def test_probing_tells_the_same_without_samples(encode: Encode):
    path = encode("a.flac", "flac", [tone(3), tone(3)])
    audio, info = decode(path), probe(path)
    names = ("codec", "source_rate", "source_channels", "duration_s", "sha256", "bytes", "problems")
    assert [getattr(info, name) for name in names] == [getattr(audio, name) for name in names]


def test_more_than_two_channels_are_mixed_and_none_is_lost(encode: Encode):
    frequencies = [300, 500, 700, 900, 1100, 1300]
    audio = decode(encode("a.flac", "flac", [tone(2, f) for f in frequencies]))
    assert (audio.source_channels, audio.sound.channels, audio.mixed) == (6, 1, True)
    spectrum = np.abs(np.fft.rfft(heard(audio)[0]))
    peaks = {f: spectrum[2 * f] for f in frequencies}
    assert min(peaks.values()) > 0.8 * max(peaks.values())
    assert spectrum[2 * 400] < 0.01 * max(peaks.values())


def test_one_or_two_channels_are_not_mixed(encode: Encode):
    assert not decode(encode("a.wav", "pcm_s16le", [tone(1)])).mixed
    assert not decode(encode("b.wav", "pcm_s16le", [tone(1)] * 2)).mixed


def test_silence_is_no_error(encode: Encode):
    audio = decode(encode("a.wav", "pcm_s16le", [np.zeros(8000, np.float32)]))
    assert (audio.duration_s, float(np.abs(heard(audio)).max())) == (1.0, 0.0)


def test_the_name_does_not_matter(encode: Encode, tmp_path: Path):
    path = encode("a.flac", "flac", [tone(1)])
    assert probe(path.rename(tmp_path / "really flac.wav")).codec == "flac"


def test_no_file(tmp_path: Path):
    error = refusal(tmp_path / "nothing.wav")
    assert (error.code, error.where) == ("audio.not_found", "nothing.wav")
    assert refusal(tmp_path).code == "audio.not_found"


def test_no_bytes(tmp_path: Path):
    path = tmp_path / "empty.wav"
    path.touch()
    assert str(refusal(path)) == (
        "empty.wav: the file holds no bytes. Send the recording again. [audio.empty]"
    )


def test_text_is_no_sound(tmp_path: Path):
    path = tmp_path / "text.wav"
    path.write_text("今天的录音\n" * 500, encoding="utf-8")
    assert refusal(path).code == "audio.unreadable"


@pytest.mark.parametrize("seed", range(8))
def test_random_bytes_are_no_sound(tmp_path: Path, seed: int):
    path = tmp_path / "random.mp3"
    path.write_bytes(np.random.default_rng(seed).bytes(50_000))
    assert refusal(path).code == "audio.unreadable"


def test_an_unknown_encoding(wav: Encode):
    error = refusal(wav("a.wav", 1, tag=0x7777))
    assert (error.code, error.message) == (
        "audio.unreadable",
        "the sound is in an encoding that is not known",
    )


def test_a_truncated_wav_names_both_lengths(wav: Encode):
    error = refusal(wav("a.wav", 4, promised_s=60))
    assert error.code == "audio.truncated"
    assert error.message == "the header promises 60.0 s, the file holds 4.0 s"


def test_five_hours_promised_and_one_second_held(wav: Encode):
    error = refusal(wav("a.wav", 1, promised_s=5 * 3600))
    assert error.message == "the header promises 18000.0 s, the file holds 1.0 s"


def test_a_header_without_sound(wav: Encode):
    assert refusal(wav("a.wav", 0)).code == "audio.no_sound"
    assert refusal(wav("b.wav", 0, promised_s=10)).code == "audio.truncated"


@pytest.mark.parametrize("unknown", [0, 0x7FFFF000, 0xFFFFFFFF])
def test_a_wav_written_into_a_pipe_states_no_length(wav: Encode, unknown: int):
    assert decode(wav("a.wav", 1, data_size=unknown)).duration_s == 1.0


def test_a_last_packet_that_is_missing_is_no_truncation(wav: Encode):
    assert decode(wav("a.wav", 9.9, promised_s=10)).duration_s == pytest.approx(9.9)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.flac", "flac", {}),
        ("a.mp3", "libmp3lame", {}),
        ("a.m4a", "aac", {"movflags": "faststart"}),
        ("a.opus", "libopus", {}),
        ("a.aiff", "pcm_s16be", {}),
    ],
)
def test_other_formats_cut_in_half(encode: Encode, name: str, codec: str, options: dict[str, str]):
    rng = np.random.default_rng(1)
    noise = (0.2 * rng.standard_normal(48_000 * 20)).astype(np.float32)
    path = encode(name, codec, [noise], rate=48_000, **options)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    error = refusal(path)
    assert error.code == "audio.truncated"
    assert re.search(r"\d+\.\d s", error.message)


def test_parts_that_do_not_decode_are_a_problem_not_a_silence(encode: Encode):
    rng = np.random.default_rng(1)
    path = encode("a.flac", "flac", [(0.2 * rng.standard_normal(8000 * 60)).astype(np.float32)])
    content = bytearray(path.read_bytes())
    content[200_000:200_400] = b"\x55" * 400
    path.write_bytes(content)
    audio = decode(path)
    assert audio.problems == ("audio.damaged",)
    assert 57 < audio.duration_s < 60


def test_a_damaged_opus_page_is_a_problem(encode: Encode):
    rng = np.random.default_rng(1)
    path = encode(
        "a.opus", "libopus", [(0.2 * rng.standard_normal(48_000 * 60)).astype(np.float32)], rate=48_000
    )
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 100] = b"\x55" * 100
    path.write_bytes(content)
    assert decode(path).problems == ("audio.damaged",)


def test_video_without_sound(tmp_path: Path):
    path = tmp_path / "video.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=5, width=64, height=64, pix_fmt="yuv420p")
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    assert refusal(path).code == "audio.no_stream"


def test_two_sound_tracks(tmp_path: Path):
    path = tmp_path / "two.mka"
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("flac", rate=RATE, layout="mono") for _ in range(2)]
        for stream in streams:
            samples = (tone(1) * 32767).astype(np.int16).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, 0
            for packet in [*stream.encode(frame), *stream.encode(None)]:
                container.mux(packet)
    error = refusal(path)
    assert (error.code, error.message[:25]) == ("audio.many_streams", "the file holds 2 sound tr")


def test_limits(wav: Encode):
    path = wav("a.wav", 3)
    assert refusal(path, AudioLimits(max_seconds=2.9)).code == "audio.too_long"
    assert refusal(path, AudioLimits(max_bytes=48_000)).code == "audio.too_large"
    assert decode(path, AudioLimits(max_seconds=3, max_bytes=48_044)).duration_s == 3.0


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{target}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{target}'\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
        '<?xml version="1.0"?><MPD><Period><BaseURL>{target}</BaseURL></Period></MPD>',
    ],
)
def test_a_file_that_names_other_files_is_not_followed(tmp_path: Path, wav: Encode, playlist: str):
    target = wav("secret.wav", 1)
    path = tmp_path / "call.wav"
    path.write_text(playlist.format(target=target))
    assert refusal(path).code == "audio.unreadable"


def test_a_pipe_does_not_block(tmp_path: Path):
    path = tmp_path / "pipe.wav"
    os.mkfifo(path)
    assert refusal(path).code == "audio.not_found"
