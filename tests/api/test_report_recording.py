"""What the report and the summary say of the recording and of what else is on the line."""

from typing import Any

import pytest
from rich.console import Console

from api.cli.show import summary
from api.report import recording, timeline
from api.report.page import render
from tests.api.sample_result import result

CHANNEL: dict[str, Any] = {
    "state": "speech",
    "speech_s": 30.0,
    "peak_db": -6.0,
    "speech_db": -22.4,
    "noise_db": -55.0,
    "snr_db": 32.6,
    "clipped": 0.012,
    "dc": 0.0,
    "dropouts": 0.01,
    "repeated": 0.02,
    "low_hz": 187.5,
    "high_hz": 3406.2,
}
SILENT = {**CHANNEL, "state": "silent", "speech_db": None, "snr_db": None, "low_hz": None, "high_hz": None}
NOTE = {
    "code": "audio.echo",
    "grave": False,
    "zh": "右声道有对方声音的回声",
    "en": "It comes back as an echo.",
}
GRAVE = {"code": "audio.noisy", "grave": True, "zh": "左声道噪声大", "en": "The left channel is noisy."}


def line_sound(kind: str, channel: int, start: float, end: float) -> dict[str, Any]:
    return {"kind": kind, "channel": channel, "start": start, "end": end, "confidence": 0.9}


@pytest.fixture
def measured() -> dict[str, Any]:
    made = result()
    health = {"channels": [CHANNEL, SILENT], "duplicate": None, "echoes": [], "speed": None}
    made["call"]["recording"] = {
        "sha256": "ab" * 32,
        "codec": "pcm_alaw",
        "sample_rate": 8000,
        "channels": 2,
        "health": {**health, "remarks": [GRAVE, NOTE]},
        "roles": {"0": "customer", "1": "agent"},
    }
    made["transcript"]["line"] = [line_sound("ringback", 0, 1.0, 7.0), line_sound("voicemail", 0, 8.0, 12.0)]
    for utterance in made["transcript"]["utterances"]:
        utterance["side"] = None
    made["transcript"]["utterances"][1]["kind"] = "announcement"
    return made


def test_figures_are_shown_and_dashes_where_there_are_none(measured):
    first, second = recording.build(measured).channels

    assert first.figures == ("-22 dBFS", "-55 dBFS", "33 dB", "1.2%", "3.0%", "188–3406 Hz")
    assert second.figures == ("—", "-55 dBFS", "—", "1.2%", "3.0%", "—")
    assert (first.name.zh, second.name.en, second.state.zh) == ("左声道", "Right", "无声")


def test_results_without_health_show_nothing_of_it():
    shown = recording.build(result(call={"external_id": "x", "recording": None}))

    assert shown == recording.RecordingView((), (), ())


def test_the_page_says_what_is_wrong_in_both_languages(measured):
    page = render(measured)

    for words in (
        "左声道噪声大",
        "The left channel is noisy.",
        "audio.echo",
        "录音质量",
        "回铃音",
        "Ring-back",
    ):
        assert words in page


def test_an_announcement_is_nobodys_line(measured):
    page = render(measured)

    assert 'class="line machine' in page
    assert "系统语音" in page


def test_sounds_are_drawn_in_the_lane_of_their_channel(measured):
    drawn = timeline.build(measured)

    assert drawn is not None
    assert [(bar.kind, bar.lane, bar.start) for bar in drawn.line] == [("ringback", "customer", 1.0)]
    measured["call"]["recording"]["channels"] = 1
    mixed = timeline.build(measured)
    assert mixed is not None
    assert [bar.lane for bar in mixed.line] == ["unknown"]


def test_the_summary_names_sounds_and_notes_but_no_reason_twice(measured):
    console = Console(width=200, record=True, file=None, quiet=False)
    with console.capture() as said:
        console.print(summary("call.wav", measured, "zh"))

    assert "线路声音: 回铃音 0:01–0:07 (左声道)" in said.get()
    assert "录音提示: 右声道有对方声音的回声" in said.get()
    assert "左声道噪声大" not in said.get()
