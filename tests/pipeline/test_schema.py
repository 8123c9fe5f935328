from sqlalchemy import inspect

from pipeline.schema import whole_metadata
from store import migrate
from store.database import make_engine


def test_migrations_make_exactly_the_tables_of_the_models(database_url: str) -> None:
    assert migrate.differences(database_url, whole_metadata()) == []


def test_migrations_can_be_taken_back(database_url: str) -> None:
    migrate.downgrade(database_url, "base")

    engine = make_engine(database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    migrate.upgrade(database_url)
    assert migrate.is_current(database_url)
    assert migrate.differences(database_url, whole_metadata()) == []
