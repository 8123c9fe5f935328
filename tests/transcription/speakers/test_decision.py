from dataclasses import replace
from datetime import UTC, datetime

import pytest

from store.errors import ConflictError
from transcription.speakers.decision import (
    agent_side,
    carried_over,
    decision_of,
    exchanged,
    with_agent_on,
)
from transcription.speakers.roles import Roles
from transcription.types import RejectedText, RoleDecision, Transcript, Utterance

PERSON = RoleDecision("person", 1.0, "cli:wang", datetime(2026, 3, 5, 2, 30, tzinfo=UTC))


def utterance(number, speaker, side, *, trust=0.7, start=None):
    begin = float(number if start is None else start)
    return Utterance(number, speaker, begin, begin + 0.9, f"第{number}句", role_trust=trust, side=side)


CHANNELS = Transcript(
    "zh",
    "faster-whisper",
    "base",
    (utterance(0, "agent", 0), utterance(1, "customer", 1), utterance(2, "agent", 0)),
    options={"beam": 5, "split": "channels", "agent_channel": 0, "customer_channel": 1},
    rejected=(RejectedText("customer", 5.0, 6.0, "谢谢观看", "stock_phrase", 1),),
    unheard=(("agent", 7.0, 8.0),),
    problems=("roles.assumed", "audio.damaged"),
    roles=RoleDecision("assumed", 0.7),
)
VOICES = Transcript(
    "zh",
    "faster-whisper",
    "base",
    (
        utterance(0, "unknown", 0, trust=0.0),
        utterance(1, "unknown", 1, trust=0.0),
        utterance(2, "unknown", None, trust=0.0),
    ),
    options={"split": "voices"},
    rejected=(RejectedText("unknown", 5.0, 6.0, "谢谢观看", "stock_phrase", 1),),
    unheard=(("unknown", 7.0, 8.0),),
    problems=("roles.unknown",),
    roles=RoleDecision("unknown", 0.0),
)


def speakers(transcript):
    return [said.speaker for said in transcript.utterances]


def trusts(transcript):
    return [said.role_trust for said in transcript.utterances]


def test_exchanging_moves_everything_that_names_a_speaker():
    swapped = exchanged(CHANNELS, PERSON)

    assert speakers(swapped) == ["customer", "agent", "customer"]
    assert trusts(swapped) == [1.0, 1.0, 1.0]
    assert swapped.rejected[0].speaker == "agent"
    assert swapped.unheard == (("customer", 7.0, 8.0),)
    assert swapped.options == {"beam": 5, "split": "channels", "agent_channel": 1, "customer_channel": 0}
    assert swapped.problems == ("audio.damaged",)
    assert swapped.roles == PERSON


def test_only_roles_are_touched():
    swapped = exchanged(CHANNELS, PERSON)
    for before, after in zip(CHANNELS.utterances, swapped.utterances, strict=True):
        assert replace(after, speaker=before.speaker, role_trust=before.role_trust) == before


def test_exchanging_twice_gives_the_first_roles_back():
    back = exchanged(exchanged(CHANNELS, PERSON), PERSON)
    assert (speakers(back), back.rejected, back.unheard) == (
        speakers(CHANNELS),
        CHANNELS.rejected,
        CHANNELS.unheard,
    )
    assert dict(back.options) == dict(CHANNELS.options)


@pytest.mark.parametrize("side", [0, 1])
def test_sides_nobody_could_name_are_named(side):
    named = with_agent_on(VOICES, side, PERSON)

    roles = ["agent", "customer"] if side == 0 else ["customer", "agent"]
    assert speakers(named) == [*roles, "unknown"], "what came from neither side stays unknown"
    assert trusts(named) == [1.0, 1.0, 1.0]
    assert named.rejected[0].speaker == roles[1]
    assert named.unheard == VOICES.unheard
    assert "agent_channel" not in named.options
    assert named.problems == ()
    assert agent_side(named) == side


@pytest.mark.parametrize("side", [0, 1])
def test_naming_the_side_of_known_roles_exchanges_or_confirms_them(side):
    named = with_agent_on(CHANNELS, side, PERSON)
    expected = exchanged(CHANNELS, PERSON) if side == 1 else None
    assert speakers(named) == (speakers(expected) if expected else speakers(CHANNELS))
    assert named.options["agent_channel"] == side
    assert trusts(named) == [1.0, 1.0, 1.0]
    if expected:
        assert named == expected


def test_a_third_voice_is_never_made_the_agent():
    with_announcement = replace(CHANNELS, utterances=(*CHANNELS.utterances, utterance(3, "unknown", 0)))
    assert speakers(with_agent_on(with_announcement, 1, PERSON)) == [
        "customer",
        "agent",
        "customer",
        "unknown",
    ]


def test_an_announcement_is_nobody_s_word():
    announced = replace(utterance(0, "unknown", 0, trust=0.0), kind="announcement")
    mono = replace(VOICES, utterances=(announced, utterance(1, "unknown", 1, trust=0.0)))
    assert speakers(with_agent_on(mono, 1, PERSON)) == ["unknown", "agent"]
    with pytest.raises(ConflictError) as caught:
        with_agent_on(replace(VOICES, utterances=(announced,)), 0, PERSON)
    assert caught.value.code == "roles.nothing_said"
    long = replace(announced, speaker="agent", end=60.0)
    assert agent_side(replace(CHANNELS, utterances=(long, utterance(1, "customer", 0)))) == 1


def test_an_utterance_whose_voice_was_in_doubt_stays_in_doubt():
    doubtful = replace(
        CHANNELS,
        utterances=(utterance(0, "agent", 0, trust=0.8), utterance(1, "customer", 1, trust=0.2)),
        roles=RoleDecision("content", 0.8),
    )
    assert trusts(exchanged(doubtful, PERSON)) == [1.0, 0.25]


def test_a_transcript_from_before_decisions_were_noted_is_exchanged():
    old = replace(
        CHANNELS, roles=None, utterances=tuple(replace(said, side=None) for said in CHANNELS.utterances)
    )
    swapped = exchanged(old, PERSON)
    assert (speakers(swapped), trusts(swapped)) == (["customer", "agent", "customer"], [1.0] * 3)
    with pytest.raises(ConflictError) as caught:
        with_agent_on(old, 0, PERSON)
    assert caught.value.code == "roles.no_sides"


def test_what_cannot_be_exchanged_is_said():
    for transcript, code in (
        (VOICES, "roles.nobody_known"),
        (replace(CHANNELS, utterances=()), "roles.nothing_said"),
    ):
        with pytest.raises(ConflictError) as caught:
            exchanged(transcript, PERSON)
        assert caught.value.code == code


def test_the_agent_s_side_is_known_from_either_speaker():
    assert agent_side(CHANNELS) == 0
    assert agent_side(exchanged(CHANNELS, PERSON)) == 1
    assert agent_side(replace(CHANNELS, utterances=(utterance(0, "customer", 0),))) == 1
    assert agent_side(VOICES) is None


@pytest.mark.parametrize(
    ("roles", "how"),
    [
        (Roles(("agent", "customer"), 1.0), "channels"),
        (Roles(("agent", "customer"), 0.7, ("roles.assumed",)), "assumed"),
        (Roles(("customer", "agent"), 0.8), "content"),
        (Roles(("agent", "customer"), 0.4, ("roles.likely_swapped",)), "channels"),
        (Roles(None, 0.0, ("roles.unknown",)), "unknown"),
    ],
)
def test_how_the_machine_came_to_its_roles(roles, how):
    assert decision_of(roles) == RoleDecision(how, roles.trust)


def test_a_decision_is_carried_to_another_transcript_by_time():
    decided = exchanged(CHANNELS, PERSON)
    fresh = replace(
        CHANNELS,
        engine="other",
        utterances=tuple(
            replace(said, start=said.start + 0.2, end=said.end + 0.2) for said in CHANNELS.utterances
        ),
    )

    carried = carried_over(decided, fresh)

    assert carried
    assert (speakers(carried), carried.engine, carried.roles) == (speakers(decided), "other", PERSON)
    assert carried.options["agent_channel"] == 1


def test_a_decision_follows_the_voices_when_another_engine_counts_them_the_other_way_round():
    decided = with_agent_on(VOICES, 0, PERSON)
    recounted = replace(
        VOICES, utterances=(utterance(0, "unknown", 1, trust=0.0), utterance(1, "unknown", 0, trust=0.0))
    )
    carried = carried_over(decided, recounted)
    assert carried
    assert speakers(carried) == ["agent", "customer"]


def test_a_decision_is_carried_to_a_transcript_without_sides():
    decided = exchanged(CHANNELS, PERSON)
    fresh = replace(CHANNELS, utterances=tuple(replace(said, side=None) for said in CHANNELS.utterances))
    carried = carried_over(decided, fresh)
    assert carried
    assert speakers(carried) == speakers(decided)


def test_a_decision_that_fits_neither_way_is_not_carried():
    decided = exchanged(CHANNELS, PERSON)
    mixed_up = replace(
        VOICES,
        utterances=tuple(
            utterance(number, "unknown", side, trust=0.0, start=number)
            for number, side in enumerate((0, 0, 1))
        ),
    )
    elsewhere = replace(VOICES, utterances=(utterance(0, "unknown", 0, start=90.0),))
    assert carried_over(decided, mixed_up) is None
    assert carried_over(decided, elsewhere) is None
    assert carried_over(replace(decided, roles=None), CHANNELS) is None
