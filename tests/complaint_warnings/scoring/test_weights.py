"""The weights file: complete, or refused with the field that is wrong."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from complaint_warnings.scoring.weights import (
    CALL_INDICATORS,
    DEFAULT_WEIGHTS,
    ITEM_INDICATORS,
    WeightsError,
    default_weights,
    load_weights,
    parse_weights,
)

DEFAULT: dict[str, Any] = yaml.safe_load(DEFAULT_WEIGHTS.read_text(encoding="utf-8"))


def test_the_default_weights_are_named_and_complete():
    weights = default_weights()
    assert weights.model == "default@3"
    assert set(weights.indicators) == {*CALL_INDICATORS, *ITEM_INDICATORS}
    assert weights.indicators["self_harm"].hard is True
    assert weights.indicators["conduct.major"].most == 2.5
    assert weights.indicators["self_harm"].most == 90.0
    assert weights.emotion.factor("both", "rising") == pytest.approx(1.188)
    assert weights.emotion.factor(None, None) == 1.0


def test_a_file_from_before_the_voice_counted_still_holds():
    old = copy.deepcopy(DEFAULT)
    del old["emotion"]
    assert parse_weights(old, "old").emotion.factor("both", "rising") == 1.0


def _set(path: str, value: Any):
    def change(data: dict[str, Any]) -> None:
        *parents, last = path.split("/")
        for parent in parents:
            data = data[parent]
        data[last] = value

    return change


def _drop(path: str):
    def change(data: dict[str, Any]) -> None:
        *parents, last = path.split("/")
        for parent in parents:
            data = data[parent]
        del data[last]

    return change


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        (_drop("version"), "version", "Field required"),
        (_set("version", 0), "version", "greater than or equal to 1"),
        (_set("thresholds/low", 30), "thresholds", "must rise: low < medium < high"),
        (_set("unsure", 1.5), "unsure", "less than or equal to 1"),
        (
            _set("indicators/self_harm/points", 101),
            "indicators.self_harm.points",
            "less than or equal to 100",
        ),
        (_set("indicators/self_harm/points", "90"), "indicators.self_harm.points", "valid number"),
        (_set("indicators/self_harm/group", "misc"), "indicators.self_harm.group", "must be one of trigger"),
        (
            _set("indicators/self_harm/floor", "urgent"),
            "indicators.self_harm.floor",
            "'low', 'medium' or 'high'",
        ),
        (
            _set("indicators/self_harm/half_life_days", 0),
            "indicators.self_harm.half_life_days",
            "greater than 0",
        ),
        (_drop("indicators/refusal"), "indicators", "missing refusal"),
        (_set("indicators/shouting", {}), "indicators.shouting", "Field required"),
        (_set("emotion/both", 0), "emotion.both", "greater than 0"),
        (_set("emotion/shouting", 2.0), "emotion.shouting", "Extra inputs are not permitted"),
        (_drop("groups/trend"), "groups", "missing trend"),
        (_drop("case/days_overdue"), "case", "missing days_overdue"),
        (_set("case/shoe_size", []), "case", "unknown name shoe_size"),
        (
            _set("case/days_overdue", [{"from": 90, "points": 2}, {"from": 30, "points": 3}]),
            "case",
            "days_overdue: steps must rise",
        ),
        (_set("colour", "red"), "colour", "Extra inputs are not permitted"),
    ],
)
def test_each_mistake_is_named(change, field: str, message: str):
    data = copy.deepcopy(DEFAULT)
    change(data)
    with pytest.raises(WeightsError) as caught:
        parse_weights(data, "mine.yaml")
    assert caught.value.code == "weights.invalid"
    assert caught.value.where is not None
    assert caught.value.where.startswith(f"mine.yaml: {field}")
    assert message in caught.value.message
    assert caught.value.mend
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_something_else_altogether(data: object):
    with pytest.raises(WeightsError) as caught:
        parse_weights(data, "mine.yaml")
    assert caught.value.where == "mine.yaml: the whole file"


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(WeightsError) as caught:
        load_weights(tmp_path / "none.yaml")
    assert (caught.value.code, caught.value.where) == ("weights.unreadable", str(tmp_path / "none.yaml"))


def test_a_file_in_another_encoding(tmp_path: Path):
    path = tmp_path / "gbk.yaml"
    path.write_bytes("title: 权重".encode("gbk"))
    with pytest.raises(WeightsError) as caught:
        load_weights(path)
    assert caught.value.code == "weights.unreadable"


def test_broken_yaml_names_the_line(tmp_path: Path):
    path = tmp_path / "broken.yaml"
    path.write_text("id: x\nversion: [1\ntitle: {", encoding="utf-8")
    with pytest.raises(WeightsError) as caught:
        load_weights(path)
    assert caught.value.code == "weights.not_yaml"
    assert caught.value.where is not None
    assert caught.value.where.startswith(f"{path}:")
