"""Nothing is silently clean."""

from dataclasses import replace

import pytest

from qc.evaluate import inspect
from qc.packs import load_packs
from tests.qc.calls import judge, record, transcript
from tests.qc.conftest import MakePack

TOPIC = """
rules:
- id: t.hours
  category: off_hours
  title: {zh: 时段, en: Hours}
  cite: [{source: policy}]
  detect: {fact: {hours: {from: "08:00", to: "22:00"}}}
  examples: {violates: [{call: {started_at: "2026-06-03T23:00:00+08:00"}}], allowed: [您好]}
"""


def codes(found) -> list[str]:
    return [code for code, _ in found.unjudged]


def test_an_ordinary_call_is_judged(make_pack: MakePack):
    assert codes(judge(make_pack(TOPIC), "a: 您好", "c: 好")) == []


@pytest.mark.parametrize(
    ("time", "code"),
    [(None, "time.missing"), ("2026-06-03T10:00:00", "time.no_zone"), ("unknown", "time.unreadable")],
)
def test_times_that_cannot_be_read(make_pack: MakePack, time: str | None, code: str):
    found = judge(make_pack(TOPIC), "a: 您好", call=record(started_at=time))
    assert codes(found) == [code]
    assert found.findings == ()
    assert found.ticket is not None


def test_an_empty_transcript(make_pack: MakePack):
    assert codes(judge(make_pack(TOPIC))) == ["transcript.empty"]
    assert codes(judge(make_pack(TOPIC), "a: ", "c: ")) == ["transcript.empty"]


def test_languages_without_rules(make_pack: MakePack):
    assert codes(judge(make_pack(TOPIC), "a: bonjour", language="fr")) == ["language.unsupported"]
    assert codes(judge(make_pack(TOPIC), "a: 您好", language=None)) == ["language.unknown"]
    found = judge(load_packs([]), "a: 您好")
    assert codes(found) == ["language.unsupported"]
    assert found.unjudged[0][1] == "没有适用于该语种的规则包"


def test_roles_count_as_unknown_when_many_are(make_pack: MakePack):
    packs = make_pack(TOPIC)
    assert codes(judge(packs, "a: 您好", "c: 好", "a: 您好", "c: 好", "u: 嗯")) == []
    assert codes(judge(packs, "a: 您好", "c: 好", "u: 嗯")) == ["roles.unknown"]


def test_problems_of_the_transcript_are_passed_on(make_pack: MakePack):
    said = replace(transcript("a: 您好"), problems=("roles.unknown", "audio.strange"))
    found = inspect(said, (), record(), make_pack(TOPIC))
    assert codes(found) == ["roles.unknown", "audio.strange"]
    assert found.unjudged[1][1] == "转写存在问题（audio.strange）"


def test_an_unknown_zone_matters_where_no_default_is_fair(make_pack: MakePack):
    elsewhere = record(customer={}, started_at="2026-06-03T10:00:00-04:00")
    english = make_pack(TOPIC, language="en")
    found = judge(english, "a: hello", language="en", call=elsewhere)
    assert codes(found) == ["timezone.missing"]
    assert found.unjudged[0][1].startswith("The customer's time zone is unknown")
    given = inspect(
        transcript("a: hi", language="en"), (), elsewhere, english, default_zone="America/Chicago"
    )
    assert codes(given) == []


def test_mainland_calls_go_by_beijing_time(make_pack: MakePack):
    late = "2026-06-03T14:30:00Z"
    packs = make_pack(TOPIC)
    assert len(judge(packs, "a: 您好", call=record(customer={}, started_at=late)).findings) == 1
    urumqi = record(customer={"timezone": "Asia/Urumqi"}, started_at=late)
    assert judge(packs, "a: 您好", call=urumqi).findings[0].why["zh"] == "时段：当地时间22:30"
