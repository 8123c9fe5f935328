"""The policy file: strict, and every error says file, line, field and mend."""

from pathlib import Path

import pytest

from pipeline.retention.policy import DEFAULT_POLICY, Night, load_policy
from store.errors import SettingsError


@pytest.mark.parametrize(
    ("old", "new", "where", "code"),
    [
        ("recordings: {keep: {years: 3}}", "recordings: {keep: {years: 2}}", "6 recordings", "invalid"),
        (
            "recordings: {keep: {years: 3}}",
            "recordings: {keep: {year: 3}}",
            "6 recordings.keep.year",
            "invalid",
        ),
        ("results: {keep: {years: 3}}", "results: {keep: {years: 4}}", "8 results", "invalid"),
        ("audit: {keep: forever}", "audit: {keep: {years: 9}}", "12 audit.keep", "invalid"),
        ("cases: {keep: {years: 5}}", "cases: {keep: {years: 5, days: 1}}", "9 cases.keep", "invalid"),
        ("roles: [legal,", "roles: [boss,", "16 orders", "invalid"),
        ("id: default", "id: default\nid: other", "4 id", "not_yaml"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, old: str, new: str, where: str, code: str
) -> None:
    text = DEFAULT_POLICY.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "policy.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_policy(file)
    assert refused.value.code == f"retention.{code}"
    assert refused.value.where == f"{file}:{where}"
    assert refused.value.mend


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_policy(tmp_path / "none.yaml")
    assert refused.value.code in {"retention.unreadable", "retention.not_yaml"}


def test_less_than_three_years_needs_a_reason_and_no_client_slips_through(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    short = "clients: {A: {recordings: {keep: {days: 400}, reason: 合同约定仅保存四百天}}}\n"
    file.write_text(DEFAULT_POLICY.read_text(encoding="utf-8") + short, encoding="utf-8")
    assert str(load_policy(file).rule("recordings", "A").keep) == "400 days"
    assert str(load_policy(file).shortest("recordings", "results")) == "400 days"
    file.write_text(
        DEFAULT_POLICY.read_text(encoding="utf-8") + short.replace(", reason: 合同约定仅保存四百天", ""),
        encoding="utf-8",
    )
    with pytest.raises(SettingsError, match="3 years needs a reason"):
        load_policy(file)


def test_the_night_may_pass_midnight() -> None:
    assert [hour for hour in range(24) if Night(from_hour=23, to_hour=2).covers(hour)] == [0, 1, 23]
    assert [hour for hour in range(24) if Night().covers(hour)] == [2, 3, 4]
