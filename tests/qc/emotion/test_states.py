"""States from words and voice: one finding for both, which says whether they agree."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from qc.emotion.manner import Voices
from qc.emotion.states import with_voices
from qc.findings import Finding, How
from tests.qc.calls import transcript
from tests.qc.emotion.voices import cue, report, sounded
from tests.qc.test_scoring import finding as blank
from transcription.types import Cue
from transcription.voice.types import VoiceReport

SAID = transcript("a: 您好", "c: 干嘛", "a: 还款", "c: 不还", "a: 嗯", "c: 哦", "a: 嗯", "c: 哦").utterances


def state(name: str, utterance: int, how: How = "regex", status: str = "certain") -> Finding:
    """A state of the customer in one utterance."""
    return replace(
        blank("negative_emotion", status=status),
        speaker="customer", utterances=(utterance,), how=how, attributes={"state": name},
        why={"zh": "客户言辞愤怒（“滚”）。", "en": 'Angry words ("go").'},
    )  # fmt: skip


def settled(*found: Finding, cues: Sequence[Cue] = (), voice: VoiceReport | None = None) -> list[Finding]:
    return with_voices(found, Voices(SAID, cues, voice), found)


def test_words_and_a_voice_that_fits_are_one_finding_from_both():
    (found,) = settled(
        state("angry", 1),
        cues=[cue("raised_voice", 1, 2.8)],
        voice=report(sounded(1, 2.8, level=-19.8, pitch=7.1)),
    )
    assert found.attributes == {"state": "angry", "from": "both", "voice": "raised", "agree": "yes"}
    assert found.status == "certain"
    assert found.why == {
        "zh": "客户言辞愤怒（“滚”）。声音升高"
        "（高于本人平时 2.8 个标准差，音量 +6.2 dB，音高 +3.1 个半音），与言辞一致。",
        "en": 'Angry words ("go"). The voice is raised (2.8 SD above the speaker\'s own calm voice, +6.2 dB, '
        "+3.1 semitones), as the words.",
    }


def test_angry_words_in_a_calm_voice_say_that_they_disagree():
    (found,) = settled(state("angry", 1), voice=report(sounded(1, 0.2)))
    assert found.attributes == {"state": "angry", "from": "words", "voice": "calm", "agree": "no"}
    assert found.status == "certain"
    assert found.why == {
        "zh": "客户言辞愤怒（“滚”）。声音平静（高于本人平时 0.2 个标准差），与言辞不一致。",
        "en": 'Angry words ("go"). The voice is calm '
        "(0.2 SD above the speaker's own calm voice), unlike the words.",
    }


def test_a_voice_lower_than_usual_is_told_as_such():
    (found,) = settled(state("angry", 1), voice=report(sounded(1, -0.34)))
    assert "低于本人平时 0.3 个标准差" in found.why["zh"]
    assert "0.3 SD below the speaker's own calm voice" in found.why["en"]


def test_a_voice_between_calm_and_stirred_up_neither_agrees_nor_disagrees():
    (found,) = settled(state("angry", 1), voice=report(sounded(1, 1.3)))
    assert found.attributes == {"state": "angry", "from": "words", "voice": "unsettled"}
    assert found.why["zh"].endswith("声音略有起伏（高于本人平时 1.3 个标准差）。")


def test_without_sound_the_voice_is_unknown_and_nothing_else_changes():
    said = state("angry", 1, status="unsure")
    (found,) = settled(said)
    assert found.attributes == {"state": "angry", "from": "words", "voice": "unknown"}
    assert replace(found, attributes=said.attributes) == said


@pytest.mark.parametrize(
    ("name", "kind", "agree"),
    [
        ("angry", "agitation", "yes"),
        ("angry", "withdrawal", "no"),
        ("anxious", "trembling", "yes"),
        ("anxious", "agitation", "yes"),
        ("anxious", "withdrawal", "yes"),
        ("dissatisfied", "raised_voice", "yes"),
        ("questioning", "agitation", "yes"),
    ],
)
def test_which_voice_fits_which_words(name: str, kind: str, agree: str):
    (found,) = settled(state(name, 1), cues=[cue(kind, 1)])  # type: ignore[arg-type]
    assert (found.attributes["agree"], found.attributes["from"]) == (
        agree,
        "both" if agree == "yes" else "words",
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [("angry", "trembling"), ("dissatisfied", "withdrawal"), ("questioning", "trembling")],
)
def test_some_voices_tell_neither_way(name: str, kind: str):
    (found,) = settled(state(name, 1), cues=[cue(kind, 1)])  # type: ignore[arg-type]
    assert "agree" not in found.attributes


@pytest.mark.parametrize("name", ["anxious", "dissatisfied", "questioning"])
def test_fear_may_be_quiet_and_discontent_calm(name: str):
    (found,) = settled(state(name, 1), voice=report(sounded(1, 0.2)))
    assert found.attributes == {"state": name, "from": "words", "voice": "calm"}
    assert found.why["zh"].endswith("声音平静（高于本人平时 0.2 个标准差）。")


def test_who_is_upset_most_of_the_call_has_no_calm_voice_to_compare_with():
    voice = report(*(sounded(at, 0.2) for at in (1, 3, 5, 7)))
    found = settled(state("angry", 1), state("anxious", 5), voice=voice)
    assert [each.attributes for each in found] == [
        {"state": "angry", "from": "words", "voice": "unknown"},
        {"state": "anxious", "from": "words", "voice": "unknown"},
    ]
    assert found[0].why["zh"].endswith("客户大半通话言辞激动，没有平静的话可比，声音是否平静无从得知。")
    loud = settled(state("angry", 1), state("angry", 5), cues=[cue("raised_voice", 5)], voice=voice)
    assert loud[1].attributes["voice"] == "raised"


def test_a_voice_without_such_words_stands_alone_and_is_never_certain():
    (found,) = settled(state("angry", 3, "cue"), cues=[cue("raised_voice", 3, 3.4)])
    assert found.attributes == {
        "state": "angry", "from": "voice", "voice": "raised", "words": "calm", "agree": "no"
    }  # fmt: skip
    assert found.status == "unsure"
    assert found.why == {
        "zh": "客户言辞愤怒（“滚”）。高于本人平时 3.4 个标准差。言辞平静；单凭声音不能断定是何情绪。",
        "en": 'Angry words ("go"). 3.4 SD above the speaker\'s own calm voice. '
        "The words are calm; a voice alone does not tell which feeling it is.",
    }


@pytest.mark.parametrize("mild", ["dissatisfied", "questioning"])
def test_words_of_mere_discontent_do_not_explain_a_raised_voice(mild: str):
    found = settled(state(mild, 1), state("angry", 1, "cue"), cues=[cue("raised_voice", 1, 2.6)])
    assert [each.attributes for each in found] == [
        {"state": mild, "from": "both", "voice": "raised", "agree": "yes"},
        {"state": "angry", "from": "both", "voice": "raised", "words": mild, "agree": "yes"},
    ]
    assert [each.status for each in found] == ["certain", "unsure"]


def test_a_voice_that_rises_over_several_turns_shows_the_one_that_tells_most():
    rising = replace(state("angry", 1, "cue"), utterances=(1, 3))
    (found,) = settled(rising, cues=[cue("agitation", 3, 2.1)], voice=report(sounded(1, 0.3)))
    assert found.attributes["voice"] == "agitated"


def test_words_tell_which_state_a_voice_shows():
    cues = [cue("raised_voice", 1), cue("raised_voice", 3)]
    found = settled(state("anxious", 1), state("angry", 1, "cue"), state("angry", 3, "cue"), cues=cues)
    assert [(each.attributes["state"], each.attributes["from"]) for each in found] == [
        ("anxious", "both"),
        ("angry", "voice"),
    ]


def test_words_found_by_other_rules_count_as_well():
    voices = Voices(SAID, [cue("raised_voice", 1)], None)
    assert with_voices([state("angry", 1, "cue")], voices, [state("anxious", 1)]) == []


def test_of_two_states_of_one_voice_the_one_that_only_fear_shows():
    cues = [cue("raised_voice", 1), cue("trembling", 1)]
    found = settled(state("angry", 1, "cue"), state("anxious", 1, "cue"), cues=cues)
    assert [each.attributes["state"] for each in found] == ["anxious"]


@pytest.mark.parametrize(
    ("trend", "told"), [("rising", "rising"), ("falling", "falling"), ("peak", "peak"), ("level", None)]
)
def test_how_the_voice_went_on_is_told(trend: str, told: str | None):
    (found,) = settled(state("angry", 1), voice=report(sounded(1, 0.2), trend=trend))
    assert found.attributes.get("trend") == told


def conduct(category: str, how: How = "regex", **changes: object) -> Finding:
    return replace(blank(category), **{"utterances": (2,), "how": how} | changes)  # type: ignore[arg-type]


AGITATED = (cue("agitation", 2, 1.8, speaker="agent"),)


def test_what_the_agent_said_in_a_stirred_up_voice_shows_it():
    (found,) = settled(conduct("dismissive"), cues=AGITATED)
    assert found.attributes == {"voice": "agitated"}
    assert found.why == {
        "zh": "缘由。声音激动（高于本人平时 1.8 个标准差）。",
        "en": "reason. The voice is agitated (1.8 SD above the speaker's own calm voice).",
    }
    assert (found.points, found.status) == (15, "certain")


def test_what_the_agent_said_calmly_stays_as_it_is():
    said = conduct("abuse")
    assert settled(said, voice=report(sounded(2, 0.1, speaker="agent"))) == [said]


def test_facts_and_what_was_not_said_have_no_voice():
    silent = [conduct("off_hours", "fact", utterances=(), speaker=None), conduct("no_identity", "absence")]
    assert settled(*silent, cues=AGITATED) == silent


def test_a_raised_voice_says_how_far_and_why_that_may_be_wrong():
    loud = sounded(2, 2.9, speaker="agent", level=-17.7, pitch=6.5, limits=("noise", "one_channel"))
    (found,) = settled(
        conduct("raised_voice", "cue"),
        cues=[cue("raised_voice", 2, 2.9, speaker="agent")],
        voice=report(loud),
    )
    assert found.attributes == {}
    assert found.why == {
        "zh": "缘由。高于本人平时 2.9 个标准差，音量 +8.3 dB，音高 +2.5 个半音"
        "；可能有误：声音与线路噪声相差不大；双方在同一声道，按声音区分。",
        "en": "reason. 2.9 SD above the speaker's own calm voice, +8.3 dB, +2.5 semitones; it may be wrong: "
        "hardly louder than the noise of the line; both on one channel, told apart by their sound.",
    }
