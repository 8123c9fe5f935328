"""Every kind of condition, in calls judged with small packs."""

import pytest

from qc.evaluate import inspect
from tests.qc.calls import OPENING, judge, pack, places, record, rule, transcript
from tests.qc.conftest import MakePack
from transcription.types import Cue


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
    assert found.findings[0].why == {"zh": "规则：2.5 个标准差", "en": "Rule: 2.5 SD"}
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
    packs = make_pack(pack(rule("{any: [{regex: '^喂$'}, {phrase: 让你抬不起头}]}")))
    assert inspect(transcript(), (), record(), packs).findings == ()
