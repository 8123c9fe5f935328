"""Judging calls with small packs: what a finding says, which rules run, on which day."""

import pytest

from tests.qc.calls import judge, pack, places, record, rule
from tests.qc.conftest import MakePack


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


def test_promises_carry_amount_and_date(make_pack: MakePack):
    extra = "  where: {speaker: customer}\n  extract: [amount, date]\n"
    packs = make_pack(pack(rule("{phrase: 我还}", extra=extra, category="promise_to_pay")))
    found = judge(packs, "a: 四百三十八块六，周五可以吗", "c: 行，明天我还", "a: 好")
    assert found.findings[0].attributes == {"amount": "438.60", "date": "2026-06-04"}
    untimed = judge(packs, "c: 明天我还", call=record(started_at=None))
    assert untimed.findings[0].attributes == {}
