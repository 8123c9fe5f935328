"""Promises in conversations: tables of what was said and every value that was read."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qc.extract.facts import Promise, from_document, to_document
from qc.extract.fold import fold
from qc.extract.promises import Turn, read_promises

WEDNESDAY = date(2026, 6, 3)
TABLES = {language: Path(__file__).parent / f"promises_{language}.yaml" for language in ("zh", "en")}
CURRENCIES = {"zh": "CNY", "en": "USD"}
DEFAULTS = {
    "certainty": "certain", "by": "customer", "amount": None, "amount_to": None, "share": None, "time": None,
    "instalments": None, "condition": None, "withdrawn": False,
}  # fmt: skip
CASES = [
    pytest.param(language, case, id=f"{language}-{number}")
    for language, table in TABLES.items()
    for number, case in enumerate(yaml.safe_load(table.read_text(encoding="utf-8")))
]


def read(turns: list[dict[str, str]], language: str, today: date | None = WEDNESDAY) -> list[Promise]:
    said = [(speaker, text) for turn in turns for speaker, text in turn.items()]
    return list(
        read_promises(
            [Turn(at, speaker, fold(text)) for at, (speaker, text) in enumerate(said)],  # type: ignore[arg-type]
            language,
            today,
            CURRENCIES[language],
        )
    )


def shown(promise: Promise) -> dict[str, Any]:
    """The promise as the tables write it."""
    plain = to_document(promise)
    values = {name: plain[name] for name, usual in DEFAULTS.items() if plain[name] != usual}
    if "instalments" in values:
        values["instalments"] = {
            key: value for key, value in values["instalments"].items() if value is not None
        }
    if plain["date"] is not None:
        values["date"] = plain["date"]
    if plain["date_from"] != plain["date"]:
        values["date_from"] = plain["date_from"]
    if plain["date"] is None and plain["when"] is not None:
        values["when"] = plain["when"]
    return {**values, "utterances": plain["utterances"]}


@pytest.mark.parametrize(("language", "case"), CASES)
def test_promises_of_a_conversation(language: str, case: Mapping[str, Any]):
    found = read(case["turns"], language)
    assert [shown(promise) for promise in found] == case["promises"]
    assert {promise.currency for promise in found} <= {CURRENCIES[language]}


def test_the_tables_are_large_enough():
    assert len(yaml.safe_load(TABLES["zh"].read_text(encoding="utf-8"))) >= 80
    assert len(yaml.safe_load(TABLES["en"].read_text(encoding="utf-8"))) >= 25


def test_without_the_day_of_the_call_relative_days_have_no_date():
    (promise,) = read([{"agent": "什么时候还？"}, {"customer": "下周三还五百"}], "zh", today=None)
    assert (promise.amount, promise.date, promise.when) == (Decimal("500.00"), None, "下周三")


def test_what_was_heard_badly_is_unsure():
    turns = [Turn(0, "agent", "什么时候还?"), Turn(1, "customer", "周五还五百", sure=False)]
    (promise,) = read_promises(turns, "zh", WEDNESDAY, "CNY")
    assert (promise.certainty, promise.amount) == ("unsure", Decimal("500.00"))


def test_a_promise_survives_as_a_document():
    for promise in read([{"customer": "分三期还，每期八百，五号开始"}, {"customer": "我周五先还三百"}], "zh"):
        assert from_document(to_document(promise)) == promise


DAYS_ZH = (
    *("今天", "明天", "后天", "大后天", "周一", "周三", "周日", "下周三", "这周五", "本周六", "下下周一"),
    *("月底", "月底前", "月初", "下个月", "下个月五号", "一号", "十五号", "二十九号", "三十一号", "2月29号"),
    *("6月20号", "12月31号", "1月1号", "三月底", "三天内", "一周后", "半个月内", "这两天", "过几天", "周末"),
    *("年底", "国庆前", "元旦前", "上周五", "昨天", "十号之前"),
)
DAYS_EN = (
    *("today", "tomorrow", "Friday", "this Friday", "next Monday", "the first", "the fifteenth", "the 31st"),
    *("June 20", "December 31st", "January 1", "February 29", "by the end of the month", "last Friday"),
    *("the end of next month", "in two weeks", "next week", "next month", "this weekend", "by the tenth"),
)
DAYS = st.dates(min_value=date(2023, 1, 1), max_value=date(2032, 12, 31))


@given(DAYS, st.sampled_from(DAYS_ZH))
def test_a_promise_is_never_for_a_day_before_the_call(today: date, when: str):
    for promise in read([{"agent": "您什么时候还？"}, {"customer": f"我{when}还五百"}], "zh", today):
        assert promise.date is None or (
            promise.date_from is not None and today <= promise.date_from <= promise.date
        )


@given(DAYS, st.sampled_from(DAYS_EN))
def test_nor_in_english(today: date, when: str):
    for promise in read(
        [{"agent": "When can you pay?"}, {"customer": f"I'll pay fifty dollars {when}."}], "en", today
    ):
        assert promise.date is None or (
            promise.date_from is not None and today <= promise.date_from <= promise.date
        )


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["zh", "en"]))
def test_any_text_is_read(asked: str, answer: str, language: str):
    for promise in read([{"agent": asked}, {"customer": answer}], language):
        assert promise.amount is None or promise.amount > 0
        assert set(promise.utterances) <= {0, 1}
