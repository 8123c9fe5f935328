"""A recorder's API, as the sources file maps its answers to the fields of a call."""

import base64
import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from ingest.formats.fields import MappedOptions, fill
from ingest.sources.config_rest import Auth, Paging, RestList
from ingest.sources.file import find_source_secret
from ingest.sources.types import Entry, SourceError
from ingest.sources.web import Reach, get_json, origin_of
from store.errors import BadInputError
from store.settings import Settings

_MOST_BYTES: Final = 32 * 1024 * 1024
_PLACEHOLDER: Final = re.compile(r"\{(/[^{}]*)\}")
_NOTHING: Final = object()


class RestPlace:
    """An open listing.

    Args:
        name: of the source.
        listing: how it is asked and what its answers mean.
        settings: for secrets.
        zone: of clock times that say none.
        since: up to when it was listed before.

    Raises:
        SettingsError: `sources.secret`.
    """

    at_once = 4

    def __init__(
        self, name: str, listing: RestList, settings: Settings, *, zone: str | None, since: datetime | None
    ) -> None:
        self._name, self._list, self._since = name, listing, since
        given = {"source": name} | ({"zone": zone} if zone else {})
        self._options = MappedOptions.model_validate(given | listing.options)
        self._reach = listing_reach(listing, settings)

    def close(self) -> None:
        """Nothing is held."""

    def look(self, key: str) -> Entry | None:
        """A listed record cannot be looked at alone."""
        raise NotImplementedError(key)

    def fetch(self, key: str, target: Path, most_bytes: int) -> None:
        """Recordings of listed records are fetched by their addresses."""
        raise NotImplementedError(f"{key} {target} {most_bytes}")

    def entries(self) -> Iterator[Entry]:
        """All calls of all pages."""
        url, asked = self._first(), set[str]()
        for page in range(self._list.paging.most_pages):
            if url in asked:
                raise self._wrong("the listing names a page twice: it would never end", "paging")
            asked.add(url)
            if page and self._list.requests_per_minute:
                time.sleep(60 / self._list.requests_per_minute)
            answer = get_json(url, self._reach, _MOST_BYTES)
            found = self._items(answer)
            self._require_fields(found)
            for number, item in enumerate(found):
                yield self._entry(item, f"{self._name} page {page + 1} item {number + 1}")
            following = self._next(url, answer, page, len(found))
            if following is None:
                return
            url = following

    def _first(self) -> str:
        listing, more = self._list, dict(self._list.params)
        if listing.since is not None and self._since is not None:
            moment = self._since - timedelta(minutes=listing.since.overlap_minutes)
            more[listing.since.param] = _written(moment, listing.since.form)
        paging = listing.paging
        if paging.size_param:
            more[paging.size_param] = str(paging.size)
        if paging.kind == "page" and paging.param:
            more[paging.param] = str(paging.first)
        if paging.kind == "offset" and paging.param:
            more[paging.param] = "0"
        return with_params(listing.url, more)

    def _next(self, url: str, answer: Any, page: int, count: int) -> str | None:
        """The address of the next page; None: this was the last one."""
        paging: Paging = self._list.paging
        if paging.kind == "none" or (count == 0 and paging.kind != "next-url"):
            return None
        param = paging.param or ""
        if paging.kind == "page":
            return with_params(url, {param: str(paging.first + page + 1)})
        if paging.kind == "offset":
            had = int(dict(parse_qsl(urlsplit(url).query)).get(param, "0"))
            return with_params(url, {param: str(had + count)})
        following = find(answer, paging.next or "")
        if following in (_NOTHING, None, "", False):
            return None
        if not isinstance(following, str | int):
            raise self._wrong(f"at {paging.next} there is no name of a page", "paging.next")
        return (
            urljoin(url, str(following))
            if paging.kind == "next-url"
            else with_params(url, {param: str(following)})
        )

    def _items(self, answer: Any) -> list[Any]:
        found = find(answer, self._list.items)
        if not isinstance(found, list):
            there = "nothing" if found is _NOTHING else "no list"
            raise self._wrong(f"at {self._list.items or 'the top'} of the answer there is {there}", "items")
        return found

    def _require_fields(self, found: list[Any]) -> None:
        """Where no item of a page has a field that calls need, the mapping is wrong and not the items."""
        needed: dict[str, str] = {
            name: self._list.fields[name]
            for name in ("external_id", "started_at")
            if name in self._list.fields
        }
        if self._list.audio.url is not None:
            needed["audio.url"] = self._list.audio.url
        for name, pointer in needed.items():
            if found and all(find(item, pointer) is _NOTHING for item in found):
                raise self._wrong(f"no item of the answer has anything at {pointer}", name)

    def _entry(self, item: Any, where: str) -> Entry:
        version = hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()[:32]
        try:
            document, address = self._read(item, where)
        except BadInputError as error:
            return Entry(f"row:{version}", error.code, document={}, problem=error)
        return Entry(
            f"call:{document['external_id']}",
            version,
            modified_at=_moment(document.get("started_at")),
            document=document,
            recording=address,
        )

    def _read(self, item: Any, where: str) -> tuple[dict[str, Any], str]:
        values: dict[str, Any] = {}
        for name, pointer in self._list.fields.items():
            value = find(item, pointer)
            if isinstance(value, dict | list):
                raise BadInputError(
                    f"at {pointer} there is no single value",
                    code="format.bad_value",
                    where=f"{where} {name}",
                    mend="Correct the mapping, or the recorder's answer.",
                )
            if value is not _NOTHING and value is not None:
                values[name] = value
        document, _ = fill(values, where, self._options)
        return json.loads(json.dumps(document, default=str)), self._address(item, where)

    def _address(self, item: Any, where: str) -> str:
        audio = self._list.audio
        if audio.template is not None:
            text = _PLACEHOLDER.sub(
                lambda m: quote(self._word(item, m.group(1), where), safe=""), audio.template
            )
        else:
            text = self._word(item, audio.url or "", where)
        return urljoin(self._list.url, text)

    def _word(self, item: Any, pointer: str, where: str) -> str:
        value = find(item, pointer)
        if not isinstance(value, str | int) or value == "":
            raise BadInputError(
                f"at {pointer} nothing names the recording",
                code="format.missing",
                where=where,
                mend="Correct audio of the source, or the recorder's answer.",
            )
        return str(value)

    def _wrong(self, message: str, field: str) -> SourceError:
        return SourceError(
            message,
            code="source.mapping",
            where=f"sources.{self._name}.list.{field}",
            mend="Compare the mapping with an answer of the recorder.",
            whole=True,
        )


def listing_reach(listing: RestList, settings: Settings) -> Reach:
    """What the listing and its recordings may reach; who asks is shown to the listing's own server only."""
    parts = urlsplit(listing.url)
    host, more = (parts.hostname or "").lower(), listing.download
    hosts = frozenset((host, *(each.lower() for each in more.hosts)))
    plain_http = hosts if more.http else frozenset()
    if parts.scheme == "http":
        plain_http |= {host}
    return Reach(
        hosts=hosts, http=plain_http, networks=more.networks, origin=origin_of(parts),
        headers=_headers(listing.auth, settings), connect_s=min(10.0, listing.timeout_seconds),
        total_s=listing.timeout_seconds, setting="list.download", whole=True,
    )  # fmt: skip


def _headers(auth: Auth | None, settings: Settings) -> Mapping[str, str]:
    if auth is None:
        return {}
    secret = find_source_secret(settings, auth.secret).get_secret_value()
    if auth.kind == "bearer":
        return {"Authorization": f"Bearer {secret}"}
    if auth.kind == "header":
        return {auth.header or "": secret}
    pair = base64.b64encode(f"{auth.user}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def find(document: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) leads to; `_NOTHING` where it leads nowhere."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and name in document:
            document = document[name]
        elif isinstance(document, list) and name.isdecimal() and int(name) < len(document):
            document = document[int(name)]
        else:
            return _NOTHING
    return document


def with_params(url: str, more: Mapping[str, str]) -> str:
    """The address with these parameters, in the place of those of the same name."""
    parts = urlsplit(url)
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in more
    ]
    return urlunsplit(parts._replace(query=urlencode([*kept, *more.items()])))


def _written(moment: datetime, form: str) -> str:
    if form == "iso":
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(int(moment.timestamp() * (1000 if form == "epoch-ms" else 1)))


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
