"""What a finding shows of its rule: words that a reviewer can read, never the source of the rule."""

import pytest

from qc import wording
from qc.evaluate import inspect
from qc.packs import default_packs, load_packs
from tests.qc.calls import heard, judge, pack, record, rule
from tests.qc.conftest import MakePack
from transcription.types import Cue, Transcript


def matched(packs: object, *turns: str, **how: object) -> list[str]:
    return [finding.matched for finding in judge(packs, *turns, **how).findings]  # type: ignore[arg-type]


def by_sound(make_pack: MakePack, detect: str, said: Transcript) -> tuple[str, str]:
    (finding,) = inspect(said, (), record(), make_pack(pack(rule(detect)))).findings
    return finding.how, finding.matched


def test_letters_show_the_alternative_that_was_said(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: '(派|叫|带)~4(上门|到家里)(坐坐)?'}")))
    assert matched(packs, "a: 我们叫几个人到家里坐坐") == ["叫…到家里坐坐"]
    assert matched(packs, "a: 派上门") == ["派上门"]


def test_english_gaps_are_shown_too(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: '(call|phone) ~ boss'}")), language="en")
    assert matched(packs, "a: I will call your angry boss.", language="en") == ["call … boss"]


def test_sound_shows_the_spelling_nearest_to_what_was_heard(make_pack: MakePack):
    detect = "{phrase: '(搬|闹|打电话)到(你|您|他)(单位|公司|家里)'}"
    assert by_sound(make_pack, detect, heard("打电话到你单尾", {"尾": 0.5})) == ("sound", "打电话到你单位")


def test_of_homophones_sound_shows_the_one_with_the_same_characters(make_pack: MakePack):
    said = heard("你那套老房子鸭给我", {"鸭": 0.5})
    assert by_sound(make_pack, "{phrase: '你那套老(房值|房子)押给我'}", said) == (
        "sound",
        "你那套老房子押给我",
    )


def test_sound_shows_gaps_and_phrases_with_very_many_spellings(make_pack: MakePack):
    many = "(一|二|三|四|五|六|七)(八|九|十|百|千|万|亿)(甲|乙|丙|丁|戊|己)"
    said = heard("三千乙让您全家都台不起头", {"台": 0.5})
    assert by_sound(make_pack, f"{{phrase: '{many}让(你|您)~4抬不起头'}}", said) == (
        "sound",
        "三千乙让您…抬不起头",
    )


def test_a_regex_shows_what_it_matched_or_the_title_where_that_is_long(make_pack: MakePack):
    packs = make_pack(pack(rule("{regex: '上门.{0,90}(坐|闹|等)'}")))
    assert matched(packs, "a: 上门去坐") == ["上门去坐"]
    assert matched(packs, f"a: 上门{'再看看' * 25}坐") == ["规则"]


def test_an_order_is_a_sentence(make_pack: MakePack):
    order = "{order: {first: {phrase: 不是我办的, speaker: customer}, then: {phrase: 今天还钱}}}"
    packs = make_pack(pack(rule(order)))
    assert matched(packs, "c: 这不是我办的", "a: 今天还钱") == ["客户“不是我办的”之后坐席“今天还钱”"]


def test_an_order_names_the_finding_it_follows(make_pack: MakePack):
    dispute = rule("{phrase: 金额不对}", name="t.first", category="dispute.amount")
    order = rule(
        "{order: {first: {category: dispute.*}, then: {phrase: 今天还钱}}}", category="dispute_ignored"
    )
    packs = make_pack(pack(dispute, order))
    assert matched(packs, "c: 金额不对", "a: 今天还钱") == ["金额不对", "金额异议之后坐席“今天还钱”"]


def test_an_order_in_an_english_call(make_pack: MakePack):
    order = "{order: {first: {phrase: stop calling, speaker: customer}, then: {phrase: pay now}}}"
    packs = make_pack(pack(rule(order)), language="en")
    assert matched(packs, "c: Stop calling.", "a: Pay now.", language="en") == [
        "agent “pay now” after customer “stop calling”"
    ]


def test_absence_names_the_window_and_what_is_missing(make_pack: MakePack):
    detect = "{absent: {phrase: 工号}}"
    where = "  where: {speaker: agent, first_seconds: 30, first_utterances: 6}\n"
    packs = make_pack(pack(rule(detect, extra=where, category="no_identity")))
    assert matched(packs, "a: 喂") == ["开场 30 秒或 6 句内：未表明身份"]
    packs = make_pack(
        pack(rule(detect, extra="  where: {last_utterances: 2}\n", category="no_closing")), language="en"
    )
    assert matched(packs, "a: Ok.", language="en") == ["last 2 utterances: no closing words"]


def test_repetition_says_how_often(make_pack: MakePack):
    packs = make_pack(pack(rule("{repeat: {of: {phrase: 上门}, times: 2}}")))
    assert matched(packs, "a: 上门", "a: 上门") == ["2 次坐席“上门”"]


def test_facts_show_the_limit(make_pack: MakePack):
    hours = rule("{fact: {hours: {from: '08:00', to: '22:00'}}}", category="off_hours")
    often = rule("{fact: {frequency: {connected_per_day: 1}}}", name="t.often", category="over_frequency")
    packs = make_pack(pack(hours, often))
    earlier = [{"started_at": f"2026-06-03T0{hour}:00:00+08:00", "connected": True} for hour in (1, 2)]
    call = record(started_at="2026-06-03T06:00:00+08:00", history=earlier)
    assert matched(packs, "a: 您好", call=call) == ["每日接通不超过 1 次", "08:00–22:00"]


def test_cues_show_how_strong_they_had_to_be(make_pack: MakePack):
    packs = make_pack(pack(rule("{cue: {kind: dead_air, min_value: 15}}", category="dead_air")))
    cue = Cue("dead_air", "agent", 3.0, 34.0, 31.0, "s", (0,))
    assert matched(packs, "a: 您好", cues=[cue]) == ["静默 ≥ 15 秒"]


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("sd over own baseline", ("2.8 个标准差", "2.8 SD over own baseline")),
        ("sd", ("2.8 个标准差", "2.8 SD")),
        ("signs", ("2.8 项迹象", "2.8 signs")),
        ("s", ("2.8 秒", "2.8 s")),
        ("characters/s", ("2.8 字/秒", "2.8 characters/s")),
        ("", ("2.8", "2.8")),
    ],
)
def test_what_a_cue_amounts_to_is_said_in_both_languages(unit: str, told: tuple[str, str]):
    assert wording.measured(2.8, unit) == told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_finding_of_a_shipped_rule_shows_its_source(language: str):
    packs = load_packs(default_packs(language))
    speakers = {"customer": "c", "agent": "a", "any": "a"}
    shown = [
        text
        for rule in packs.rules[::3]
        for example in rule.rule.examples.violates[:1]
        if isinstance(example, str)
        for text in matched(packs, f"{speakers[rule.side]}: {example}", language=language)
    ]
    assert len(shown) > 20
    assert [text for text in shown if not 0 < len(text) <= 60 or set(text) & set("|<>~\\[]*")] == []
