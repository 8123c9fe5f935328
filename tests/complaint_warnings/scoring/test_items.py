"""Items beside the calls count for the same score: reports, monitors, public posts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from complaint_warnings.scoring.document import item_from_document, item_to_document
from complaint_warnings.scoring.indicators import in_order
from complaint_warnings.scoring.score import assess, assess_episode
from complaint_warnings.scoring.snapshot import Snapshot, snapshot
from complaint_warnings.scoring.weights import ITEM_INDICATORS, default_weights
from complaint_warnings.scoring.wording import first_advice
from complaint_warnings.types import ItemEvidence

from ..helpers import NOON, call, finding

DAY = timedelta(days=1)
WEIGHTS = default_weights()


def item(*indicators: str, reference: str = "report:R-1", **fields: object) -> ItemEvidence:
    return ItemEvidence(reference, **({"at": NOON, "indicators": indicators} | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ITEM_INDICATORS)
def test_one_item_alone_reaches_the_level_of_its_indicator(name: str):
    result = assess([item(name)], WEIGHTS)
    assert result is not None
    assert result.level == WEIGHTS.indicators[name].floor
    assert result.score == WEIGHTS.indicators[name].points
    [indicator] = result.indicators
    assert indicator.because.endswith("（来源 report:R-1）。")


def test_the_sentence_is_in_both_languages_with_the_figures_of_the_item():
    hit = item(
        "monitor.contact_frequency",
        reference="monitor:1",
        why_zh="7 天内 31 次，上限 20 次",
        why_en="31 in 7 days, limit 20",
    )
    zh, en = (assess([hit], WEIGHTS, language=language) for language in ("zh", "en"))
    assert zh is not None
    assert en is not None
    assert zh.indicators[0].because == "系统监测：联系过于频繁（来源 monitor:1；7 天内 31 次，上限 20 次）。"
    assert (
        en.indicators[0].because == "Monitor: contacted too often (item monitor:1; 31 in 7 days, limit 20)."
    )


def test_a_report_of_what_a_call_shows_is_limited_by_their_group():
    both = assess([call(finding("frequency_complaint")), item("report.frequency")], WEIGHTS)
    assert both is not None
    points = {indicator.name: indicator.points for indicator in both.indicators}
    assert points["frequency_complaint"] == 25.0
    assert points["report.frequency"] == 2.5
    assert both.level == "medium"


def test_all_items_below_high_together_stay_medium():
    names = [name for name in ITEM_INDICATORS if WEIGHTS.indicators[name].floor != "high"]
    items = [item(name, reference=f"report:{name}") for name in names]
    result = assess([call(finding("stop_request"), finding("threat")), *items], WEIGHTS)
    assert result is not None
    assert result.level == "medium"


def test_a_floor_that_is_old_holds_in_the_episode_and_says_since_when():
    old, later = item("report.proposed.high"), call(finding("refusal"), at=NOON + 200 * DAY)
    episode = assess_episode([later, old], WEIGHTS, language="en")
    assert episode is not None
    assert episode.first.reference == "report:R-1"
    assert episode.assessment.level == "high"
    assert episode.assessment.indicators[-1].because == (
        "Reached this level on 2026-03-05; it is not lowered without a person's review."
    )


def test_an_unsure_item_counts_half_and_forces_nothing():
    assert assess([item("opinion.social", certain=False)], WEIGHTS).level == "low"  # type: ignore[union-attr]


def test_the_advice_is_that_of_the_gravest():
    assert first_advice(["opinion.social", "report.self_harm"], "high", "zh").startswith("立即停止催收")
    assert first_advice(["opinion.media"], "high", "en").startswith("Tell the lead of complaint control")


def test_items_and_calls_are_put_in_one_order():
    late, unknown = item("report.other", at=NOON + DAY), item("report.other", reference="report:0", at=None)
    first = call(finding("refusal"))
    assert in_order([late, first, unknown]) == [unknown, first, late]


def test_the_debtor_is_named_by_calls_first_then_by_the_newest_item():
    older = item(
        "report.other", name="李某", contact="13900139000", amount_due=Decimal("1.00"), currency="CNY"
    )
    newer = item("report.other", at=NOON + DAY, name="李建", amount_due=Decimal("2.00"), currency="USD")
    assert snapshot([older, newer]) == Snapshot("李建", "13900139000", Decimal("2.00"), "USD")
    assert snapshot([call(), newer]) == Snapshot("李建国", "+8613800138000", Decimal("1260.00"), "CNY")


def test_an_item_comes_back_from_its_document():
    whole = item(
        "report.amount", name="李", contact="1", amount_due=Decimal("3.50"), currency="CNY", why_zh="金额"
    )
    for each in (whole, item("report.other", at=None)):
        assert item_from_document(item_to_document(each)) == each
