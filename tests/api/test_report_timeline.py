"""Where the timeline draws what."""

import pytest

from api.report import timeline
from api.report.page import render
from tests.api.sample_result import result


def test_given_transcript_without_times_has_no_timeline():
    bare = result(findings=[], cues=[])
    bare["call"] |= {"duration_s": None, "recording": None}
    bare["transcript"]["utterances"] = []
    assert timeline.build(bare) is None
    assert "没有识别出任何话语" in render(bare)


def test_timeline_places_everything_inside():
    drawn = timeline.build(result())
    assert drawn is not None
    assert drawn.length == 79.6
    bars = [*drawn.speech, *drawn.overlaps, *drawn.silences, *drawn.voices]
    assert all(bar.x >= 0 and bar.x + bar.width <= 100.2 for bar in bars)
    assert [(bar.start, bar.kind) for bar in drawn.silences] == [(35.9, "silence")]
    assert [pin.number for pin in drawn.pins] == [1, 2, 3, 5, 6, 7]
    assert drawn.ticks[1] == (12.563, "0:10")


def test_of_an_interruption_only_the_time_when_both_speak_is_hatched():
    taken = {
        "kind": "interruption",
        "speaker": "agent",
        "start": 16.1,
        "end": 20.4,
        "value": 0.8,
        "unit": "s",
    }
    drawn = timeline.build(result(cues=[taken]))
    assert drawn is not None
    assert [(bar.start, bar.width) for bar in drawn.overlaps] == [(16.1, 1.005)]


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, "—"), (0.9, "0:00"), (75.2, "1:15"), (3601, "1:00:01")]
)
def test_clock(seconds, shown):
    assert timeline.clock(seconds) == shown
