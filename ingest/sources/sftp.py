"""An SFTP server. asyncssh speaks with it: it refuses unknown host keys and lists folders bit by bit."""

import asyncio
import contextlib
import socket
import stat
from collections.abc import Awaitable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncssh

from ingest.sources.config import SftpSource
from ingest.sources.file import find_source_secret
from ingest.sources.folder import too_large
from ingest.sources.names import check_key, is_unfinished, shown
from ingest.sources.types import Entry, SourceError
from store.errors import BadInputError, DitingError
from store.remote import plain
from store.settings import Settings

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DEEPEST: Final = 40
_CHUNK: Final = 1024 * 1024
T = TypeVar("T")


class Sftp:
    """An open SFTP folder, with an event loop of its own.

    Raises:
        SourceError: the server cannot be reached, is not the one that is known, or refuses.
        SettingsError: `sources.secret`.
    """

    at_once = 1  # the event loop is driven by whoever waits for it

    def __init__(self, source: SftpSource, settings: Settings) -> None:
        self._source = source
        self._where = f"{source.host}:{source.port}"
        self._root = source.path.rstrip("/").encode() or b"/"
        self._runner = asyncio.Runner()
        self._connection: asyncssh.SSHClientConnection | None = None
        try:
            self._sftp = self._wait(self._open(settings), whole=True)
            self._real = self._wait(self._sftp.realpath(self._root), whole=True, folder=True)
            self._wait(self._require_folder(), whole=True, folder=True)
        except BaseException:
            self.close()
            raise

    async def _open(self, settings: Settings) -> asyncssh.SFTPClient:
        source = self._source
        keys: list[Any] = []
        password = passphrase = None
        if source.password is not None:
            password = find_source_secret(settings, source.password).get_secret_value()
        else:
            if source.passphrase is not None:
                passphrase = find_source_secret(settings, source.passphrase).get_secret_value()
            text = find_source_secret(settings, source.private_key or "").get_secret_value() + "\n"
            keys = [asyncssh.import_private_key(text, passphrase)]
        self._connection = await asyncssh.connect(
            source.host,
            source.port,
            username=source.user,
            password=password,
            client_keys=keys,
            known_hosts=asyncssh.import_known_hosts(self._host_keys()),
            config=None,
            agent_path=None,
            preferred_auth=["publickey"] if keys else ["password", "keyboard-interactive"],
            connect_timeout=source.timeout_seconds,
            login_timeout=source.timeout_seconds,
            keepalive_interval=30,
        )
        # Names of files need not be text: they come as bytes.
        return await self._connection.start_sftp_client(path_encoding=None)

    def _host_keys(self) -> str:
        lines = list(self._source.host_keys)
        if self._source.host_keys_file is not None:
            lines.append(self._source.host_keys_file.read_text(encoding="utf-8"))
        return "\n".join(lines) + "\n"

    async def _require_folder(self) -> None:
        attributes = await self._sftp.stat(self._root)
        if not stat.S_ISDIR(attributes.permissions or 0):
            raise asyncssh.SFTPNoSuchFile("not a folder")

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.abort()
            with contextlib.suppress(Exception):
                self._runner.run(asyncio.wait_for(self._connection.wait_closed(), 5))
            self._connection = None
        self._runner.close()

    def entries(self) -> Iterator[Entry]:
        """Everything that is there, folder by folder."""
        yield from self._below("", 0)

    def _below(self, folder: str, depth: int) -> Iterator[Entry]:
        listing = self._sftp.scandir(self._path(folder))
        while True:
            try:
                batch = self._wait(self._some(listing), whole=not folder, folder=not folder)
            except SourceError as error:
                if error.whole:
                    raise
                yield Entry(folder, "unreadable", problem=error)
                return
            if not batch:
                return
            for each in batch:
                name = each.filename if isinstance(each.filename, bytes) else each.filename.encode()
                if name in (b".", b".."):
                    continue
                text = name.decode("utf-8", "surrogateescape")
                key = f"{folder}/{text}" if folder else text
                if is_unfinished(key):
                    continue
                if stat.S_ISDIR(each.attrs.permissions or 0) and depth < _DEEPEST and "/" not in text:
                    yield from self._below(key, depth + 1)
                else:
                    yield _checked(key, each.attrs)

    async def _some(self, listing: Any) -> list[Any]:
        found: list[Any] = []
        async for each in listing:
            found.append(each)
            if len(found) == 200:
                break
        return found

    def look(self, key: str) -> Entry | None:
        """One file as it stands now."""
        check_key(key)
        try:
            attributes = self._wait(self._sftp.lstat(self._path(key)), where=key)
        except SourceError as error:
            if error.code == "source.gone":
                return None
            raise
        return _checked(key, attributes)

    def fetch(self, key: str, target: Path, most_bytes: int) -> None:
        """Copy one file."""
        entry = self.look(key)
        if entry is None:
            raise _gone(key)
        if entry.problem is not None:
            raise entry.problem
        if entry.size is not None and entry.size > most_bytes:
            raise too_large(key, most_bytes)
        real = self._wait(self._sftp.realpath(self._path(key)), where=key)
        if real != self._real.rstrip(b"/") + b"/" + key.encode("utf-8", "surrogateescape"):
            raise _link(key)
        self._wait(self._copy(key, target, most_bytes), where=key, timeout_s=3600)

    async def _copy(self, key: str, target: Path, most_bytes: int) -> None:
        left = most_bytes
        async with self._sftp.open(self._path(key), "rb") as source:
            with target.open("xb") as file:
                while chunk := await asyncio.wait_for(source.read(_CHUNK), self._source.timeout_seconds):
                    left -= len(chunk)
                    if left < 0:
                        raise too_large(key, most_bytes)
                    file.write(chunk if isinstance(chunk, bytes) else chunk.encode())

    def _path(self, key: str) -> bytes:
        return self._root.rstrip(b"/") + b"/" + key.encode("utf-8", "surrogateescape") if key else self._root

    def _wait(
        self,
        work: Awaitable[T],
        *,
        whole: bool = False,
        folder: bool = False,
        where: str = "",
        timeout_s: float | None = None,
    ) -> T:
        """Do one thing, in time, and say what is wrong in plain words."""

        async def limited() -> T:
            return await asyncio.wait_for(work, timeout_s or self._source.timeout_seconds)

        place = shown(where) if where else self._where + (f" {self._source.path}" if folder else "")
        try:
            return self._runner.run(limited())
        except DitingError:
            raise
        except asyncssh.SFTPNoSuchFile as error:
            if folder:
                raise _error(
                    "source.folder_missing",
                    "there is no such folder",
                    place,
                    "Check the path as the server shows it to this user.",
                    whole=True,
                ) from error
            raise _gone(where) from error
        except asyncssh.SFTPPermissionDenied as error:
            raise _error(
                "source.no_right",
                "it may not be read",
                place,
                "Give the server's user the right to read it.",
                whole=whole,
            ) from error
        except (asyncssh.Error, OSError, TimeoutError, ValueError) as error:
            raise trouble(error, place) from error


def trouble(error: Exception, where: str) -> SourceError:
    """What is wrong with the server or the way to it, in plain words."""
    found: tuple[str, str, str]
    if isinstance(error, asyncssh.KeyImportError | asyncssh.KeyEncryptionError):
        found = (
            "source.private_key",
            "the private key cannot be used",
            "Give an OpenSSH key, and its passphrase if it has one.",
        )
    elif isinstance(error, asyncssh.HostKeyNotVerifiable):
        found = (
            "source.host_key",
            "the server shows another key than the one that is known: it may be another machine",
            "Ask the server's keeper for its key, and put it into host_keys if it was changed on purpose.",
        )
    elif isinstance(error, asyncssh.PermissionDenied):
        found = (
            "source.login",
            "the server refuses user, password or key",
            "Check user and secret with the server's keeper.",
        )
    elif isinstance(error, socket.gaierror):
        found = (
            "source.host_unknown",
            "the name of the host leads nowhere",
            "Check the name, and this machine's DNS.",
        )
    elif isinstance(error, ConnectionRefusedError):
        found = (
            "source.refused",
            "the machine is there, but nothing answers at this port",
            "Check the port, and that the SFTP service runs.",
        )
    elif isinstance(error, TimeoutError):
        found = (
            "source.timeout",
            "the server does not answer in time",
            "Is it running? Does a firewall stand between?",
        )
    else:
        said = plain(str(error)) or type(error).__name__
        found = (
            "source.unreachable",
            f"the connection failed ({said})",
            "Check the network, and the server's log.",
        )
    code, message, mend = found
    return _error(code, message, where, mend, whole=True)


def _error(code: str, message: str, where: str, mend: str, *, whole: bool) -> SourceError:
    return SourceError(message, code=code, where=where, mend=mend, whole=whole)


def _gone(key: str) -> SourceError:
    return _error("source.gone", "it is there no more", shown(key), "Put it back.", whole=False)


def _link(key: str) -> BadInputError:
    return BadInputError(
        "this is a link, and links are not followed",
        code="source.link",
        where=shown(key),
        mend="Put the file itself into the folder.",
    )


def _checked(key: str, attributes: asyncssh.SFTPAttrs) -> Entry:
    mode = attributes.permissions or 0
    problem: DitingError | None = None
    try:
        check_key(key)
        if stat.S_ISLNK(mode):
            problem = _link(key)
        elif not stat.S_ISREG(mode):
            problem = BadInputError(
                "this is no plain file",
                code="source.not_a_file",
                where=shown(key),
                mend="Take it out of the folder.",
            )
    except BadInputError as error:
        problem = error
    seconds = max(0, min(attributes.mtime or 0, 250_000_000_000))
    version = f"{attributes.size}:{attributes.mtime}:{attributes.mtime_ns or 0}"
    return Entry(key, version, attributes.size, _EPOCH + timedelta(seconds=seconds), problem=problem)
