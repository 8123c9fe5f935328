"""PostgreSQL's own programs for dumps: found, and run without showing a password to anybody."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL

from store.errors import DitingError

_DEBIAN: Final = Path("/usr/lib/postgresql")


def find_tool(name: str) -> Path:
    """The newest installed program of that name: an older one refuses a newer server.

    Raises:
        DitingError: `backup.no_tool`.
    """
    installed = [path for path in _DEBIAN.glob(f"*/bin/{name}") if path.parts[-3].isdecimal()]
    if installed:
        return max(installed, key=lambda path: int(path.parts[-3]))
    on_path = shutil.which(name)
    if on_path is None:
        raise DitingError(
            f"{name} is not installed",
            code="backup.no_tool",
            where=name,
            mend="Install PostgreSQL's client programs of the server's version or a newer one"
            " (Debian: apt-get install postgresql-client).",
        )
    return Path(on_path)


@contextmanager
def run_tool(
    name: str, address: URL, arguments: Sequence[str], stdin: IO[bytes] | None = None
) -> "Iterator[subprocess.Popen[bytes]]":
    """Run a program against the database; the body may watch it, then it is waited for.

    Raises:
        DitingError: `backup.no_tool`; `backup.tool_failed`, with the program's own words.
    """
    command: list[str | Path] = [find_tool(name), *arguments, f"--dbname={_connection(address)}"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            stdin=stdin if stdin is not None else subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env=_environment(address),
        )
        try:
            yield process
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if code != 0:
            said.seek(0)
            raise _failed(name, said.read(100_000).decode(errors="replace"))


def _connection(address: URL) -> str:
    """What libpq wants to know, without the password: other users of the machine see arguments."""
    named = {"host": address.host, "port": address.port, "user": address.username, "dbname": address.database}
    query = {key: str(value) for key, value in address.query.items() if key != "password"}
    return make_conninfo("", **query, **{key: value for key, value in named.items() if value is not None})


def _environment(address: URL) -> dict[str, str]:
    # Its words are read below; settings of Diting, some of them secret, are none of its business.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DITING_")}
    environment["LC_ALL"] = "C.UTF-8"
    password = address.password or address.query.get("password")
    if password:
        environment["PGPASSWORD"] = str(password)
    return environment


def _failed(name: str, said: str) -> DitingError:
    lines = [line.strip() for line in said.splitlines() if "error:" in line] or said.split("\n")[:1]
    return DitingError(
        f"{name} failed ({lines[0][:400]})",
        code="backup.tool_failed",
        where=name,
        mend="Its version must be the server's or newer, and the user needs the rights to the tables.",
    )
