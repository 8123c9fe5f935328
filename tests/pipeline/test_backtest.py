"""Two versions of a pack over the same calls: counting, and the whole way over labelled calls."""

import json
from pathlib import Path

import pytest

from pipeline.backtest.compare import CallPair, Change, Found, Judged, change_of, compare
from pipeline.backtest.report import to_json
from pipeline.backtest.run import Plan, backtest
from pipeline.backtest.sides import Side, open_side, require_one_language
from pipeline.labels import Labels, find_labelled
from qc.approval.content import read_content
from qc.approval.service import propose
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import NotFoundError, RuleError
from store.settings import Settings

THREAT = Found("own.threat@1", "threat", "violation", "certain", 3, "走着瞧", review=True)
STOP = Found("own.stop@1", "stop_request", "signal", "certain", 1, "别打了", review=False)


def side(*found: Found, ticket: str | None = None, level: str | None = None, band: str = "clean") -> Judged:
    return Judged(found, ticket, band, level, unjudged=False)  # type: ignore[arg-type]


def as_version(found: Found, version: int, **changed: object) -> Found:
    values = {name: getattr(found, name) for name in Found.__dataclass_fields__} | changed
    return Found(**{**values, "rule": f"{found.rule_id}@{version}"})  # type: ignore[arg-type]


def test_a_new_version_of_a_rule_finds_the_same() -> None:
    pair = CallPair("C1", "A1", "D1", side(THREAT), side(as_version(THREAT, 2)))
    assert change_of(pair) is None
    assert compare([pair]).rules == (Change("own.threat", old=1, new=1),)


def test_gained_lost_and_turned() -> None:
    twice = as_version(THREAT, 1, utterance=9)
    doubted = as_version(STOP, 1, status="unsure", review=True)
    pair = CallPair(
        "C1",
        "A1",
        "D1",
        side(THREAT, THREAT, STOP, ticket="urgent"),
        side(THREAT, twice, doubted, ticket="high"),
    )
    change = change_of(pair)
    assert change is not None
    assert (change.gained, change.lost, change.turned) == ((twice,), (THREAT,), (doubted,))

    found = compare([pair, CallPair("C2", "A2", "D1", side(), side())])
    assert found.rules == (
        Change("own.stop", old=1, new=1, less_certain=1),
        Change("own.threat", old=2, new=2, gained=1, lost=1),
    )
    assert [change.name for change in found.categories] == ["stop_request", "threat"]
    assert (found.calls, found.collectors, found.debtors) == (2, {"A1"}, {"D1"})
    assert (found.tickets, found.warnings) == ({"priority": 1}, {})
    assert found.reviews == (2, 3)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [(None, "low", "new"), ("high", None, "gone"), ("low", "high", "higher"), ("high", "medium", "lower")],
)
def test_warnings_and_tickets(old: str | None, new: str | None, name: str) -> None:
    ticket = None if old is None else "normal"
    other = None if new is None else "normal"
    found = compare(
        [CallPair("C1", None, "D1", side(level=old, ticket=ticket), side(level=new, ticket=other))]
    )
    assert found.warnings == {name: 1}
    expected = {None: "opened"}.get(old, "withdrawn" if new is None else None)
    assert found.tickets == ({} if expected is None else {expected: 1})
    assert (found.collectors, found.debtors) == (frozenset(), {"D1"})


def test_what_people_decided_and_what_labels_say() -> None:
    stands, overturned = (
        as_version(THREAT, 1, verdict=True),
        as_version(THREAT, 1, verdict=False, utterance=5),
    )
    labels = Labels(present={"threat": frozenset({3})}, absent=frozenset({"stop_request"}))
    pair = CallPair("C1", "A1", "D1", side(stands, overturned, STOP), side(stands), labels)
    settings_side = Path("unused")

    old, new = (Side(name, "own", "zh", settings_side, "0" * 64) for name in ("old", "new"))
    told = to_json(
        old, new, compare([pair]), looked_at=3, minutes=6.0, mask=lambda text: text.replace("别", "*")
    )

    assert told["decided"] == {"stand": [1, 1], "overturned": [1, 0], "precision": [0.5, 1.0], "kept": 1.0}
    assert told["labels"]["near_miss_alarms"] == [1, 0]
    assert told["labels"]["categories"]["threat"] == {
        "precision": [1.0, 1.0],
        "recall": [1.0, 1.0],
        "f1": [1.0, 1.0],
    }
    assert told["review"] == {
        "findings_old": 2, "findings_new": 1, "minutes_per_finding": 6.0, "hours_old": 0.2, "hours_new": 0.1,
        "hours_more": -0.1,
    }  # fmt: skip
    assert (told["calls"], told["other_language"]) == (1, 2)
    assert told["changed"][0]["lost"][1]["heard"] == "*打了"
    json.dumps(told)


TOPIC = """
rules:
- id: own.threat
  category: threat
  title: {{zh: 威胁, en: Threat}}
  cite: [{{source: policy}}]
  detect: {{phrase: [{phrases}]}}
  examples: {{violates: [走着瞧], allowed: [您好]}}
"""


def write_pack(folder: Path, phrases: str, *, pack: str = "cn-base", language: str = "zh") -> Path:
    folder.mkdir(parents=True)
    head = f"id: {pack}\nversion: 1\nlanguage: {language}\ntitle: {{zh: 规则, en: Rules}}\n"
    (folder / "pack.yaml").write_text(head, "utf-8")
    (folder / "topic.yaml").write_text(TOPIC.format(phrases=phrases), "utf-8")
    return folder


def write_call(folder: Path, name: str, text: str, language: str = "zh") -> None:
    folder.mkdir(exist_ok=True)
    turn = {"speaker": "agent", "start": 0.0, "end": 2.0, "text": text}
    call = {"external_id": name, "source": "test", "agent": {"id": "A1"}, "customer": {"id": name}}
    labels = {"present": [{"category": "threat", "utterances": [0]}] if "小心" in text else []}
    for suffix, value in (
        ("transcript", {"language": language, "utterances": [turn]}), ("call", call), ("labels", labels),
    ):  # fmt: skip
        (folder / f"{name}.{suffix}.json").write_text(json.dumps(value), "utf-8")


def test_over_labelled_calls(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    write_call(calls, "C1", "你走着瞧")
    write_call(calls, "C2", "你给我小心点")
    write_call(calls, "C3", "you wait and see", "en")
    settings = Settings(data_dir=tmp_path / "var")
    plan = Plan(
        settings,
        open_side(str(write_pack(tmp_path / "old", "走着瞧")), settings, None, tmp_path),
        open_side(str(write_pack(tmp_path / "new", "小心点")), settings, None, tmp_path),
    )
    portions = list(backtest(plan, find_labelled(calls)))

    assert [count for count, _ in portions] == [1, 1, 1]
    found = compare([pair for _, pairs in portions for pair in pairs])
    assert found.calls == 2  # the English one is not judged by a Mandarin pack
    assert found.rules == (Change("own.threat", old=1, new=1, gained=1, lost=1),)
    told = to_json(plan.old, plan.new, found, looked_at=3, minutes=2, mask=str)
    assert told["labels"]["categories"]["threat"]["f1"] == [0.0, 1.0]
    assert [change["call"] for change in told["changed"]] == ["C1", "C2"]


def test_sides_are_folders_names_and_stored_versions(
    session_factory: SessionFactory, clock: FixedClock, tmp_path: Path
) -> None:
    folder = write_pack(tmp_path / "packs" / "house", "走着瞧", pack="house")
    settings = Settings(data_dir=tmp_path / "var", rule_folders=(tmp_path / "packs",))
    with transaction(session_factory) as session:
        kept = propose(session, clock, read_content(folder), by="王敏").content_hash
    (folder / "topic.yaml").write_text(TOPIC.format(phrases="小心点, 走着瞧"), "utf-8")

    with reading(session_factory) as session:

        def hash_of(given: str) -> str:
            under = tmp_path / given.replace("/", "_")
            under.mkdir()
            return open_side(given, settings, session, under).hash

        assert hash_of("house@1") == hash_of(kept[:8]) == kept
        assert hash_of("house") == hash_of(str(folder)) == read_content(folder).hash != kept
        with pytest.raises(NotFoundError) as error:
            hash_of("house@2")
        assert error.value.code == "rules.version_unknown"
        with pytest.raises(NotFoundError):
            hash_of("abcdef1")
    assert open_side("house@1", settings, None, tmp_path).hash == read_content(folder).hash


def test_packs_of_two_languages_are_not_compared(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    chinese = open_side(str(write_pack(tmp_path / "zh", "走着瞧")), settings, None, tmp_path)
    english = open_side(str(write_pack(tmp_path / "en", "wait", language="en")), settings, None, tmp_path)
    with pytest.raises(RuleError) as error:
        require_one_language(chinese, english)
    assert error.value.code == "rules.languages_differ"
