"""Recordings in a folder, their records in the switch's database."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import create_engine, text

from tests.ingest.sources.conftest import age
from tests.ingest.sources.site import MakeFile, Site, make_source, wav

TABLE = """CREATE TABLE cdr (calldate TIMESTAMP, src TEXT, dst TEXT, billsec INTEGER, duration INTEGER,
disposition TEXT, uniqueid TEXT, recordingfile TEXT)"""
METADATA = {"format": "asterisk-table", "database": "cdr-url", "options": {"source": "pbx"}}


@pytest.fixture
def switch(site: Site, folder: Path, tmp_path: Path):
    """The database of a switch; `switch(1, "out-1.wav")` adds a call."""
    url = f"sqlite:///{tmp_path}/switch.db"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(TABLE))
    site.settings = site.settings.model_copy(update={"sources_secrets": {"cdr-url": SecretStr(url)}})
    site.use(kind="folder", path=str(folder), zone="UTC", metadata=METADATA)

    def add(number: int, recordingfile: str = "", *, billsec: int = 30) -> str:
        uniqueid = f"{1772676000 + number}.{number}"  # 2026-03-05 02:00:00 UTC
        values = (f"2026-03-05 02:00:{number:02d}", billsec, "ANSWERED" if billsec else "BUSY", uniqueid)
        statement = "INSERT INTO cdr VALUES (:at, '1001', '13800138000', :s, 40, :d, :u, :file)"
        names = ("at", "s", "d", "u")
        with engine.begin() as connection:
            connection.execute(
                text(statement), dict(zip(names, values, strict=True)) | {"file": recordingfile}
            )
        return uniqueid

    yield add
    engine.dispose()


def make_old(site: Site, make: MakeFile, name: str, number: int) -> None:
    age(make(name, wav(number)), site.clock, timedelta(minutes=5))


def test_recordings_find_their_records(site: Site, switch, make: MakeFile):
    named, by_id = switch(1, "out-1.wav"), switch(2)
    switch(3, billsec=0)
    make_old(site, make, "2026/03/out-1.wav", 1)
    make_old(site, make, f"q-500-{by_id}.wav", 2)
    turn = site.turn(settled=True)
    assert turn.error is None
    assert sorted(site.calls()) == sorted([named, by_id])


def test_a_table_is_read_on_and_nothing_taken_twice(site: Site, switch, make: MakeFile):
    first = switch(1, "a.wav")
    make_old(site, make, "a.wav", 1)
    site.turn(settled=True)
    second = switch(2, "b.wav")
    make_old(site, make, "b.wav", 2)
    turn = site.turn(settled=True)
    assert turn.error is None
    assert sorted(site.calls()) == sorted([first, second])


def test_a_table_that_cannot_be_read(site: Site, folder: Path, tmp_path: Path):
    for url in (f"sqlite:///{tmp_path}/none/x.db", "no url", f"sqlite:///{tmp_path}/empty.db"):
        site.settings = site.settings.model_copy(update={"sources_secrets": {"cdr-url": SecretStr(url)}})
        site.use(kind="folder", path=str(folder), metadata=METADATA)
        error = site.turn().error
        assert error is not None
        assert (error.code, url in str(error)) == ("source.table", False)


@pytest.mark.parametrize(
    "metadata",
    [
        {"format": "asterisk-table"},
        {"format": "asterisk-csv", "files": ["*.csv"], "database": "x"},
        METADATA | {"files": ["*.csv"]},
    ],
)
def test_what_a_source_with_a_table_needs(metadata):
    with pytest.raises(ValidationError):
        make_source(kind="folder", path="/x", metadata=metadata)
