"""Objects of an S3-compatible bucket. The library that keeps the recordings (obstore) reads them."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from ingest.sources.config import S3Source
from ingest.sources.file import find_source_secret
from ingest.sources.folder import too_large
from ingest.sources.names import check_key, is_unfinished, shown
from ingest.sources.types import BATCH, Entry, SourceError
from store.errors import BadInputError
from store.remote import plain
from store.settings import Settings

_CHUNK: Final = 1024 * 1024


class Bucket:
    """An open bucket; keys are those below the prefix.

    Raises:
        SettingsError: `sources.secret`.
    """

    at_once = 8

    def __init__(self, source: S3Source, settings: Settings) -> None:
        self._where = f"s3://{source.bucket}/{source.prefix}"
        self._prefix = source.prefix.strip("/")
        config: dict[str, Any] = {"region": source.region}
        if source.endpoint:
            config["endpoint"] = source.endpoint
        if source.access_key_id is not None and source.secret_access_key is not None:
            for name in ("access_key_id", "secret_access_key"):
                config[name] = find_source_secret(settings, getattr(source, name)).get_secret_value()
        limit = timedelta(seconds=source.timeout_seconds)
        self._store = S3Store(
            source.bucket,
            config=config,  # type: ignore[arg-type]
            client_options={
                "allow_http": source.endpoint.startswith("http://"),
                "timeout": limit * 20,
                "connect_timeout": limit,
            },
            retry_config={"max_retries": 2, "retry_timeout": limit},
        )

    def close(self) -> None:
        """Nothing is held."""

    def entries(self) -> Iterator[Entry]:
        """All objects below the prefix, by pages."""
        with self._told():
            for page in obstore.list(self._store, prefix=self._prefix or None, chunk_size=BATCH):
                for each in page:
                    entry = self._entry(each)
                    if entry is not None:
                        yield entry

    def _entry(self, meta: Any) -> Entry | None:
        key = self._key(str(meta["path"]))
        if not key or key.endswith("/") or is_unfinished(key):
            return None
        problem = None
        try:
            check_key(key)
        except BadInputError as error:
            problem = error
        version = plain(str(meta.get("e_tag") or meta.get("version") or ""))[:60]
        return Entry(
            key, f"{meta['size']}:{version}", int(meta["size"]), meta["last_modified"], problem=problem
        )

    def look(self, key: str) -> Entry | None:
        """One object as it stands now."""
        check_key(key)
        with self._told(key):
            try:
                return self._entry(obstore.head(self._store, self._path(key)))
            except FileNotFoundError:
                return None

    def fetch(self, key: str, target: Path, most_bytes: int) -> None:
        """Copy one object."""
        check_key(key)
        with self._told(key), target.open("xb") as file:
            left = most_bytes
            try:
                for chunk in obstore.get(self._store, self._path(key)).stream(min_chunk_size=_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise too_large(key, most_bytes)
                    file.write(bytes(chunk))
            except FileNotFoundError as error:
                raise SourceError(
                    "it is there no more", code="source.gone", where=shown(key), mend="Put it back."
                ) from error

    def _path(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key

    def _key(self, path: str) -> str:
        return path.removeprefix(f"{self._prefix}/") if self._prefix else path

    @contextlib.contextmanager
    def _told(self, key: str = "") -> Iterator[None]:
        """Turn the library's errors into plain words."""
        try:
            yield
        except (BaseError, FileNotFoundError, PermissionError, TimeoutError, ConnectionError) as error:
            raise trouble(str(error), shown(key) if key else self._where) from error


# What S3 servers and the network say, and what it means: marks, code, message, mend.
_MEANINGS: Final = (
    (("nosuchbucket", "bucket does not exist"), "source.bucket_missing", "there is no such bucket",
     "Check its name, region and endpoint."),
    (("requesttimetooskewed", "requestexpired"), "source.clock_skew",
     "the clocks of this machine and of the server differ too much", "Set the clock of this machine (NTP)."),
    (("invalidaccesskeyid", "signaturedoesnotmatch", "invalidtoken", "expiredtoken",
      "authorizationheadermalformed"), "source.login", "the server refuses the keys",
     "Check both keys, and the region."),
    (("accessdenied", "forbidden", "unauthenticated", "permission", "status 403", "403 "), "source.no_right",
     "it may not be read", "Give the keys' owner the rights to list the bucket and get its objects."),
    (("invalid path",), "source.bad_name",
     "an object has a name with control characters or empty parts, and the listing stops at it",
     "Rename it, or choose a `prefix` without it; the server's own listing shows it."),
    (("dns error", "lookup address", "name or service not known", "nodename"), "source.host_unknown",
     "the name of the host leads nowhere", "Check the endpoint, and this machine's DNS."),
    (("connection refused",), "source.refused", "the machine is there, but nothing answers at this port",
     "Check the endpoint's port, and that the service runs."),
    (("certificate", "tls", "ssl"), "source.tls", "its certificate or encryption is not accepted",
     "Let this machine trust the authority that signed it, or check http and https."),
    (("timed out", "timeout"), "source.timeout", "the server does not answer in time",
     "Is it running? Does a firewall stand between?"),
    (("status 404", "404 not found", "not found"), "source.bucket_missing", "there is no such bucket",
     "Check its name, region and endpoint."),
)  # fmt: skip


def trouble(said: str, where: str) -> SourceError:
    """What is wrong with the bucket or the way to it, from what the library said."""
    text = said.lower()
    for marks, code, message, mend in _MEANINGS:
        if any(mark in text for mark in marks):
            return SourceError(message, code=code, where=where, mend=mend, whole=True)
    return SourceError(
        f"the server does not answer as it should ({plain(said)})",
        code="source.unreachable",
        where=where,
        mend="Look at the server's log.",
        whole=True,
    )
