"""Fills a database for the bench."""

import sys
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import delete
from sqlalchemy.engine import make_url

from bench.api.bulk import copy_rows, without_indexes
from bench.api.entries import COLUMNS, DAYS, END, Maker
from qc.figures.models import FigureStaleRow
from qc.figures.service import count as count_day
from store.database import open_sessions, transaction

BATCH = 20_000
ZONE = ZoneInfo("Asia/Shanghai")
# Of the bench's own server: a quarter of 24 GB for its buffers, as PostgreSQL's manual advises; nothing that
# only a power cut needs.
OPTIONS = (
    "shared_buffers=6GB", "maintenance_work_mem=1GB", "work_mem=16MB", "effective_cache_size=16GB",
    "max_wal_size=16GB", "wal_level=minimal", "max_wal_senders=0", "full_page_writes=off",
    "synchronous_commit=off", "random_page_cost=1.1", "default_toast_compression=lz4", "autovacuum=off",
)  # fmt: skip


def fill(url: str, count: int, *, among: int | None = None) -> float:
    """Write `count` calls into an empty, migrated database; returns the seconds it took."""
    began = time.monotonic()
    address = _address(url)
    tables = [f'"{name}"' for name in COLUMNS]
    with psycopg.connect(address, autocommit=True) as connection, without_indexes(connection, tables):
        done = 0
        for rows in Maker(count, among=among).batches(BATCH):
            for table, lines in rows.items():
                copy_rows(connection, f'"{table}"', COLUMNS[table], lines)
            done += len(rows["call"])
            sys.stderr.write(f"{done} calls, {time.monotonic() - began:.0f} s\n")
    with psycopg.connect(address, autocommit=True) as connection:
        for table in ("call", "transcript", "inspection", "complaint_warning"):
            connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {count})")
        connection.execute("VACUUM ANALYZE")
    return round(time.monotonic() - began, 1)


def count_days(url: str) -> float:
    """Seconds to count all days anew, as the rounds do."""
    began = time.monotonic()
    with open_sessions(url) as sessions:
        for back in range(1, DAYS + 1):
            with transaction(sessions) as session:
                count_day(session, (END.astimezone(ZONE) - timedelta(days=back)).date(), ZONE)
        with transaction(sessions) as session:
            session.execute(delete(FigureStaleRow))
    with psycopg.connect(_address(url), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE figure_day")  # as autovacuum does at a site
    return round(time.monotonic() - began, 1)


def _address(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
