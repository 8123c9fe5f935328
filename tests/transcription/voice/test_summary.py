from dataclasses import replace

import pytest

from transcription.types import Cue
from transcription.voice.summary import (
    MIN_CALLS,
    CallOfCollector,
    CollectorSummary,
    collector_summary,
    sparkline,
)
from transcription.voice.types import Interaction, SpeakerTurns, SpeakerVoice

AGENT = SpeakerVoice("agent", 40.0, "call", -28.0, 9.0, -12.0, 4.5)
CUSTOMER = SpeakerVoice("customer", 40.0, "call", -20.0, 20.0, -5.0, 6.0)
TURNS = SpeakerTurns("agent", 60.0, 0.6, 10, 0.7, 12.0, 2, 3, (0.5, 0.9))
CALM = CallOfCollector(120.0, (AGENT, CUSTOMER), Interaction((TURNS,)), ())


def cue(kind, speaker="agent"):
    return Cue(kind, speaker, 1.0, 4.0, 2.5, "sd over own baseline")


def test_the_figures_of_a_collector():
    loud = replace(CALM, cues=(cue("raised_voice"), cue("raised_voice"), cue("agitation", "customer")))
    turns = replace(TURNS, talk_s=90.0, share=0.9, cut_in=7, longest_s=30.0, responses=(3.0, 3.0, 3.0))
    talks = replace(
        CALM,
        duration_s=240.0,
        speakers=(replace(AGENT, calm_pitch=12.0), CUSTOMER),
        interaction=Interaction((turns,)),
    )
    assert collector_summary([loud, CALM, CALM, CALM, talks]) == CollectorSummary(
        calls=5,
        measured=5,
        minutes=12.0,
        raised=0.2,
        agitated=0.0,
        customer_stirred=0.2,
        interruptions=12.5,  # 15 in 12 minutes
        talk_share=0.66,  # 330 of 500 s
        response_s=0.9,
        longest_s=12.0,
        calm_pitch=9.0,
    )


def test_too_few_calls_have_no_figures():
    few = collector_summary([CALM] * (MIN_CALLS - 1))
    assert few == CollectorSummary(MIN_CALLS - 1, MIN_CALLS - 1, 8.0, *[None] * 8)


def test_calls_that_could_not_be_measured_do_not_count_as_calm():
    unknown = replace(CALM, speakers=(replace(AGENT, calm_from=None), replace(CUSTOMER, calm_from=None)))
    found = collector_summary([CALM] * (MIN_CALLS - 1) + [unknown])
    assert (found.calls, found.measured) == (MIN_CALLS, MIN_CALLS - 1)
    assert (found.raised, found.agitated, found.customer_stirred, found.calm_pitch) == (None,) * 4
    assert found.interruptions == 10.0


def test_what_the_collector_never_did_is_not_known():
    silent = replace(TURNS, response_s=None, responses=(), share=0.0, talk_s=0.0)
    found = collector_summary([replace(CALM, interaction=Interaction((silent,)))] * MIN_CALLS)
    assert (found.response_s, found.talk_share, found.longest_s) == (None, None, 12.0)


def test_nothing_at_all():
    assert collector_summary([]) == CollectorSummary(0, 0, 0.0, *[None] * 8)


@pytest.mark.parametrize(
    ("track", "width", "drawn"),
    [
        ((), 10, ""),
        ((-9.0, -1.5, 0.0, 1.0, 4.0, 9.0), 10, "▁▁▃▄██"),
        ((None, 0.0, None), 10, " ▃ "),
        ((0.0, 4.0, None, None, 1.0, None), 3, "█ ▄"),
        ((None,) * 500, 4, "    "),
    ],
)
def test_a_sparkline_leaves_blanks_where_nothing_is_known(track, width, drawn):
    assert sparkline(track, width) == drawn
