"""A PostgreSQL server of its own for a bench, as the tests start theirs; nothing in it survives."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def postgresql(*options: str) -> Iterator[str]:
    """The URL of a fresh, empty database, gone with its server at the end.

    Args:
        options: settings of the server (`fsync=on`); the last of a name counts.
    """
    programs = installed_programs()
    folder = Path(tempfile.mkdtemp(prefix="diting-bench-"))
    user = server_user(folder)
    data = folder / "data"
    try:
        call_program(programs, ["initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], **user)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        fixed = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", *options)
        given = " ".join([f"-p {port}", *(f"-c {each}" for each in fixed)])
        call_program(programs, ["pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", given, "start"], **user)
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            call_program(programs, ["pg_ctl", "-D", data, "-m", "immediate", "stop"], **user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def installed_programs() -> Path:
    """The folder of PostgreSQL's programs."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not installed:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql, or give --database URL")
    return installed[-1].parent


def server_user(folder: Path) -> dict[str, Any]:
    """How its programs are started in that folder. PostgreSQL refuses to run as root: its own user does."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def call_program(programs: Path, command: list[str | Path], **options: Any) -> None:
    """Run one of the programs to its end."""
    with tempfile.TemporaryFile() as output:  # a pipe would stay open in the server that this starts
        program = [programs / command[0], *command[1:]]
        subprocess.run(program, check=True, cwd="/", stdout=output, stderr=output, **options)
