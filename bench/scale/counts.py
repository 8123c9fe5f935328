"""What the servers counted: statements, bytes, time, processor time. Taken before and after."""

import os
from pathlib import Path
from typing import Any, Final, cast

import psycopg
import redis

from store.database import database_address

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_STATEMENTS: Final = """
    SELECT coalesce(sum(calls) FILTER (WHERE query !~* '^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)'), 0),
           coalesce(sum(calls) FILTER (WHERE query ~* '^(COMMIT|ROLLBACK)'), 0),
           coalesce(sum(calls) FILTER (WHERE query ~* '^(BEGIN|SAVEPOINT|RELEASE)'), 0),
           coalesce(sum(total_exec_time + total_plan_time), 0),
           coalesce(sum(wal_bytes), 0)
    FROM pg_stat_statements WHERE userid::regrole::text <> 'bench'
"""


def tally(database_url: str, redis_url: str) -> dict[str, float]:
    """Counters since the servers started; `…_ms` are milliseconds, `cpu` are those of processors.

    `queries` are statements other than those that begin and end transactions, which are `transactions`
    (each ended once) and `marks`.
    """
    with psycopg.connect(_dsn(database_url), autocommit=True) as connection:
        queries, ended, marks, exec_ms, _ = _row(connection, _STATEMENTS)
        (wal,) = _row(connection, "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        syncs, sync_ms = _row(connection, "SELECT wal_sync, wal_sync_time FROM pg_stat_wal")
        (size,) = _row(connection, "SELECT pg_database_size(current_database())")
        (pid,) = _row(connection, "SELECT pg_backend_pid()")
        database_cpu_ms = cpu_ms(_parent(int(pid)))
    with redis.Redis.from_url(redis_url) as client:
        info = cast("dict[str, Any]", client.info())
    return {
        "queries": float(queries),
        "transactions": float(ended),
        "marks": float(marks),
        "execution_ms": float(exec_ms),
        "wal_bytes": float(wal),
        "wal_syncs": float(syncs),
        "wal_sync_ms": float(sync_ms),
        "database_bytes": float(size),
        "database_cpu_ms": database_cpu_ms,
        "redis_commands": float(info["total_commands_processed"]),
        "redis_bytes": float(info["total_net_input_bytes"] + info["total_net_output_bytes"]),
        "redis_cpu_ms": 1000 * float(info["used_cpu_user"] + info["used_cpu_sys"]),
    }


def prepare(database_url: str) -> None:
    """Let the server count, and tell what the bench itself asks from what the product asks."""
    first = database_address(database_url).set(drivername="postgresql")
    with psycopg.connect(first.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        connection.execute("CREATE ROLE bench SUPERUSER LOGIN")


def longest(database_url: str, many: int = 12) -> list[tuple[str, float, float]]:
    """`(statement, calls, total ms)` of those that took most time."""
    query = (
        "SELECT query, calls, total_exec_time + total_plan_time FROM pg_stat_statements "
        "WHERE userid::regrole::text <> 'bench' ORDER BY 3 DESC LIMIT %s"
    )
    with psycopg.connect(_dsn(database_url), autocommit=True) as connection:
        rows = connection.execute(query, (many,)).fetchall()
    return [(" ".join(text.split())[:110], float(calls), float(ms)) for text, calls, ms in rows]


def cpu_ms(pid: int) -> float:
    """Processor time of a process, of its children that run, and of all that ended and were waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    except FileNotFoundError:
        return 0.0
    own = sum(int(field) for field in fields[11:15]) * 1000 / _TICKS
    return own + sum(cpu_ms(int(child)) for child in children)


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[1])


def _row(connection: "psycopg.Connection[Any]", query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101 - each of these always gives one
    return cast("tuple[Any, ...]", row)


def own_url(url: str) -> str:
    """The same database, for the bench itself: what it asks is not counted."""
    return database_address(url).set(username="bench").render_as_string(hide_password=False)


def _dsn(url: str) -> str:
    address = database_address(url).set(drivername="postgresql", username="bench")
    return address.render_as_string(hide_password=False)
