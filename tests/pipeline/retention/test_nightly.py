"""The nightly round: off by default, a plan first, then slices until the night's work is done."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest.models import CallRow
from pipeline.retention import nightly, work
from pipeline.retention.models import RetentionRunRow
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import ConflictError
from store.settings import get_settings

from .house import House, make_house

NIGHT = datetime(2025, 3, 2, 19, 30, tzinfo=UTC)  # 03:30 on the 3rd in Shanghai


@pytest.fixture
def house(
    session_factory: SessionFactory, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> House:
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DITING_RETENTION_NIGHTLY", "run")
    get_settings.cache_clear()
    return make_house(session_factory, get_settings().recording_store(), clock, tmp_path)


def runs(house: House) -> list[tuple[str, str | None, bool]]:
    with reading(house.sessions) as session:
        rows = session.scalars(select(RetentionRunRow).order_by(RetentionRunRow.id))
        return [(row.kind, row.night, row.ended_at is not None) for row in rows]


def test_the_first_night_plans_and_the_next_one_deletes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("H001", "H002"):
        house.call(name)
    with pytest.raises(ConflictError) as refused, transaction(house.sessions) as session:
        nightly.need_plan(session, house.clock, house.policy)
    assert refused.value.code == "retention.no_plan"
    house.clock.moment = NIGHT - timedelta(hours=4)
    assert not nightly.retain(house.sessions, house.clock)  # it is evening

    house.clock.moment = NIGHT
    assert nightly.retain(house.sessions, house.clock)
    assert not nightly.retain(house.sessions, house.clock)
    assert runs(house) == [("plan", "2025-03-03", True)]

    house.clock.moment += timedelta(days=1)
    monkeypatch.setattr(nightly, "SLICE_S", 0.0)  # one thing at a time
    slices = 0
    while nightly.retain(house.sessions, house.clock):
        slices += 1
    assert slices > 2
    assert runs(house)[1:] == [("run", "2025-03-04", True)]
    with reading(house.sessions) as session:
        assert session.scalar(select(CallRow.id)) is None
        (row,) = session.scalars(select(RetentionRunRow).where(RetentionRunRow.kind == "run"))
        gone = {line["class"]: line["goes"] for line in row.result}
        assert gone["recordings"] == 2
        assert work.plan(session, house.policy, house.clock.now()).document() == []


def test_off_is_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DITING_RETENTION_NIGHTLY", "off")
    get_settings.cache_clear()
    house.clock.moment = NIGHT
    assert not nightly.retain(house.sessions, house.clock)
    assert runs(house) == []
