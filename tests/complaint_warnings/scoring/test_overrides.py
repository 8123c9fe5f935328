"""Single settings by their path."""

import pytest

from complaint_warnings.scoring.overrides import paths, with_settings
from complaint_warnings.scoring.weights import WeightsError, default_weights

WEIGHTS = default_weights()


def test_one_value_is_replaced_and_the_rest_stays():
    tried = with_settings(WEIGHTS, ["indicators.dispute.points=30"])
    assert tried.indicators["dispute"].points == 30
    assert tried.model == f"default+trial@{WEIGHTS.version}"
    assert WEIGHTS.indicators["dispute"].points == 8
    changed = {n: w for n, w in tried.indicators.items() if w != WEIGHTS.indicators[n]}
    assert list(changed) == ["dispute"]
    assert (tried.groups, tried.case, tried.emotion) == (WEIGHTS.groups, WEIGHTS.case, WEIGHTS.emotion)


def test_names_with_dots_steps_and_what_is_not_set_yet():
    tried = with_settings(
        WEIGHTS,
        [
            "indicators.complaint_intent.telecom_regulator.points=60.5",
            "indicators.dispute.fraud.floor=high",
            "indicators.refusal.cap=20",
            "indicators.hardship.floor=null",
            "case.amount_due.2.from=100000",
            "currencies.CNY=1.5",
            "thresholds.low = 9",
        ],
    )
    assert tried.indicators["complaint_intent.telecom_regulator"].points == 60.5
    assert tried.indicators["dispute.fraud"].floor == "high"
    assert tried.indicators["dispute"] == WEIGHTS.indicators["dispute"]
    assert tried.indicators["refusal"].cap == 20
    assert tried.indicators["hardship"].floor is None
    assert tried.case["amount_due"][2].from_ == 100000
    assert tried.currencies["CNY"] == 1.5
    assert tried.thresholds.low == 9


def test_every_path_can_be_set_to_what_it_is():
    data = WEIGHTS.model_dump(by_alias=True)
    for path in paths(data):
        if path.startswith("indicators.") and path.endswith(".points"):
            assert with_settings(WEIGHTS, [f"{path}=1"])


@pytest.mark.parametrize(
    ("setting", "near"),
    [
        ("indicators.disputes.points=30", "indicators.dispute.points"),
        ("indicators.complaint_intent.regulators.points=1", "indicators.complaint_intent.regulator.points"),
        ("threshold.low=1", "thresholds.low"),
        ("case.amount_due.9.from=1", "case.amount_due."),
        ("indicators.dispute=30", "indicators.dispute."),
    ],
)
def test_a_path_that_does_not_exist_is_refused_with_near_ones(setting, near):
    with pytest.raises(WeightsError) as refused:
        with_settings(WEIGHTS, [setting])
    assert refused.value.code == "weights.setting"
    assert refused.value.where == setting.split("=")[0]
    assert near in str(refused.value.mend)


def test_no_setting_at_all():
    with pytest.raises(WeightsError, match="this is no setting"):
        with_settings(WEIGHTS, ["indicators.dispute.points"])


@pytest.mark.parametrize(
    ("setting", "field"),
    [
        ("indicators.dispute.points=many", "indicators.dispute.points"),
        ("indicators.dispute.points=101", "indicators.dispute.points"),
        ("indicators.dispute.points=[", "indicators.dispute.points"),
        ("thresholds.low=30", "thresholds"),
        ("groups.case.cap=-1", "groups.case.cap"),
    ],
)
def test_a_value_that_cannot_be_is_refused_as_in_a_file(setting, field):
    with pytest.raises(WeightsError) as refused:
        with_settings(WEIGHTS, [setting])
    assert refused.value.code == "weights.invalid"
    assert str(refused.value.where).endswith(f": {field}")
