"""How it was said, in the report: the figures, the drawing, and what nobody knows."""

import re
import shutil
import subprocess

import pytest

from api import words
from api.report import voice, voice_chart
from api.report.page import render
from api.words import Words
from tests.api.sample_result import result
from tests.api.voice_result import heard
from transcription.voice.cues.agitation import AGITATED


def cells(name):
    view = voice.build(heard())
    assert view is not None
    return next(each for words_of, each in view.rows if words_of.en == name)


@pytest.mark.parametrize(
    ("row", "agent", "customer"),
    [
        ("Speech measured", "24.0 s", "24.0 s"),
        ("Calm voice", "from this call", "from earlier calls"),
        ("Calm pitch", "200 Hz", "not measured"),
        ("Course", "rising", "not measured"),
        ("Most stirred up", "+2.6 sd", "not measured"),
        ("Share of the talk", "60% · 0:30", "40% · 0:30"),
        ("Time to answer (median)", "0.4 s", "—"),
        ("Interruptions", "2", "0"),
        ("Signs of listening", "1", "1"),
        ("Longest stretch alone", "6.4 s", "6.4 s"),
    ],
)
def test_the_table_has_a_column_for_each_speaker(row, agent, customer):
    assert [cell.text.en for cell in cells(row)] == [agent, customer]


def test_the_peak_leads_to_its_place():
    assert [cell.at for cell in cells("Most stirred up")] == [27.0, None]
    assert '<button type="button" class="time" data-seek="27.0"' in render(heard())


def test_whose_measures_may_be_wrong_is_said_in_words():
    view = voice.build(heard())
    assert view is not None
    assert [(who.en, why) for who, why in view.doubts] == [
        ("Customer", words.VOICE_LIMITS["noise"]),
        ("Both", words.VOICE_LIMITS["no_times"]),
    ]
    page = render(heard())
    assert words.VOICE_LIMITS["noise"].zh in page
    assert words.VOICE_LIMITS["noise"].en in page


def test_what_nobody_listened_for_is_said():
    view = voice.build(heard())
    assert view is not None
    assert view.unheard.en == (
        "Not listened for: trembling voice (crying too): that none was found says nothing."
    )
    assert view.unheard.zh in render(heard())
    told = heard()
    told["voice"]["interaction"]["limits"] = ["one_channel"]
    mono = voice.build(told)
    assert mono is not None
    assert mono.unheard.zh.endswith("双方在同一声道，抢话也无法发现。")


def test_cues_are_told_with_their_doubts_and_mere_overlap_is_not():
    view = voice.build(heard())
    assert view is not None
    assert [(cue.kind, cue.who.en, cue.time, cue.figure, cue.sure) for cue in view.cues] == [
        ("interruption", "Agent", "0:16–0:20", "0.8 s", 90),
        ("raised_voice", "Agent", "0:24–0:30", "+2.7 sd", 84),
        ("escalation", "Agent", "0:24–1:15", "+1.4 sd", 74),
        ("dead_air", "—", "0:35–1:12", "36.5 s", 100),
    ]
    assert [cue.doubts for cue in view.cues] == [
        (),
        (words.VOICE_LIMITS["crosstalk"],),
        (words.VOICE_LIMITS["crosstalk"],),
        (),
    ]


def test_without_a_recording_only_the_talk_is_told_and_nobody_is_called_calm():
    said = heard(speakers=[], seconds={}, waveform=[], utterances=[])
    view = voice.build(said)
    assert view is not None
    assert next(name.en for name, _ in view.rows) == "Share of the talk"
    assert not view.measured
    assert voice_chart.build(said) is None
    page = render(said)
    assert "不能由此认为双方平静" in page
    assert "情绪时间轴" not in page


def test_a_result_from_before_voices_were_measured_has_neither_table_nor_drawing():
    for old in (result(), result(voice=None)):
        assert voice.build(old) is None
        assert voice_chart.build(old) is None
        assert 'id="voice"' not in render(old)


def drawn(**changed):
    chart = voice_chart.build(heard(**changed))
    assert chart is not None
    return chart


def test_unknown_seconds_are_gaps():
    agent, customer = drawn().rows
    assert [agent.line.count("M"), customer.line.count("M")] == [2, 2]
    assert agent.area.count("Z") == 2
    first = agent.line.split("M")[1]
    assert first.startswith("0.0 ")
    assert float(re.findall(r"[\d.]+", first)[-2]) == pytest.approx(3 / 79.6 * 1000, abs=0.1)


def test_curves_lie_above_the_calm_voice_where_somebody_is_stirred_up_and_never_outside():
    chart = drawn()
    assert chart.zero == pytest.approx(4.0 / 5.5 * voice_chart.CURVE_HEIGHT, abs=0.1)
    assert chart.threshold == pytest.approx((4.0 - AGITATED) / 5.5 * voice_chart.CURVE_HEIGHT, abs=0.1)
    for row in chart.rows:
        heights = [float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", row.line)]
        assert all(0 <= y <= voice_chart.CURVE_HEIGHT for y in heights)
    calm, stirred = (
        [float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", run)]
        for run in chart.rows[0].line.split("M")[1:]
    )
    assert min(calm) > chart.threshold > max(stirred)


def test_each_speaker_has_the_outline_of_the_own_channel():
    agent, customer = drawn().rows
    assert agent.wave == agent.curve + voice_chart.CURVE_HEIGHT
    assert agent.outline.startswith("M125.0 14.7v0.6M375.0 7.5v15.0M625.0 0.0v30.0")
    assert customer.outline.startswith("M125.0 0.0v30.0")
    assert drawn().shared is None
    exchanged = heard()
    exchanged["call"]["recording"]["roles"] = {"0": "customer", "1": "agent"}
    chart = voice_chart.build(exchanged)
    assert chart is not None
    assert [row.outline for row in chart.rows] == [customer.outline, agent.outline]


def test_one_channel_is_drawn_once_for_both():
    mono = heard(waveform=[[10, 100]])
    mono["call"]["recording"]["channels"] = 1
    chart = voice_chart.build(mono)
    assert chart is not None
    assert [row.wave for row in chart.rows] == [None, None]
    assert chart.shared is not None
    assert chart.shared.top > chart.rows[1].bottom
    assert "双方同一声道" in render(mono)


def test_cues_of_the_voice_stand_where_they_were_heard():
    agent, customer = drawn().rows
    assert [(mark.cue.kind, mark.x, mark.width) for mark in agent.marks] == [
        ("raised_voice", 30.905, 7.789),
        ("escalation", 30.905, 63.442),
    ]
    assert customer.marks == ()
    assert agent.peak is not None
    assert (agent.peak.x, agent.peak.at, customer.peak) == (33.92, 27.0, None)


def test_the_drawing_is_reached_by_keyboard_and_told_in_words():
    page = render(heard())
    chart = page[page.index('class="emotion"') : page.index('id="transcript"')]
    links = re.findall(
        r'<a href="#(\w+)" data-seek="([\d.]+)" class="(?:cue-link|peak)" aria-label="([^"]+)"', chart
    )
    assert [(place, at) for place, at, _ in links] == [("u6", "24.6"), ("u6", "24.6"), ("voice", "27.0")]
    assert "音量异常 Raised voice 0:24–0:30 +2.7 sd" in links[0][2]
    assert chart.count("<title>") == 3
    legend = chart[chart.index("<figcaption>") :]
    drawn_kinds = ("raised_voice", "escalation")
    for kind in voice.VOICE_CUES:
        assert (words.CUES[kind].zh in legend) == (kind in drawn_kinds), kind
        assert (words.CUES[kind].en in legend) == (kind in drawn_kinds), kind


def test_hostile_words_in_cues_and_voices_stay_words():
    evil = "<script>alert(1)</script>"
    poisoned = heard()
    poisoned["cues"][2] |= {"because": evil, "utterances": [evil]}
    poisoned["voice"]["speakers"][0]["limits"] = [evil]
    assert evil not in render(poisoned)


def test_every_cue_and_trend_has_words_in_both_languages():
    for table in (words.CUES, words.VOICE_LIMITS, words.TRENDS, words.CALM_FROM):
        assert all(isinstance(each, Words) and each.zh and each.en for each in table.values())


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium (apt-get install chromium)")
def test_a_browser_draws_it_without_a_breach_of_its_policy(tmp_path):
    path = tmp_path / "report.html"
    path.write_text(render(heard()), encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri()]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.count('class="arousal"') == 2
    assert ran.stdout.count('class="wave"') == 2
    assert 'aria-pressed="true"' in ran.stdout  # the script ran to its end
    assert "Content Security Policy" not in ran.stderr
    assert "Uncaught" not in ran.stderr
    assert "Error: <" not in ran.stderr  # what a browser says of a path it cannot draw
