"""The places that the work is kept in and goes through: disk, database, recordings, Redis."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import redis
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from pipeline.celery_app import QUEUES
from pipeline.doctor.types import Finding
from store import migrate
from store.clock import Clock
from store.database import database_address, make_engine
from store.recordings import RecordingStore
from store.settings import Settings

_GIB: Final = 1024**3
_DISK_LOW_BYTES: Final = 10 * _GIB
_DISK_FULL_BYTES: Final = _GIB
_SKEW_NOTED_S: Final = 2.0
_SKEW_WRONG_S: Final = 60.0
_REDIS_WAIT_S: Final = 5.0


def disk(settings: Settings) -> Iterator[Finding]:
    """Room under the data folder: decoded sound, and in the embedded run everything else, waits there."""
    place = settings.data_dir
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    yield Finding(
        "disk",
        "ok" if free >= _DISK_LOW_BYTES else "warning" if free >= _DISK_FULL_BYTES else "wrong",
        f"{place} 剩余 {free / _GIB:.1f} GiB",
        f"{free / _GIB:.1f} GiB are left at {place}",
        "" if free >= _DISK_LOW_BYTES else "清理磁盘，或将 DITING_DATA_DIR 指向更大的磁盘。",
        "" if free >= _DISK_LOW_BYTES else "Make room, or set DITING_DATA_DIR to a larger disk.",
    )


def database(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether the database answers, has the tables of this version, and agrees on what time it is."""
    address = database_address(settings.database_url)
    shown = address.render_as_string(hide_password=True)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        yield Finding(
            "database",
            "warning",
            f"{shown} 尚未建立",
            f"{shown} does not exist yet",
            "首次运行任一命令（如 diting ingest）即自动建立。",
            "The first command that needs it (such as diting ingest) makes it.",
        )
        return
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            skew = _skew_s(connection, clock)
    except SQLAlchemyError as error:
        said = str(error.__cause__ or error).strip().splitlines()[0]
        yield Finding(
            "database",
            "wrong",
            f"无法连接 {shown}：{said}",
            f"{shown} cannot be reached: {said}",
            "确认数据库已启动，并检查 DITING_DATABASE_URL 的地址、账号与密码。",
            "See that the server runs; check address, user and password in DITING_DATABASE_URL.",
        )
        return
    finally:
        engine.dispose()
    yield _revision(settings, shown)
    if skew is not None:
        yield _clock(skew)


def _skew_s(connection: Connection, clock: Clock) -> float | None:
    """How far the clock of the database server is ahead of ours; None where it has none of its own."""
    if connection.dialect.name != "postgresql":
        return None
    before = clock.now()
    theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    middle = before + (clock.now() - before) / 2
    return (theirs.astimezone(UTC) - middle).total_seconds()


def _revision(settings: Settings, shown: str) -> Finding:
    has, needs = migrate.current_revision(settings.database_url), migrate.head_revision()
    if has == needs:
        return Finding("database", "ok", f"{shown}，版本 {has}", f"{shown}, revision {has}")
    return Finding(
        "database",
        "wrong",
        f"{shown} 的表结构是 {has}，本程序需要 {needs}",
        f"the tables of {shown} are at {has}, this program needs {needs}",
        "运行 diting db upgrade；若数据库较新，请改用相同版本的程序。",
        "Run diting db upgrade; if the database is the newer one, use the program of its version.",
    )


def _clock(skew_s: float) -> Finding:
    size = abs(skew_s)
    fine = size < _SKEW_NOTED_S
    return Finding(
        "clock",
        "ok" if fine else "warning" if size < _SKEW_WRONG_S else "wrong",
        f"与数据库时钟相差 {skew_s:+.1f} 秒",
        f"the database's clock differs by {skew_s:+.1f} s",
        "" if fine else "在两台机器上启用 NTP 对时。",
        "" if fine else "Let NTP set the clocks of both machines.",
    )


def recordings(settings: Settings, store: RecordingStore | None = None) -> Iterator[Finding]:
    """Whether a recording can be written, read back and removed."""
    (store or settings.recording_store()).probe()
    place = settings.recordings_url
    yield Finding("recordings", "ok", f"{place} 可写可读", f"{place} can be written and read")


def broker(settings: Settings) -> Iterator[Finding]:
    """Whether Redis answers, and how long its queues are. Only the distributed run needs it."""
    if settings.execution != "distributed":
        return
    client = redis.Redis.from_url(
        settings.redis_url, socket_connect_timeout=_REDIS_WAIT_S, socket_timeout=_REDIS_WAIT_S
    )
    try:
        lengths = {name: client.llen(name) for name in QUEUES}
    except redis.RedisError as error:
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        yield Finding(
            "redis",
            "wrong",
            f"Redis 无法使用：{said}",
            f"Redis cannot be used: {said}",
            "确认 redis-server 已启动，并检查 DITING_REDIS_URL 的地址与密码。",
            "See that redis-server runs; check address and password in DITING_REDIS_URL.",
        )
        return
    finally:
        client.close()
    told = "，".join(f"{name} {length}" for name, length in lengths.items())
    yield Finding("redis", "ok", f"队列长度：{told}", f"queues: {told.replace('，', ', ')}")
