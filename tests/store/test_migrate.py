from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, inspect

from store import migrate
from store.append_only import protect_statements
from store.audit import AuditHead
from store.database import make_engine, make_session_factory, reading
from store.errors import ConflictError

UPGRADE = "import sys; from store import migrate; migrate.upgrade(sys.argv[1])"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    url: str = request.getfixturevalue("empty_postgresql_url")
    return url


def _tables(url: str) -> set[str]:
    engine = make_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_a_new_database_gets_all_tables(empty_url: str):
    assert migrate.current_revision(empty_url) is None
    assert not migrate.is_current(empty_url)
    migrate.upgrade(empty_url)
    assert migrate.is_current(empty_url)
    assert {"audit_entry", "audit_head", "call", "recording", "refusal"} <= _tables(empty_url)


def test_it_is_said_which_of_the_two_is_older():
    head = migrate.head_revision()
    migrate.require_head(head)
    told = {}
    for revision in (None, "0001", "9999"):
        with pytest.raises(ConflictError) as caught:
            migrate.require_head(revision)
        told[revision] = caught.value.code, caught.value.message
    assert told == {
        None: ("database.outdated", f"the database is at revision none, this version of Diting needs {head}"),
        "0001": (
            "database.outdated",
            f"the database is at revision 0001, this version of Diting needs {head}",
        ),
        "9999": (
            "database.newer",
            f"the database is at revision 9999, which this version of Diting does not know (it has {head})",
        ),
    }


def test_migrating_again_changes_nothing(database_url: str):
    before = _tables(database_url)
    migrate.upgrade(database_url)
    assert _tables(database_url) == before
    engine = make_engine(database_url)
    with reading(make_session_factory(engine)) as session:
        assert [head.seq for head in session.query(AuditHead)] == [0]
    engine.dispose()


def test_a_migrated_database_can_be_taken_back(empty_url: str):
    migrate.upgrade(empty_url)
    migrate.downgrade(empty_url, "base")
    assert migrate.current_revision(empty_url) is None
    assert _tables(empty_url) == {"alembic_version"}


def test_processes_that_migrate_at_once_do_it_once(
    empty_url: str, start_python: Callable[..., "Popen[bytes]"]
):
    processes = [start_python(UPGRADE, empty_url) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert migrate.is_current(empty_url)


def test_a_table_that_no_revision_makes_is_a_difference(database_url: str):
    models = MetaData()
    Table("forgotten", models, Column("id", Integer, primary_key=True))
    changes = [change[0] for change in migrate.differences(database_url, models) if change[0] == "add_table"]
    assert changes == ["add_table"]


def test_a_new_revision_is_written_from_the_models(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
):
    scripts = tmp_path / "migrations"
    scripts.mkdir()
    for name in ("env.py", "script.py.mako"):
        (scripts / name).write_text((Path(migrate.__file__).parent / "migrations" / name).read_text())
    (scripts / "versions").mkdir()
    monkeypatch.setattr(migrate, "_SCRIPTS", scripts)
    models = MetaData()
    Table("forgotten", models, Column("id", Integer, primary_key=True))
    url = f"sqlite:///{tmp_path}/other.db"
    migrate.make_revision(url, models, "Add the forgotten table", "0001")
    written = (scripts / "versions" / "0001_add_the_forgotten_table.py").read_text()
    assert "op.create_table('forgotten'" in written
    migrate.upgrade(url)
    assert _tables(url) == {"alembic_version", "forgotten"}


def test_only_table_names_go_into_ddl():
    with pytest.raises(ValueError, match="not a table name"):
        protect_statements("x; DROP TABLE call", "sqlite")
