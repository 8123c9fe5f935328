"""What every test may use: a fresh migrated database of each kind, a Redis server, a clock that stands still.

Servers are real ones, started on a free port of this machine when their programs are installed. Where they
are not, the tests that need them are skipped, or fail when TESTS_NEED_SERVERS is set.
"""

import logging
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import hypothesis
import pytest
import redis
from sqlalchemy import Engine, create_engine, text

from store import migrate
from store.clock import FixedClock
from store.database import SessionFactory, make_engine, make_session_factory
from store.recordings import RecordingStore
from store.settings import get_settings

_START_ATTEMPTS = 3

# How long an example takes says nothing on a busy machine.
hypothesis.settings.register_profile(
    "diting", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("diting")
_SERVERS_NEEDED = bool(os.environ.get("TESTS_NEED_SERVERS"))


# Tests see the default settings, not those of the shell that runs them. Done at import: fixtures of any
# scope and the processes that tests start must see it too.
for _name in [name for name in os.environ if name.startswith("DITING_")]:
    del os.environ[_name]


@pytest.fixture(autouse=True)
def _fresh_settings() -> Iterator[None]:
    """A test that sets a variable leaves no settings behind."""
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """Leaves the logging of the process as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {
        name: each.level for name, each in root.manager.loggerDict.items() if isinstance(each, logging.Logger)
    }
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, each in root.manager.loggerDict.items():
        if isinstance(each, logging.Logger):
            each.setLevel(levels.get(name, logging.NOTSET))


@pytest.fixture
def clock() -> FixedClock:
    """2026-03-05 10:30 in Shanghai."""
    return FixedClock(datetime(2026, 3, 5, 2, 30, tzinfo=UTC))


@pytest.fixture
def start_python() -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Starts a program text in a process of its own: `start_python(text, *arguments)`."""
    started: list[subprocess.Popen[bytes]] = []

    def start(program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        started.append(subprocess.Popen([sys.executable, "-c", program, *arguments], env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def recordings(tmp_path: Path) -> RecordingStore:
    return RecordingStore((tmp_path / "recordings").as_uri())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database of its own for each test, once per kind of database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session_factory(engine: Engine) -> SessionFactory:
    return make_session_factory(engine)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    copy = tmp_path / "diting.db"
    shutil.copyfile(_sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of a PostgreSQL server, without a database name."""
    with _postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def _postgresql_template(postgresql_server: str) -> Callable[[str], None]:
    """Creates a database as a copy of a migrated one."""
    _administer(postgresql_server, "CREATE DATABASE template_diting")
    migrate.upgrade(f"{postgresql_server}/template_diting")

    def create(name: str) -> None:
        _administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE template_diting")

    return create


_numbers = count(1)


@pytest.fixture
def postgresql_url(postgresql_server: str, _postgresql_template: Callable[[str], None]) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    _postgresql_template(name)
    yield f"{postgresql_server}/{name}"
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A database that was never migrated."""
    name = f"test_{next(_numbers)}"
    _administer(postgresql_server, f"CREATE DATABASE {name}")
    yield f"{postgresql_server}/{name}"
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[str]:
    with _redis() as url:
        yield url


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """URL of a Redis server that holds nothing."""
    with redis.Redis.from_url(_redis_server) as client:
        client.flushall()
    return _redis_server


def _administer(server: str, statement: str) -> None:
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def _postgresql() -> Iterator[str]:
    programs = _postgresql_programs()
    # The test user's own temporary folders are closed to the user that PostgreSQL must run as.
    folder = Path(tempfile.mkdtemp(prefix="diting-postgresql-"))
    user = _postgresql_user(folder)
    data = folder / "data"
    try:
        initdb = ["initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        _call(programs, initdb, **user)
        port = _start_postgresql(programs, data, user)
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
        _call(programs, ["pg_ctl", "-D", data, "-m", "immediate", "stop"], **user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start_postgresql(programs: Path, data: Path, user: dict[str, Any]) -> int:
    # Nothing here must survive a crash of the machine, so nothing waits for the disk.
    fixed = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c unix_socket_directories="
    for attempt in range(_START_ATTEMPTS):
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c max_connections=100 {fixed}"
        start = ["pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"]
        try:
            _call(programs, start, **user)
        except subprocess.CalledProcessError:
            # Another program may have taken the port in between.
            if attempt == _START_ATTEMPTS - 1:
                raise
        else:
            return port
    raise AssertionError


def _postgresql_programs() -> Path:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not installed:
        _no_server("PostgreSQL is not installed: apt-get install postgresql")
    return installed[-1].parent


def _postgresql_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then its own user runs it."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        _no_server(
            "PostgreSQL cannot run as root and there is no user named postgres: apt-get install postgresql"
        )
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _call(programs: Path, command: list[str | Path], **options: Any) -> None:
    program = programs / command[0]
    with tempfile.TemporaryFile() as output:  # a pipe would stay open in the server that this starts
        subprocess.run(
            [program, *command[1:]], check=True, cwd="/", stdout=output, stderr=output, timeout=60, **options
        )


@contextmanager
def _redis() -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        _no_server("Redis is not installed: apt-get install redis-server")
    for _ in range(_START_ATTEMPTS):
        port = _free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        process = subprocess.Popen(
            command, cwd=tempfile.gettempdir(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        url = f"redis://127.0.0.1:{port}/0"
        if _answers(url, process):
            break
    try:
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def _answers(url: str, process: "subprocess.Popen[bytes]") -> bool:
    """Whether the server comes up; False when it ended instead, for the want of its port."""
    retry = redis.retry.Retry(redis.backoff.ConstantBackoff(0.05), retries=200)
    while process.poll() is None:
        try:
            with redis.Redis.from_url(url, retry=retry) as client:
                return bool(client.ping())
        except redis.exceptions.ConnectionError:
            continue
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _no_server(reason: str) -> NoReturn:
    if _SERVERS_NEEDED:
        pytest.fail(reason)
    pytest.skip(reason)
