"""The alerts that docs/operations.md hands out ask of metrics that there are."""

import re
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families

from pipeline.metrics import scrape
from store.clock import FixedClock
from store.database import make_engine, make_session_factory, reading

DOCS = Path(__file__).parents[2] / "docs"
RULES = DOCS / "prometheus" / "alerts.yml"
CJK = re.compile(r"[\u4e00-\u9fff]")
# What has no samples as long as nothing happened.
SILENT_AT_FIRST = {
    "diting_stage_failures_total": ["stage", "code"],
    "diting_source_items": ["source", "state"],
}


def test_every_rule_asks_of_metrics_and_labels_that_exist(sqlite_url: str, clock: FixedClock, tmp_path: Path):
    engine = make_engine(sqlite_url)
    with reading(make_session_factory(engine)) as session:
        text = scrape(session, clock.now(), tmp_path).decode()
    engine.dispose()
    labels = {name: set(given) for name, given in SILENT_AT_FIRST.items()}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    recorded = {rule["record"] for rule in group["rules"] if "record" in rule}
    asked = set()
    for rule in group["rules"]:
        for name in re.findall(r"(?<![:\w])diting_\w+", rule["expr"]):
            assert name in labels, f"{rule}: there is no metric {name}"
            asked.add(name)
            for label in re.findall(rf'{name}\{{(\w+)="', rule["expr"]):
                assert label in labels[name]
        for label in re.findall(r"by \(([^)]*)\)", rule["expr"]):
            named = set(re.findall(r"diting_\w+", rule["expr"]))
            assert {part.strip() for part in label.split(",")} <= set().union(*(labels[n] for n in named))
        assert set(re.findall(r"diting:[\w:]+", rule["expr"])) <= recorded
        assert rule["expr"].count("(") == rule["expr"].count(")")
    assert {"diting_oldest_waiting_call_seconds", "diting_deadlines", "diting_notices"} <= asked


def test_every_alert_says_what_to_do_in_both_languages():
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    alerts = [rule for rule in group["rules"] if "alert" in rule]
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    for alert in alerts:
        assert alert["labels"]["severity"] in {"critical", "warning"}
        assert CJK.search(alert["annotations"]["summary"])
        assert alert["annotations"]["description"]
        assert f"`{alert['alert']}`" in page
    assert len({alert["alert"] for alert in alerts}) == len(alerts) == 10


def test_every_metric_is_described(sqlite_url: str, clock: FixedClock, tmp_path: Path):
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    engine = make_engine(sqlite_url)
    with reading(make_session_factory(engine)) as session:
        text = scrape(session, clock.now(), tmp_path).decode()
    engine.dispose()
    names = re.findall(r"^# TYPE (\w+) \w+$", text, re.M)
    assert [name for name in names if f"`{name}`" not in page] == []
