"""Judging calls with small packs: every kind of condition, guards, windows, roles, dates."""

from dataclasses import replace

import pytest

from ingest.metadata import CallRecord
from qc.evaluate import inspect
from tests.qc.calls import heard, judge, pack, places, record, rule, transcript
from tests.qc.conftest import MakePack
from transcription.types import Cue, RejectedText, Transcript


def test_a_finding_says_where_what_how_and_why(make_pack: MakePack):
    why = '  why: {zh: "说了{heard}", en: "said {heard}"}\n'
    packs = make_pack(pack(rule("{phrase: [我去~4找你领导]}", extra=why)))
    found = judge(packs, "a: 您好", "a: 明天，我去你单位、找你领导！")
    (finding,) = found.findings
    assert finding.rule == "t.rule@1"
    assert (finding.category, finding.kind, finding.speaker) == ("threat", "violation", "agent")
    assert (finding.utterances, finding.span, finding.start, finding.end) == ((1,), (3, 13), 4.0, 7.0)
    assert (finding.heard, finding.matched, finding.how) == (
        "我去你单位、找你领导",
        "我去…找你领导",
        "letters",
    )
    assert (finding.confidence, finding.status, finding.severity, finding.points) == (
        1.0,
        "certain",
        "critical",
        40,
    )
    assert finding.why == {"zh": "说了我去你单位、找你领导", "en": "said 我去你单位、找你领导"}
    assert (found.score.total, found.score.band, found.score.veto) == (0, "critical", "t.rule@1")
    assert found.ticket is not None
    assert found.ticket.priority == "urgent"
    assert found.packs == ("trial@1",)


def test_the_same_input_gives_the_same_result(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: [上门]}"), rule("{regex: '上.'}", name="t.other")))
    turns = ("a: 上门", "c: 上门", "a: 我上门")
    first, second = judge(packs, *turns), judge(packs, *turns)
    assert first == second
    assert places(first) == [("t.other", (0,)), ("t.rule", (0,)), ("t.other", (2,)), ("t.rule", (2,))]


def test_only_the_named_speaker_is_judged(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: [上门]}", extra="  where: {speaker: customer}\n")))
    assert places(judge(packs, "a: 上门", "c: 上门")) == [("t.rule", (1,))]


def test_any_all_and_none_meet_in_one_utterance(make_pack: MakePack):
    packs = make_pack(
        pack(
            rule(
                "{all: [{any: [{phrase: 上门}, {phrase: 去家里}]}, {phrase: 明天}, {none: [{phrase: 预约}]}]}"
            )
        )
    )
    found = judge(packs, "a: 上门", "a: 明天去家里", "a: 明天上门已预约", "a: 明天")
    assert places(found) == [("t.rule", (1,))]


def test_unless_looks_at_the_same_utterance(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 上门}", extra="  unless: [{phrase: 收件}]\n")))
    assert places(judge(packs, "a: 上门收件", "a: 上门")) == [("t.rule", (1,))]


def test_unless_somewhere_looks_at_the_whole_call(make_pack: MakePack):
    packs = make_pack(
        pack(rule("{phrase: 上门}", extra="  unless: [{somewhere: {phrase: 我约的, speaker: customer}}]\n"))
    )
    assert places(judge(packs, "a: 上门", "c: 不行")) == [("t.rule", (0,))]
    assert places(judge(packs, "a: 上门", "c: 是我约的")) == []


def test_guards_are_on_for_violations_and_can_be_switched_off(make_pack: MakePack):
    turns = ("a: 我们不会上门", "a: 您说要上门", "a: 上门")
    assert places(judge(make_pack(pack(rule("{phrase: 上门}"))), *turns)) == [("t.rule", (2,))]
    open_pack = make_pack(pack(rule("{phrase: 上门}", extra="  guards: []\n")))
    assert len(judge(open_pack, *turns).findings) == 3
    leaf = make_pack(pack(rule("{phrase: 上门, guards: [quoting]}")))
    assert places(judge(leaf, *turns)) == [("t.rule", (0,)), ("t.rule", (2,))]


def test_a_denial_inside_a_gap_counts(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 我们~6上门}")))
    assert places(judge(packs, "a: 我们不会上门", "a: 我们今天上门")) == [("t.rule", (1,))]


def test_words_and_concepts_have_names(make_pack: MakePack):
    head = "words: {kin: [爸, 妈]}\nconcepts: {tell: {any: [{phrase: 告诉你<kin>}]}}"
    packs = make_pack(pack(rule("{concept: tell}"), head=head))
    assert places(judge(packs, "a: 告诉你妈", "a: 告诉你")) == [("t.rule", (0,))]


ORDER = "{{order: {{first: {{phrase: 不是我欠的, speaker: customer}}, then: {{phrase: 还钱}}{more}}}}}"


def test_order_finds_what_comes_after(make_pack: MakePack):
    packs = make_pack(pack(rule(ORDER.format(more=""))))
    found = judge(packs, "a: 还钱", "c: 不是我欠的", "a: 还钱", "a: 快还钱")
    assert places(found) == [("t.rule", (2, 1))]
    assert found.findings[0].how == "order"


def test_order_can_find_each(make_pack: MakePack):
    packs = make_pack(pack(rule(ORDER.format(more=", each: true"))))
    found = judge(packs, "c: 不是我欠的", "a: 还钱", "a: 快还钱")
    assert places(found) == [("t.rule", (1, 0)), ("t.rule", (2, 0))]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (", without: {phrase: 核实}", []),
        (", within_utterances: 1", []),
        (", within_utterances: 2", [("t.rule", (2, 0))]),
        (", within_seconds: 4", []),
        (", within_seconds: 5", [("t.rule", (2, 0))]),
    ],
)
def test_order_within_and_without(
    make_pack: MakePack, more: str, expected: list[tuple[str, tuple[int, ...]]]
):
    packs = make_pack(pack(rule(ORDER.format(more=more))))
    assert places(judge(packs, "c: 不是我欠的", "a: 给您核实", "a: 还钱")) == expected


def test_what_was_acknowledged_may_be_disputed_again(make_pack: MakePack):
    packs = make_pack(pack(rule(ORDER.format(more=", without: {phrase: 核实}"))))
    turns = ("c: 不是我欠的", "a: 给您核实", "c: 不是我欠的", "a: 还钱")
    assert places(judge(packs, *turns)) == [("t.rule", (3, 2))]


def test_order_within_one_utterance(make_pack: MakePack):
    detect = "{order: {first: {phrase: 不还}, then: {phrase: 上门}, same: true}}"
    packs = make_pack(pack(rule(detect, extra="  guards: []\n")))
    assert places(judge(packs, "a: 上门不还", "c: 嗯")) == []
    assert places(judge(packs, "a: 不还就上门")) == [("t.rule", (0,))]


OPENING = "  where: {speaker: agent, first_utterances: 2, first_seconds: 6}\n"


def test_absence_points_at_the_first_utterance(make_pack: MakePack):
    packs = make_pack(pack(rule("{absent: {phrase: 我是}}", extra=OPENING, category="no_identity")))
    found = judge(packs, "c: 喂", "a: 您好", "c: 谁", "a: 还钱", "a: 我是公司的")
    assert places(found) == [("t.rule", (1,))]
    assert (found.findings[0].how, found.findings[0].heard) == ("absence", "您好")
    assert places(judge(packs, "a: 您好我是公司的", "a: 还钱")) == []


def test_absence_at_the_end_points_at_the_last_utterance(make_pack: MakePack):
    closing = "  where: {speaker: agent, last_utterances: 1}\n"
    detect = "{all: [{fact: {ended_by: agent}}, {absent: {phrase: 再见}}]}"
    packs = make_pack(pack(rule(detect, extra=closing, category="no_closing")))
    assert places(judge(packs, "a: 再见", "a: 还钱", "c: 好")) == [("t.rule", (1,))]
    assert places(judge(packs, "a: 再见", call=record(ended_by="customer"))) == []


def test_absence_accuses_nobody_where_speech_was_not_understood(make_pack: MakePack):
    packs = make_pack(pack(rule("{absent: {phrase: 我是}}", extra=OPENING, category="no_identity")))
    silent = replace(transcript("a: 您好", engine="recogniser"), unheard=(("agent", 5.0, 9.0),))
    (finding,) = inspect(silent, (), record(), packs).findings
    assert finding.status == "unsure"
    assert judge(packs, "c: 喂").findings == ()


def test_refused_text_is_never_matched(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: [上门]}")))
    refused = RejectedText(
        "agent", 5.0, 7.0, "我今天就上门", "low_confidence", measures={"log_probability": -2.0}
    )
    said = replace(transcript("a: 您好", "a: 再见", engine="recogniser"), rejected=(refused,))
    assert inspect(said, (), record(), packs).findings == ()
    spoken = transcript("a: 您好", "a: 我今天就上门", engine="recogniser")
    assert len(inspect(spoken, (), record(), packs).findings) == 1


@pytest.mark.parametrize(
    ("doubts", "status"),
    [
        ((), "certain"),
        (("no_speech",), "unsure"),
        (("repetition",), "unsure"),
        (("low_confidence",), "certain"),
    ],
)
def test_text_that_is_perhaps_invented_accuses_nobody_for_certain(make_pack: MakePack, doubts, status):
    said = transcript("a: 我今天就上门")
    said = replace(said, utterances=(replace(said.utterances[0], doubts=doubts),))
    packs = make_pack(pack(rule("{phrase: [上门]}")))
    (finding,) = inspect(said, (), record(), packs).findings
    assert finding.status == status


def test_absence_accuses_nobody_where_words_may_be_missing(make_pack: MakePack):
    packs = make_pack(pack(rule("{absent: {phrase: 我是}}", extra=OPENING, category="no_identity")))
    said = transcript("a: 您好")
    sparse = replace(said, utterances=(replace(said.utterances[0], doubts=("few_words",)),))
    assert [f.status for f in inspect(said, (), record(), packs).findings] == ["certain"]
    assert [f.status for f in inspect(sparse, (), record(), packs).findings] == ["unsure"]


def test_repetition_needs_so_many_so_close(make_pack: MakePack):
    packs = make_pack(pack(rule("{repeat: {of: {phrase: 快点}, times: 3, within_utterances: 4}}")))
    found = judge(packs, "a: 快点", "a: 快点", "c: 嗯", "a: 快点")
    assert places(found) == [("t.rule", (3, 0, 1))]
    assert places(judge(packs, "a: 快点", "a: 快点", "c: 嗯", "c: 嗯", "a: 快点")) == []


def test_near_looks_at_neighbours(make_pack: MakePack):
    detect = "{all: [{phrase: 不行}, {near: {of: {phrase: 听我说, speaker: customer}, before: 1}}]}"
    packs = make_pack(pack(rule(detect)))
    found = judge(packs, "a: 不行", "c: 听我说", "a: 不行", "a: 不行")
    assert places(found) == [("t.rule", (2, 1))]


def test_cues_count_when_strong_long_and_many_enough(make_pack: MakePack):
    detect = "{cue: {kind: raised_voice, min_value: 2, min_seconds: 1, times: 2}}"
    packs = make_pack(pack(rule(detect, category="raised_voice")))

    def raised(at: int, value: float, end: float = 3.0) -> Cue:
        return Cue("raised_voice", "agent", at * 4.0, at * 4.0 + end, value, "sd", (at,))

    turns = ("a: 一", "a: 二", "a: 三")
    found = judge(packs, *turns, cues=[raised(0, 2.5), raised(1, 2.0), raised(2, 1.9)])
    assert places(found) == [("t.rule", (0,)), ("t.rule", (1,))]
    assert (found.findings[0].how, found.findings[0].start, found.findings[0].end) == ("cue", 0.0, 3.0)
    assert found.findings[0].why["zh"] == "规则：2.5 sd"
    assert judge(packs, *turns, cues=[raised(0, 2.5), raised(1, 2.5, end=0.5)]).findings == ()


def test_facts_of_the_record(make_pack: MakePack):
    packs = make_pack(pack(rule('{fact: {hours: {from: "08:00", to: "22:00"}}}', category="off_hours")))
    late = judge(packs, "a: 您好", call=record(started_at="2026-06-03T22:30:00+08:00"))
    (finding,) = late.findings
    assert (finding.utterances, finding.start, finding.how) == ((), None, "fact")
    assert finding.why["en"] == "Rule: 22:30 local time (Asia/Shanghai)"
    assert judge(packs, "a: 您好").findings == ()


def test_facts_and_words_together(make_pack: MakePack):
    detect = """
    all:
    - {fact: {note: {outcome_in: [promise_to_pay]}}}
    - {nowhere: {category: promise_to_pay}}
    """
    promise = rule("{phrase: 我还}", category="promise_to_pay", name="t.promise")
    packs = make_pack(pack(rule(detect, category="unlogged_call"), promise))
    note = record(note={"outcome": "promise_to_pay"})
    assert places(judge(packs, "c: 不还", call=note)) == [("t.rule", ())]
    assert places(judge(packs, "c: 明天我还", call=note)) == [("t.promise", (0,))]


def test_categories_already_found(make_pack: MakePack):
    dispute = rule("{phrase: 不是我的}", category="dispute.identity", name="t.dispute")
    detect = "{order: {first: {category: dispute.*}, then: {phrase: 还钱}}}"
    packs = make_pack(pack(rule(detect, category="dispute_ignored"), dispute))
    assert places(judge(packs, "c: 不是我的", "a: 还钱")) == [("t.dispute", (0,)), ("t.rule", (1, 0))]
    assert places(judge(packs, "c: 是我的", "a: 还钱")) == []


def test_rules_for_some_calls_only(make_pack: MakePack):
    where = "  where: {speaker: agent, direction: outbound, not_relation: [debtor]}\n"
    packs = make_pack(pack(rule("{phrase: 欠款}", extra=where)))

    def status(direction: str | None, relation: str) -> str | None:
        call = record(direction=direction, customer={"relation": relation, "timezone": "Asia/Shanghai"})
        found = judge(packs, "a: 他有欠款", call=call).findings
        return found[0].status if found else None

    assert status("outbound", "relative") == "certain"
    assert status(None, "relative") == "unsure"
    assert status("inbound", "relative") is None
    assert status("outbound", "debtor") is None


def test_rules_are_in_force_on_the_customers_day(make_pack: MakePack):
    dated = "  effective: {from: 2026-06-03, to: 2026-06-04}\n"
    packs = make_pack(pack(rule("{phrase: 上门}", extra=dated)))

    def found_at(moment: str | None) -> list[str]:
        return [
            finding.status for finding in judge(packs, "a: 上门", call=record(started_at=moment)).findings
        ]

    assert found_at("2026-06-02T23:59:00+08:00") == []
    assert found_at("2026-06-02T16:30:00Z") == ["certain"]
    assert found_at("2026-06-04T23:59:00+08:00") == ["certain"]
    assert found_at("2026-06-05T00:00:00+08:00") == []
    assert found_at(None) == []


def test_without_a_time_current_rules_run_and_dated_ones_leave_doubt(make_pack: MakePack):
    dated = rule("{phrase: 上门}", extra="  effective: {from: 2026-06-03}\n", name="t.dated")
    packs = make_pack(pack(dated, rule("{phrase: 上门}")))
    found = judge(packs, "a: 上门", call=record(started_at=None))
    assert [(finding.rule, finding.status) for finding in found.findings] == [
        ("t.dated@1", "unsure"),
        ("t.rule@1", "certain"),
    ]
    assert [code for code, _ in found.unjudged] == ["time.missing"]


@pytest.mark.parametrize(
    ("status", "stable", "shadow"), [("draft", 0, 0), ("shadow", 0, 1), ("deprecated", 0, 0)]
)
def test_only_stable_rules_count(make_pack: MakePack, status: str, stable: int, shadow: int):
    packs = make_pack(pack(rule("{phrase: 上门}", extra=f"  status: {status}\n")))
    found = judge(packs, "a: 上门")
    assert (len(found.findings), len(found.shadow)) == (stable, shadow)
    assert (found.score.total, found.ticket) == (100, None)


def test_unknown_speakers_are_judged_for_both_sides_but_never_for_certain(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 上门}")))
    found = judge(packs, "u: 上门", "c: 好")
    assert [(finding.speaker, finding.status, finding.points) for finding in found.findings] == [
        ("unknown", "unsure", 0)
    ]
    assert [code for code, _ in found.unjudged] == ["roles.unknown"]
    assert found.score.total == 100


def test_little_trusted_roles_accuse_nobody(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 上门}")))
    said = transcript("a: 上门")
    doubted = replace(said, utterances=(replace(said.utterances[0], role_trust=0.4),))
    assert inspect(doubted, (), record(), packs).findings[0].status == "unsure"


def test_rules_may_always_leave_doubt(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 上门}", extra="  certain: false\n")))
    assert judge(packs, "a: 上门").findings[0].status == "unsure"


def test_doubted_words_accuse_nobody(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 上门}")))
    found = judge(packs, "a: 上门", engine="recogniser", confidence=0.3)
    assert (found.findings[0].status, found.findings[0].confidence) == ("unsure", 0.3)


PHRASE = "{phrase: 让你在公司抬不起头}"


def only(said: Transcript, packs: object, call: CallRecord | None = None):
    found = inspect(said, (), call or record(), packs).findings  # type: ignore[arg-type]
    return found[0] if found else None


def test_sound_is_tried_on_recognised_text_only(make_pack: MakePack):
    packs = make_pack(pack(rule(PHRASE)))
    assert judge(packs, "a: 让你在公司台不起头").findings == ()
    finding = only(heard("我让你在公司台不起头", {}), packs)
    assert finding is not None
    assert (finding.how, finding.heard, finding.matched) == (
        "sound",
        "让你在公司台不起头",
        "让你在公司抬不起头",
    )
    assert (finding.status, finding.confidence, finding.span) == ("certain", 0.95, (1, 10))
    assert (finding.start, finding.end) == (pytest.approx(0.2), pytest.approx(2.0))


def test_near_sounds_count_only_where_the_recogniser_doubts(make_pack: MakePack):
    packs = make_pack(pack(rule(PHRASE)))
    wrong = "让你在公司带不起透"
    assert only(heard(wrong, {}), packs) is None
    finding = only(heard(wrong, {"带": 0.5, "透": 0.4}), packs)
    assert finding is not None
    assert finding.status == "certain"
    assert finding.confidence < 0.95


def test_few_syllables_count_only_where_the_recogniser_doubts(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 刑事责任}")))
    assert only(heard("这是行使责任", {}), packs) is None
    assert only(heard("这是行使责任", {"使": 0.5}), packs) is not None
    assert only(heard("这是刑期责任", {"期": 0.5}), packs) is None


def test_two_syllables_after_a_gap_are_no_evidence_by_sound(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: '(您好|我们)是~10(律师|法院)'}")))
    doubts = {"女": 0.49, "士": 0.6}
    assert only(heard("您好是蜂女士吗", doubts), packs) is None
    longer = make_pack(pack(rule("{phrase: '我们是~10律师事务所'}")))
    assert only(heard("我们是东城女士是无所的", doubts), longer) is not None


def test_innocent_homophones_can_be_named(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 行使责任, not_heard: [刑事责任]}")))
    assert only(heard("这是刑事责任", {}), packs) is None
    assert only(heard("这是形式责任", {"形": 0.5}), packs) is not None


def test_promises_carry_amount_and_date(make_pack: MakePack):
    extra = "  where: {speaker: customer}\n  extract: [amount, date]\n"
    packs = make_pack(pack(rule("{phrase: 我还}", extra=extra, category="promise_to_pay")))
    found = judge(packs, "a: 四百三十八块六，周五可以吗", "c: 行，明天我还", "a: 好")
    assert found.findings[0].attributes == {"amount": "438.60", "date": "2026-06-04"}
    untimed = judge(packs, "c: 明天我还", call=record(started_at=None))
    assert untimed.findings[0].attributes == {}


def test_english_calls(make_pack: MakePack):
    packs = make_pack(
        pack(rule("{phrase: 'call(ing)? your boss'}", extra="  effective: {from: 2020-01-01}\n")),
        language="en",
    )
    here = record(customer={"timezone": "America/New_York"})
    turns = ("a: I'm calling your boss.", "a: We will never call your boss.")
    found = judge(packs, *turns, language="en", call=here)
    assert places(found) == [("t.rule", (0,))]
    assert found.ticket is not None
    assert found.ticket.reasons == ("Threat: Rule: “calling your boss”",)


def test_a_call_without_a_word_is_no_obstacle_to_expressions_of_its_edges(make_pack: MakePack):
    packs = make_pack(pack(rule("{any: [{regex: '^$'}, {phrase: 让你抬不起头}]}")))
    assert inspect(transcript(), (), record(), packs).findings == ()
