"""Points, decay, explanations and episodes."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_warnings.scoring.score import assess, assess_episode
from complaint_warnings.scoring.weights import EmotionWeights, default_weights
from complaint_warnings.types import CallEvidence, Indicator, Language, WarningAssessment
from qc.findings import Finding, How, Status

from ..helpers import NOON, call, finding

WEIGHTS = default_weights()


def by_name(result: WarningAssessment | None) -> dict[str, Indicator]:
    assert result is not None
    return {indicator.name: indicator for indicator in result.indicators}


def test_score_is_the_sum_of_points_and_every_point_is_explained():
    result = assess(
        [
            call(
                finding("dispute.amount", start=31.2),
                finding("negative_emotion", how="cue", start=8.0, state="questioning"),
                finding("off_hours", start=None),
                days_overdue=45,
                amount_due=Decimal("6215.80"),
                complaints_before=1,
            )
        ],
        WEIGHTS,
    )
    assert result is not None
    assert (result.score, result.level, result.model) == (13.9, "low", "default@3")
    assert list(result.indicators) == [
        Indicator("dispute", 8.0, "客户对债务提出异议（通话 H001 31.2 s）。", "low"),
        Indicator(
            "emotion.mild",
            1.9,
            "客户不满或质疑（通话 H001 8.0 s；见于语音，按 0.8 倍计；同组已有更重的指标，按组限折减）。",
            "low",
        ),
        Indicator("complaint_history", 2.0, "此前已有投诉 1 次。", None),
        Indicator("conduct.major", 1.5, "催收员较重违规（通话 H001；off_hours）。", None),
        Indicator("days_overdue", 0.5, "逾期 45 天。", None),
    ]
    assert result.advice == "核对异议内容并答复客户，核实期间不催收争议部分。低等级：常规跟进，记录情况。"


def test_english_calls_are_explained_in_english():
    result = assess([call(finding("complaint_intent", channel="regulator"), language="en")], WEIGHTS)
    assert by_name(result)["complaint_intent.regulator"] == Indicator(
        "complaint_intent.regulator",
        82.0,
        "The customer will complain to a regulator (call H001 12.5 s).",
        "high",
    )
    assert result is not None
    assert result.advice.startswith("Start complaint handling now")
    assert result.advice.endswith("report to the head of department and the creditor today.")


def test_self_harm_advice_comes_first_and_unsure_is_said():
    result = assess([call(finding("self_harm", "unsure"), finding("dispute.fraud"))], WEIGHTS)
    assert result is not None
    assert result.advice.startswith("立即停止催收")
    assert "12356" in result.advice
    assert by_name(result)["self_harm"].because == (
        "客户有自伤或轻生表述（通话 H001 12.5 s；证据不确定，仍按最高优先级处理）。"
    )


def test_unsure_counts_half_and_forces_nothing():
    indicator = by_name(assess([call(finding("stop_request", "unsure"))], WEIGHTS))["stop_request"]
    assert (indicator.points, indicator.floor) == (12.5, None)
    assert "证据不确定" in indicator.because


def test_a_certain_finding_beside_an_unsure_one_counts_once_and_in_full():
    result = assess([call(finding("stop_request", "unsure"), finding("stop_request"))], WEIGHTS)
    assert by_name(result)["stop_request"].points == 25.0
    assert "不确定" not in by_name(result)["stop_request"].because


def emotion(status: Status = "certain", how: How = "letters", state: str = "angry", **told: str) -> Finding:
    return finding("negative_emotion", status, how, state=state, **told)


def angry(*findings: Finding, language: Language = "zh") -> tuple[float, str]:
    indicator = by_name(assess([call(*findings, language=language)], WEIGHTS))["emotion.angry"]
    return indicator.points, indicator.because


def test_words_alone_count_in_full():
    assert angry(emotion(**{"from": "words", "voice": "unknown"})) == (
        25.0,
        "客户情绪愤怒（通话 H001 12.5 s；见于言语）。",
    )


def test_words_and_voice_that_agree_are_worth_more_than_either():
    assert angry(emotion(**{"from": "both", "voice": "raised", "agree": "yes"})) == (
        27.5,
        "客户情绪愤怒（通话 H001 12.5 s；见于言语与语音，两者一致，按 1.1 倍计）。",
    )


def test_the_voice_alone_counts_least():
    assert angry(emotion("unsure", "cue", **{"from": "voice", "voice": "raised", "agree": "no"})) == (
        10.0,
        "客户情绪愤怒（通话 H001 12.5 s；见于语音，按 0.8 倍计；证据不确定，折减计分，待人工核实）。",
    )


def test_words_that_the_voice_does_not_fit_say_so():
    assert angry(emotion(**{"from": "words", "voice": "calm", "agree": "no"}), language="en") == (
        25.0,
        "The customer was angry (call H001 12.5 s; in words, said in another voice).",
    )


def test_findings_from_before_the_voice_was_told_are_judged_by_how_they_were_found():
    assert angry(emotion(), emotion(how="cue")) == (
        25.0,
        "客户情绪愤怒（通话 H001 12.5 s；见于言语与语音）。",
    )


def test_words_in_one_turn_and_the_voice_in_another_are_told_and_do_not_agree():
    words, voice = emotion(**{"from": "words"}), emotion("unsure", "cue", **{"from": "voice"})
    assert angry(words, voice) == (25.0, "客户情绪愤怒（通话 H001 12.5 s；见于言语与语音）。")


@pytest.mark.parametrize(
    ("trend", "points", "told"),
    [
        ("rising", 27.0, "客户声音在通话中越来越激动，按 1.08 倍计"),
        ("falling", 22.5, "客户声音在通话中渐趋平静，按 0.9 倍计"),
        ("peak", 25.0, "客户声音一度激动，后趋于平静"),
    ],
)
def test_the_course_of_the_voice_adds_and_takes(trend: str, points: float, told: str):
    assert angry(emotion(trend=trend)) == (
        points,
        f"客户情绪愤怒（通话 H001 12.5 s；见于言语；{told}）。",
    )


def test_a_customer_who_calmed_down_keeps_the_level_of_the_state():
    result = assess([call(emotion(trend="falling"))], WEIGHTS)
    assert result is not None
    assert (result.score, result.level) == (23.0, "medium")  # with 63 days overdue


def test_one_state_alone_stays_below_the_limit_of_its_group():
    most = {"from": "both", "agree": "yes", "trend": "rising"}
    assert angry(emotion(**most))[0] == 29.7
    assert WEIGHTS.groups["escalation"].cap == 30


def test_weights_without_a_word_on_emotion_multiply_nothing():
    old = WEIGHTS.model_copy(update={"emotion": EmotionWeights()})
    found = emotion(**{"from": "both", "agree": "yes", "trend": "rising"})
    assert by_name(assess([call(found)], old))["emotion.angry"] == Indicator(
        "emotion.angry",
        25.0,
        "客户情绪愤怒（通话 H001 12.5 s；见于言语与语音，两者一致；客户声音在通话中越来越激动）。",
        "medium",
    )


def test_a_band_without_a_critical_finding_is_explained():
    majors = [finding(category) for category in ("dismissive", "off_hours", "unlogged_call")]
    critical = by_name(assess([call(*majors)], WEIGHTS))["conduct.critical"]
    assert critical.because == "催收员严重违规（通话 H001；该通话质检结果为严重等级）。"


def test_points_fade_by_half_life_and_floors_end():
    evidence = [call(finding("complaint_intent", channel="regulator"))]
    then = by_name(assess(evidence, WEIGHTS, NOON + timedelta(days=60)))["complaint_intent.regulator"]
    assert (then.points, then.floor) == (41.0, "high")
    assert then.because.endswith("60 天前，已随时间折减）。")
    later = assess(evidence, WEIGHTS, NOON + timedelta(days=185))
    assert later is not None
    assert (later.level, by_name(later)["complaint_intent.regulator"].points) == ("low", 9.7)
    assert assess(evidence, WEIGHTS, NOON + timedelta(days=3000)) is None


def test_unknown_and_future_times_count_in_full():
    for at in (None, NOON + timedelta(days=30)):
        result = assess([call(finding("stop_request"), at=at)], WEIGHTS, NOON)
        assert by_name(result)["stop_request"].points == 25.0


def test_vulnerability_stated_earlier_and_pressed_later():
    first = call(finding("vulnerable"), name="H001")
    second = call(finding("vulnerable_ignored"), name="H002", at=NOON + timedelta(days=2))
    assert "vulnerable_pressed" in by_name(assess([second, first], WEIGHTS))
    early = call(finding("vulnerable_ignored"), name="H000", at=NOON - timedelta(days=2))
    assert "vulnerable_pressed" not in by_name(assess([first, early], WEIGHTS))


def test_repeated_signals_and_falling_willingness():
    calls = [
        call(finding("promise_to_pay"), finding("hardship"), name="H001"),
        call(finding("refusal"), name="H002", at=NOON + timedelta(days=1)),
    ]
    found = by_name(assess(calls, WEIGHTS))
    assert found["repeated_signals"].points == 4.0
    assert found["willingness_falling"].points == 4.0
    assert "willingness_falling" not in by_name(
        assess([calls[1], call(finding("promise_to_pay"), at=NOON + timedelta(days=2))], WEIGHTS)
    )


def test_the_newest_record_of_each_case_counts():
    old = call(finding("refusal"), complaints_before=0, amount_due=Decimal(60_000))
    new = call(name="H002", at=NOON + timedelta(days=1), complaints_before=2, amount_due=Decimal(500))
    other = call(name="H003", at=NOON - timedelta(days=1), id="K-2", amount_due=Decimal(20_000))
    found = by_name(assess([new, other, old], WEIGHTS))
    assert found["complaint_history"].points == 8.0
    assert found["amount_due"].because in (
        "欠款金额 20,000.00 CNY + 500.00 CNY。",
        "欠款金额 500.00 CNY + 20,000.00 CNY。",
    )
    assert found["amount_due"].points == 0.5


def test_an_unknown_currency_is_said():
    found = by_name(assess([call(finding("refusal"), currency="XAF")], WEIGHTS))
    assert found["currency_unknown"].points == 0.0
    assert "XAF" in found["currency_unknown"].because
    assert "amount_due" not in found


def test_no_calls_no_warning():
    assert assess([], WEIGHTS) is None
    assert assess_episode([], WEIGHTS) is None


def test_an_episode_holds_its_highest_level():
    angry = call(finding("complaint_intent", channel="police"), name="H001")
    calm = call(finding("promise_to_pay"), name="H002", at=NOON + timedelta(days=400))
    episode = assess_episode([calm, angry], WEIGHTS)
    assert episode is not None
    assert episode.first.reference == "H001"
    assert episode.assessment.level == "high"
    assert episode.assessment.score < WEIGHTS.thresholds.high
    held = by_name(episode.assessment)["level_held"]
    assert held == Indicator(
        "level_held", 0.0, "曾于 2026-03-05 达到该等级，未经人工复核不自动下调。", "high"
    )


def test_an_episode_that_faded_to_nothing_is_still_held():
    low = call(finding("refusal"), name="H001", days_overdue=None)
    calm = call(name="H002", at=NOON + timedelta(days=2000), days_overdue=None)
    episode = assess_episode([low, calm], WEIGHTS)
    assert episode is not None
    assert (episode.assessment.level, episode.assessment.score) == ("low", 0.0)
    assert [i.name for i in episode.assessment.indicators] == ["level_held"]


def test_the_first_call_is_the_one_that_reached_a_level():
    calls = [
        call(finding("promise_to_pay"), name="H001"),
        call(finding("refusal"), name="H002", at=NOON + timedelta(days=1)),
        call(finding("self_harm"), name="H003", at=NOON + timedelta(days=2)),
    ]
    episode = assess_episode(calls, WEIGHTS)
    assert episode is not None
    assert episode.first.reference == "H002"


CATEGORIES = ["refusal", "stop_request", "self_harm", "threat", "promise_to_pay", "dispute.paid", "off_hours"]


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(CATEGORIES), max_size=3, unique=True),
            st.one_of(st.none(), st.integers(0, 300)),
        ),
        min_size=1,
        max_size=4,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_calls_does_not_matter(calls, random):
    evidence: list[CallEvidence] = [
        call(
            *(finding(category) for category in categories),
            name=f"H{place:03}",
            at=None if day is None else NOON + timedelta(days=day),
        )
        for place, (categories, day) in enumerate(calls)
    ]
    expected = assess_episode(evidence, WEIGHTS)
    shuffled = list(evidence)
    random.shuffle(shuffled)
    assert assess_episode(shuffled, WEIGHTS) == expected


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_score_never_exceeds_its_range(order):
    everything = [finding(c) for c in ("self_harm", "threat", "stop_request", "refusal", "dispute_ignored")]
    calls = [call(*everything, name=f"H{n}", at=NOON + timedelta(days=n)) for n in order]
    result = assess(calls, WEIGHTS)
    assert result is not None
    assert result.score == 100.0
