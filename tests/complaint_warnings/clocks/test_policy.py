from pathlib import Path

import pytest

from complaint_warnings.clocks.policy import DEFAULT_POLICY, Allowance, default_policy, load_policy
from store.errors import BadInputError

SHIPPED = DEFAULT_POLICY.read_text(encoding="utf-8")


def test_the_shipped_policy_promises_what_is_promised():
    policy = default_policy()
    assert policy.name == "default@2"
    assert (policy.calendar, policy.hours.opens.hour, policy.hours.closes.hour) == ("CN", 9, 18)
    times = {name: [rule.time for rule in clock.rules] for name, clock in policy.clocks.items()}
    assert times == {
        "start": [Allowance(hours=2)],
        "review": [Allowance(working_days=1)],
        "first_answer": [Allowance(hours=24)],
        "settle": [Allowance(working_days=5), Allowance(working_days=3)],
        "regulator": [Allowance(days=30), Allowance(days=15)],
        "tell_result": [Allowance(working_days=1)],
        "again": [Allowance(hours=2), Allowance(working_days=1)],
        "finish": [Allowance(working_days=20)],
        "rest": [Allowance(working_days=10)],
        "second_callback": [Allowance(hours=24)],
    }
    pausable = [name for name, clock in policy.clocks.items() if clock.pausable]
    assert pausable == ["settle", "tell_result", "finish"]


def test_only_the_regulators_limits_claim_to_be_a_regulation():
    policy = default_policy()
    cited = {
        name: rule.basis.cite
        for name, clock in policy.clocks.items()
        for rule in clock.rules
        if rule.basis.force == "regulation"
    }
    assert cited == {"regulator": "《银行业保险业消费投诉处理管理办法》（银保监会令2020年第3号）"}


def test_a_profile_comes_before_what_holds_for_all():
    policy = default_policy()
    rules = policy.with_profile("telecom").clocks["settle"].rules
    assert [rule.time for rule in rules] == [
        Allowance(hours=24),
        Allowance(working_days=5),
        Allowance(working_days=3),
    ]
    assert policy.with_profile("telecom").clocks["review"] == policy.clocks["review"]
    assert policy.with_profile("us").calendar == "US"
    assert policy.calendar == "CN"


def test_a_profile_that_is_not_there_is_refused():
    with pytest.raises(BadInputError) as refused:
        default_policy().with_profile("telekom")
    assert refused.value.code == "policy.profile"
    assert refused.value.mend == "Profiles: telecom, us."


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("version: 2", "version: one", "version"),
        ("version: 2", "version: 2\nsurprise: 1", "surprise"),
        ("calendar: CN\n", "", "calendar"),
        ('opens: "09:00"', 'opens: "19:00"', "hours"),
        ('opens: "09:00"', 'opens: "nine"', "hours.opens"),
        ("time: {hours: 2}", "time: {hours: 2, days: 1}", "clocks.start.rules.0.time"),
        ("time: {hours: 2}", "time: {}", "clocks.start.rules.0.time"),
        ("time: {hours: 2}", "time: {hours: -2}", "clocks.start.rules.0.time.hours"),
        ("time: {hours: 2}", 'time: {hours: "2"}', "clocks.start.rules.0.time.hours"),
        ("when: {level: [high]}", "when: {level: [highest]}", "clocks.start.rules.0.when.level.0"),
        ("when: {level: [high]}", "when: {levels: [high]}", "clocks.start.rules.0.when.levels"),
        ("roles: [control_lead]", "roles: [boss]", "clocks.regulator.rules.0.extensions.0"),
        ("time: {hours: 2}", "time: {hours: 2}\n        last_day: next_working_day", "clocks.start.rules.0"),
        ("warn: [{after_percent: 50}]", "warn: [{after_percent: 100}]", "clocks.start.warn.0.after_percent"),
        ("escalate: {every_hours: 1}", "escalate: {}", "clocks.start.escalate.every_hours"),
        ("      settle:\n        - when", "      settled:\n        - when", "the whole file"),
        ("starts_in: [reported,", "starts_in: [reportet,", "clocks.start.starts_in.0"),
    ],
)
def test_a_wrong_policy_is_refused_as_a_whole_naming_the_field(
    tmp_path: Path, old: str, new: str, where: str
):
    assert old in SHIPPED
    path = tmp_path / "policy.yaml"
    path.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        load_policy(path)
    assert (refused.value.code, refused.value.where) == ("policy.invalid", f"{path}: {where}")


def test_a_policy_that_cannot_be_read(tmp_path: Path):
    path = tmp_path / "policy.yaml"
    with pytest.raises(BadInputError) as refused:
        load_policy(path)
    assert refused.value.code == "policy.unreadable"
    path.write_text("id: [", encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        load_policy(path)
    assert refused.value.code == "policy.not_yaml"
