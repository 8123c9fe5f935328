"""What people may ask for: their data, others hidden; and that all be deleted that need not be kept."""

import io
import json
import zipfile

import pytest
from sqlalchemy import select

from api import subjects
from ingest.models import CallRow
from pipeline.retention import orders
from pipeline.retention.models import DeletionOrderRow
from pipeline.retention.prove import prove
from pipeline.retention.subject import find_debtor
from store.database import reading, transaction
from store.errors import BadInputError, ConflictError, DitingError, NotFoundError
from store.people import find_actor
from store.views import ViewRow

from .house import House
from .test_orders import approved, put_on_hold


def asked(house: House, debtor: str = "customer:C1") -> tuple[DeletionOrderRow, orders.Standing]:
    with transaction(house.sessions) as session:
        return orders.order_subject(
            session, house.clock, house.policy, debtor_key=debtor,
            actor=find_actor(session, "law"), reason="DSR-2026-17",
        )  # fmt: skip


def test_what_is_held_stays_and_the_rest_goes(house: House) -> None:
    held, free = house.call("H001"), house.call("H002")
    other = house.call("H003", customer="C9")
    put_on_hold(house, held)
    row, stands = asked(house)
    assert (row.kind, stands.free) == ("free", ("pbx/H002",))
    assert stands.kept == ("call pbx/H001: on legal hold by law (诉讼 2026-3)",)
    with pytest.raises(ConflictError) as refused:
        approved(house, row.id, by="law")
    assert refused.value.code == "retention.second_person"
    assert approved(house, row.id).state == "done"
    with reading(house.sessions) as session:
        assert set(session.scalars(select(CallRow.id))) == {held, other}
        assert prove(session, house.recordings, "pbx/H002").gone
        assert not prove(session, house.recordings, "pbx/H001").gone
        left = session.get_one(CallRow, held)
        assert house.recordings.exists(left.recording_sha256)
    assert free not in {held, other}


def test_where_everything_is_kept_it_is_refused_with_the_reasons(house: House) -> None:
    put_on_hold(house, house.call("H001"))
    with pytest.raises(DitingError, match="H001: on legal hold") as refused:
        asked(house)
    assert refused.value.code == "retention.kept"


def test_where_nothing_is_kept_everything_goes(house: House) -> None:
    house.call("H001")
    row, stands = asked(house)
    assert (row.kind, stands.kept) == ("debtor", ())
    approved(house, row.id)
    with reading(house.sessions) as session, pytest.raises(NotFoundError) as unknown:
        find_debtor(session, debtor="customer:C1")
    assert unknown.value.code == "subject.unknown"


def test_a_number_of_several_people_is_nobodys(house: House) -> None:
    house.call("H001")
    with reading(house.sessions) as session:
        assert find_debtor(session, phone="13800138000") == "customer:C1"
    house.call("H002", customer="C9")
    with reading(house.sessions) as session:
        with pytest.raises(BadInputError) as several:
            find_debtor(session, phone="13800138000")
        with pytest.raises(BadInputError) as which:
            find_debtor(session)
        with pytest.raises(NotFoundError):
            find_debtor(session, phone="13911112222")
    assert (several.value.code, which.value.code) == ("subject.several", "subject.which")


def test_one_is_given_ones_own_and_nothing_of_others(house: House) -> None:
    house.call("H001", warns=True)
    house.call("H009", customer="C9")
    out = io.BytesIO()
    with reading(house.sessions) as session:
        number = subjects.export(session, None, house.clock, "customer:C1", "law", out)
    with transaction(house.sessions) as session:
        subjects.put_on_record(session, house.clock, by="law", reason="DSR-2026-17", number=number)
    with zipfile.ZipFile(out) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert sorted(files) == ["about.json", "calls.json", "index.html", "records.json"]
    (call,) = json.loads(files["calls.json"])
    assert call["call"]["customer"]["number"] == "+8613800138000"
    assert call["call"]["agent"]["name"] != "王敏"
    assert not any("H009" in content or "C9" in content for content in files.values())
    records = json.loads(files["records.json"])
    assert {"complaint_warning", "complaint_case", "case_event", "finding_verdict", "case_fact"} <= set(
        records
    )
    assert number in files["index.html"]
    with reading(house.sessions) as session:
        (view,) = session.scalars(select(ViewRow)).all()
        assert (view.subject, view.export_id, view.reason) == (f"subject:{number}", number, "DSR-2026-17")


def test_other_peoples_names_and_numbers_are_hidden() -> None:
    own = frozenset({"石国庆", "13800138000"})
    text = "我叫石国庆，电话13800138000，我同事李建国的电话是13911112222"
    told = subjects.shown(
        {"text": text, "words": [["石", 0, 1, 1]], "sha256": "a" * 64}, subjects.NOTHING, own
    )
    assert "13911112222" not in told["text"]
    assert "李建国" not in told["text"]
    assert "13800138000" in told["text"]
    assert set(told) == {"text", "sha256"}
