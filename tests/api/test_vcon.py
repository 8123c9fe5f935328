"""Judged calls as vCons: redacted by default, whole when asked for, and readable again."""

import base64
import io
import json

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from api.cli.main import app as cli
from ingest.formats.vcon import VconOptions, read
from ingest.metadata import parse_call_record
from ingest.models import CallRow
from store.database import reading
from store.errors import BadInputError, ConflictError
from store.views import ViewRow
from tests.api.conftest import SAMPLES

NAME = "S03-threat"


@pytest.fixture
def export(world, monkeypatch):
    monkeypatch.setenv("DITING_DATA_DIR", str(world.settings.data_dir))
    monkeypatch.setenv("DITING_DATABASE_URL", world.settings.database_url)

    def run(name, *options):
        done = CliRunner().invoke(cli, ["calls", "export-vcon", str(world.ids[name]), *options])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    return run


def record_of(world, name):
    with reading(world.tools.sessions) as session:
        row = session.get_one(CallRow, world.ids[name])
        return parse_call_record(row.record, name)


def test_a_redacted_vcon_holds_neither_number_nor_name_nor_recording(world, export):
    record = record_of(world, NAME)
    text = export(NAME)
    vcon = json.loads(text)
    assert vcon["redacted"]["type"] == "personal_data"
    assert [party["role"] for party in vcon["parties"]] == ["agent", "customer"]
    assert record.customer.number[-8:] not in text
    assert record.customer.name is not None
    assert "name" not in vcon["parties"][1]
    assert {"body", "url", "filename"}.isdisjoint(vcon["dialog"][0])
    again = json.loads(export(NAME))
    assert {**again, "attachments": vcon["attachments"]} == vcon
    entries = world.audited("call.exported")
    assert [entry.details["unmasked"] for entry in entries] == [False, False]


def test_an_export_carries_the_number_under_which_it_is_in_the_view_log(world, export):
    (mark,) = json.loads(export(NAME, "--unmasked"))["attachments"]
    with reading(world.tools.sessions) as session:
        view = session.scalars(select(ViewRow).where(ViewRow.what == "export")).all()[-1]
    assert (view.call_id, view.masked) == (world.ids[NAME], False)
    assert mark["purpose"] == "export"
    body = json.loads(mark["body"])
    assert (body["export"], body["by"], body["at"]) == (view.export_id, view.actor, mark["start"])


def test_what_was_said_and_found_stands_as_analysis(export):
    transcript, findings = json.loads(export(NAME))["analysis"]
    assert (transcript["type"], transcript["encoding"], transcript["dialog"]) == ("transcript", "json", 0)
    assert json.loads(transcript["body"])["utterances"][0]["speaker"] in ("agent", "customer")
    body = json.loads(findings["body"])
    assert "threat" in {finding["category"] for finding in body["findings"]}
    assert (findings["type"], findings["vendor"], body["score"]["band"]) == (
        "quality_control",
        "Diting",
        "critical",
    )


def test_a_whole_vcon_can_be_read_again(world, export, tmp_path):
    export(NAME, "--unmasked", "--recording", "--out", str(tmp_path / "call.vcon"))
    content = (tmp_path / "call.vcon").read_bytes()
    (call,) = read(io.BytesIO(content), "call.vcon", VconOptions(source="other", stereo=True))
    again, record = parse_call_record(call.document, call.where), record_of(world, NAME)
    (sample,) = SAMPLES.glob(f"{NAME}.opus")
    assert call.inline.content == sample.read_bytes()
    assert (again.started_at, again.direction, again.channels) == (
        record.started_at,
        record.direction,
        record.channels,
    )
    assert (again.customer.number, again.customer.name) == (record.customer.number, record.customer.name)
    vcon = json.loads(content)
    assert vcon["uuid"][14] == "8"
    redacted, whole = json.loads(export(NAME)), json.loads(export(NAME, "--unmasked"))
    assert redacted["redacted"]["uuid"] == whole["uuid"]
    assert len({redacted["uuid"], whole["uuid"], vcon["uuid"]}) == 3
    assert base64.urlsafe_b64decode(vcon["dialog"][0]["body"] + "==") == sample.read_bytes()


def test_a_time_that_is_unknown_is_not_made_up(export):
    assert "start" not in json.loads(export("S10-no-time"))["dialog"][0]


def test_what_cannot_be_exported(export):
    with pytest.raises(ConflictError) as caught:
        export("S08-third-party")
    assert caught.value.code == "call.not_inspected"
    with pytest.raises(BadInputError) as refused:
        export(NAME, "--recording")
    assert refused.value.code == "cli.usage"
