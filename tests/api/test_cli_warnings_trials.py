"""Trying weights from the command line and over HTTP, on a stored portfolio."""

import json
from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select
from typer.testing import CliRunner

from api.cli.main import app
from complaint_warnings.complaints.documents import read_intake
from complaint_warnings.complaints.service import receive
from complaint_warnings.models import WarningRow
from complaint_warnings.scoring.weights import default_weights, load_weights
from complaint_warnings.service import apply_call
from ingest.models import CallRow
from store import audit, migrate
from store.clock import FixedClock
from store.database import open_sessions, reading, transaction
from store.errors import BadInputError, DitingError, NotFoundError
from store.people import Person, add_person, find_actor
from store.settings import Settings
from tests.complaint_warnings.backtest.stored import day, heard, portfolio, store
from tests.complaint_warnings.helpers import finding

pytestmark = pytest.mark.usefixtures("_home")


@pytest.fixture
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "data"))
    migrate.upgrade(Settings().database_url)


def put(calls) -> None:
    with open_sessions(Settings().database_url) as sessions, transaction(sessions) as session:
        store(session, calls)


def run(*arguments: object) -> str:
    ended = CliRunner().invoke(app, ["warnings", *map(str, arguments)], terminal_width=220)
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.stdout


def run_json(*arguments: object) -> dict:
    return json.loads(run(*arguments, "--json"))


def written() -> tuple[int, int]:
    with open_sessions(Settings().database_url) as sessions, reading(sessions) as session:
        entries = session.scalar(select(func.count()).select_from(audit.AuditEntry)) or 0
        return entries, session.scalar(select(func.count()).select_from(WarningRow)) or 0


def complaints(folder: Path, *lines: str) -> Path:
    path = folder / "complaints.csv"
    path.write_text("\n".join(("customer_id,arrived_at,channel", *lines)), encoding="utf-8")
    return path


def test_simulating_tells_moves_and_reasons_and_writes_nothing():
    put([heard("A", 1, finding("dispute.amount")), heard("B", 1, finding("refusal")), heard("C", 1)])
    before = written()
    found = run_json("simulate", "--set", "indicators.dispute.floor=high", "--lang", "en")
    assert written() == before
    assert found["model_after"] == f"default+trial@{default_weights().version}"
    assert (found["debtors"], found["raised"], found["lowered"], found["rescored"]) == (3, 1, 0, 0)
    assert {"before": "low", "after": "high", "episodes": 1} in found["moves"]
    [moved] = found["differences"]
    assert (moved["debtor"], moved["level_before"], moved["level_after"]) == ("customer:A", "low", "high")
    told = run("simulate", "--set", "indicators.dispute.points=4", "--set", "indicators.dispute.floor=null")
    assert "等级上升0人，下降1人" in "".join(told.split())
    assert "customer:A  低 8.5 → 无预警 0" in told
    assert "dispute  8 → 0  客户对债务提出异议" in told


def test_a_wrong_path_is_refused_with_near_ones():
    with pytest.raises(DitingError) as refused:
        run("simulate", "--set", "indicators.disputes.points=3")
    assert refused.value.code == "weights.setting"
    assert "indicators.dispute.points" in str(refused.value)


def test_a_back_test_by_hand(tmp_path):
    put(
        [
            *(heard(f"D{n}", 5, finding("stop_request")) for n in range(3)),
            *(heard(f"Q{n}", 5, finding("off_hours")) for n in range(7)),
        ]
    )
    file = complaints(
        tmp_path,
        "D0,2026-02-10T09:00:00+08:00,12378",
        "D1,2026-02-12T09:00:00+08:00,",
        "Q0,2026-02-15T09:00:00+08:00,company",
        "nobody,2026-02-16T09:00:00+08:00,",
        "D2,someday,",
    )
    covers = "2026-02-04T00:00:00+08:00/2026-03-06T00:00:00+08:00"
    found = run_json("backtest", "--complaints", file, "--covers", covers, "--capacity", 2)
    assert found["days"] == ["2026-02-04T00:00:00+08:00"]
    assert (found["debtors"], found["debtor_days"], found["complaints"]) == (11, 10, 4)
    # Three have the same score before seven: two of the three complain, and one of the seven.
    assert found["score"]["auc"]["value"] == pytest.approx((2 * (6 + 0.5) + 3) / 21, abs=1e-5)
    assert found["score"]["at"][2]["k"] == 2
    assert found["score"]["at"][2]["precision"]["value"] == pytest.approx(2 / 3, abs=1e-5)
    assert found["baselines"]["violations"]["auc"]["value"] < 0.5
    assert found["levels"]["medium"] == {
        "warned": 0,  # they were warned before the span began
        "followed": 0,
        "foreseen": 2,
        "lead_days": [30.9, 31.4, 31.9],
    }
    assert found["missed"] == {"no_calls": 1, "not_judged": 0, "no_signals": 0, "below_level": 1}
    assert [(each["debtor"], each["why"]) for each in found["missed_complaints"]] == [
        ("customer:Q0", "below_level"),
        ("customer:nobody", "no_calls"),
    ]
    assert [(each["line"], each["field"]) for each in found["refused_lines"]] == [(6, "arrived_at")]
    told = run("backtest", "--complaints", file, "--covers", covers, "--lang", "en")
    assert "Complaints without a warning: 2." in told
    assert "nobody  no calls" in told


def test_a_back_test_without_a_file_takes_the_complaints_on_record(tmp_path):
    put(portfolio(8))
    arrived = [("D0000", 40.5), ("C0002", 50.5), ("D0004", 70.5)]
    with open_sessions(Settings().database_url) as sessions, transaction(sessions) as session:
        add_person(session, FixedClock(day(0)), Person("li", "李", ("complaint_officer",)))
        for customer, days in arrived:
            intake = {
                "channel": "company_line",
                "arrived_at": day(days).isoformat(),
                "debtor": {"customer_id": customer},
                "claim": "金额不对",
                "wanted": "核实",
            }
            receive(session, FixedClock(day(99)), read_intake(intake), actor=find_actor(session, "li"))
    covers = f"{day(30).isoformat()}/{day(90).isoformat()}"
    file = complaints(tmp_path, *(f"{customer},{day(days).isoformat()}," for customer, days in arrived))
    from_file = run_json("backtest", "--complaints", file, "--covers", covers)
    on_record = run_json("backtest", "--covers", covers)
    assert (from_file.pop("complaints_from"), on_record.pop("complaints_from")) == ("file", "stored")
    assert on_record == from_file
    assert on_record["complaints"] == 3
    up_to_now = run_json("backtest")
    assert up_to_now["days"][0] == "2026-02-14T00:00:00+08:00"
    assert up_to_now["complaints"] == 3


def test_without_a_file_and_without_complaints_on_record_nothing_is_judged(tmp_path):
    for command in (("backtest",), ("fit", "--out", tmp_path / "weights.yaml")):
        with pytest.raises(BadInputError) as refused:
            run(*command)
        assert refused.value.code == "backtest.none_stored"


def test_a_span_that_is_none_and_complaints_that_do_not_reach(tmp_path):
    file = complaints(tmp_path, "A,2026-02-10T09:00:00+08:00,", "A,2026-02-20T09:00:00+08:00,")
    for arguments, code in (
        ((), "backtest.too_short"),
        (("--covers", "2026-02-01/2026-03-01"), "cli.span"),
        (("--covers", "2026-03-01T00:00:00Z/2026-02-01T00:00:00Z"), "cli.span"),
    ):
        with pytest.raises(BadInputError) as refused:
            run("backtest", "--complaints", file, *arguments)
        assert refused.value.code == code
    with pytest.raises(BadInputError) as refused:
        run("backtest", "--complaints", complaints(tmp_path, "A,never,"))
    assert refused.value.code == "backtest.no_complaints"


def test_fitting_writes_a_new_file_that_can_be_used_and_changes_nothing_else(tmp_path):
    put(portfolio(1200))
    lines = [
        f"D{number:04},{day(month * 30 + 25).isoformat()},"
        for number in range(0, 1200, 4)
        for month in range(6)
        if (number // 4 + month) % 3 == 0
    ]
    out = tmp_path / "new" / "weights.yaml"
    file = complaints(tmp_path, *lines)
    covers = f"{day(0).isoformat()}/{day(180).isoformat()}"
    before = written()
    found = run_json("fit", "--complaints", file, "--out", out, "--covers", covers)
    assert written() == before
    new = load_weights(out)
    assert found["model"] == new.model == f"default-fitted@{default_weights().version + 1}"
    assert new.indicators["dispute"].points > default_weights().indicators["dispute"].points
    assert new.indicators["hardship"].points < default_weights().indicators["hardship"].points
    now, then = (found["held_out"][model]["score"]["auc"]["value"] for model in ("default@3", new.model))
    assert then > now
    assert (
        found["simulation"]["rescored"] + found["simulation"]["lowered"] + found["simulation"]["raised"] > 500
    )
    assert yaml.safe_load(out.read_text(encoding="utf-8"))["id"] == "default-fitted"
    with pytest.raises(BadInputError) as refused:
        run("fit", "--complaints", file, "--out", out, "--covers", covers)
    assert refused.value.code == "fit.file_exists"


def test_fitting_from_too_few_writes_no_file(tmp_path):
    put(portfolio(40))
    file = complaints(tmp_path, "D0000,2026-01-20T09:00:00+08:00,", "D0004,2026-05-20T09:00:00+08:00,")
    with pytest.raises(BadInputError) as refused:
        run("fit", "--complaints", file, "--out", tmp_path / "weights.yaml")
    assert refused.value.code == "fit.too_few"
    assert not (tmp_path / "weights.yaml").exists()


def test_a_warning_is_explained_as_of_then_and_as_of_a_day():
    debtor, evidence = heard("A", 1, finding("stop_request"))
    put([(debtor, evidence)])
    with open_sessions(Settings().database_url) as sessions, transaction(sessions) as session:
        number = session.scalar(select(CallRow.id))
        row = apply_call(
            session, FixedClock(day(1)), call_id=number, evidence=evidence, weights=default_weights()
        )
        assert row is not None
        warning = row.id
    before = written()
    found = run_json("explain", warning, "--as-of", day(46).isoformat())
    assert written() == before
    assert (found["level"], found["score"]) == ("medium", 25.5)
    assert (found["as_of"]["score"], found["as_of"]["quiet_days"]) == (13.0, 45.0)
    told = run("explain", warning, "--as-of", day(46).isoformat(), "--lang", "en")
    assert "Nothing new for 45 days" in told
    assert "holds until a person closes" in told
    for arguments, error, code in (
        ((99,), NotFoundError, "warnings.unknown"),
        ((warning, "--as-of", "yesterday"), BadInputError, "cli.time"),
        ((warning, "--as-of", day(0).isoformat()), NotFoundError, "warnings.no_level"),
    ):
        with pytest.raises(error) as refused:
            run("explain", *arguments)
        assert refused.value.code == code


def test_a_debtor_who_is_known_by_a_number_alone_is_told_with_its_middle_hidden():
    put([("number:+8615412345678", heard("A", 1, finding("dispute.amount"))[1])])
    told = [run("simulate", "--set", "indicators.dispute.floor=high", *more) for more in ((), ("--json",))]
    assert ["number:+861******5678" in each for each in told] == [True, True]
    assert not any("15412345678" in each for each in told)
