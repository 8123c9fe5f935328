"""How a recorder's API is read: the part of the sources file that maps its answers."""

from ipaddress import ip_network
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ingest.formats.fields import Mapped, MappedOptions

SecretRef = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


def _network(text: str) -> str:
    ip_network(text)
    return text


def _pointer(text: str) -> str:
    if text and not text.startswith("/"):
        raise ValueError("a JSON pointer begins with /, such as /data/items")
    return text


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise ValueError("this is no address; write https://host/path, without a user")
    return url


Network = Annotated[str, AfterValidator(_network)]
Pointer = Annotated[str, AfterValidator(_pointer), Field(max_length=300)]
Url = Annotated[str, AfterValidator(_address), Field(max_length=2000)]


class Part(BaseModel):
    """A part of the file: nothing unknown in it, nothing guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Download(Part):
    """Which servers recordings may be fetched from by address.

    `hosts`: names besides those the source itself has. `networks`: private networks that may be reached;
    without them only public addresses are. `http`: also without encryption, for the hosts named.
    """

    hosts: Annotated[tuple[str, ...], Field(strict=False)] = ()
    networks: Annotated[tuple[Network, ...], Field(strict=False)] = ()
    http: bool = False
    seconds: float = Field(default=300, gt=0, le=3600)


class Auth(Part):
    """How Diting shows who it is: the secrets are named, not written."""

    kind: Literal["bearer", "header", "basic"]
    secret: SecretRef
    header: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]{1,60}$")
    user: str | None = Field(default=None, max_length=100)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "header" and not self.header:
            raise ValueError("header: name the header that carries the secret")
        if self.kind == "basic" and not self.user:
            raise ValueError("user: name the user whose password it is")
        return self


class Paging(Part):
    """How further pages are asked for.

    `page`: the number of the page, from `first` on, as `param`. `offset`: how many were had. `cursor`: what
    the answer holds at `next`, as `param`. `next-url`: the answer holds the whole address at `next`.
    """

    kind: Literal["none", "page", "offset", "cursor", "next-url"] = "none"
    param: str | None = Field(default=None, max_length=60)
    next: Pointer | None = None
    first: int = Field(default=1, ge=0)
    size_param: str | None = Field(default=None, max_length=60)
    size: int = Field(default=100, ge=1, le=10_000)
    most_pages: int = Field(default=10_000, ge=1, le=1_000_000)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind in ("page", "offset", "cursor") and not self.param:
            raise ValueError("param: name the parameter that asks for the next page")
        if self.kind in ("cursor", "next-url") and not self.next:
            raise ValueError("next: say where in the answer the next page is named")
        return self


class Since(Part):
    """Asks only for calls since the last listing, less `overlap_minutes` for what came in late."""

    param: str = Field(min_length=1, max_length=60)
    form: Literal["iso", "epoch", "epoch-ms"] = "iso"
    overlap_minutes: float = Field(default=60, ge=0, le=60 * 24 * 30)


class RestAudio(Part):
    """Where the recording of a listed call is: at the address that the record holds at `url`, or at
    `template` with fields of the record in it (`https://recorder/calls/{/id}/audio`)."""

    url: Pointer | None = None
    template: str | None = Field(default=None, max_length=2000)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.url is None) == (self.template is None):
            raise ValueError("url: give url or template, one of them")
        return self


class RestList(Part):
    """The listing and what its fields mean.

    `fields` maps names of docs/formats.md (`external_id`, `started_at`, `customer.number`) to JSON pointers
    within one item; `options` are those of a mapped format (`zone`, `customer_zone`, `channels` …).
    """

    url: Url
    params: dict[str, str] = Field(default_factory=dict)
    auth: Auth | None = None
    items: Pointer = ""
    fields: dict[str, str]
    options: dict[str, Any] = Field(default_factory=dict)
    paging: Paging = Paging()
    since: Since | None = None
    audio: RestAudio
    download: Download = Download()
    timeout_seconds: float = Field(default=30, gt=0, le=600)
    requests_per_minute: int | None = Field(default=None, ge=1, le=100_000)

    @model_validator(mode="after")
    def _mapping(self) -> Self:
        for name, pointer in self.fields.items():
            try:
                _pointer(pointer)
            except ValueError as error:
                raise ValueError(f"fields.{name}: {error}") from None
        _Fields.model_validate({"fields": self.fields})
        MappedOptions.model_validate({"source": "x", **self.options})
        return self


class _Fields(BaseModel):
    fields: Mapped
