"""The policy of the notices: a versioned file that says who is told what and by which channels, refused as a
whole where anything in it is wrong."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from complaint_warnings.clocks.reading import first_problem, read_yaml
from complaint_warnings.notices.channel_policy import (
    PERSONAL,
    Channel,
    ChannelName,
    EmailChannel,
    Part,
    is_open,
)
from complaint_warnings.notices.targets import check_target
from complaint_warnings.notices.types import ROUTED_KINDS
from store.errors import BadInputError
from store.people import ROLES
from store.settings import Settings

DEFAULT_POLICY: Final = Path(__file__).parent / "policies" / "default.yaml"


def _known_kind(value: str) -> str:
    if value not in ROUTED_KINDS:
        raise ValueError(f"there is no kind {value}; kinds: {', '.join(ROUTED_KINDS)}")
    return value


RoutedKind = Annotated[str, AfterValidator(_known_kind)]


class Route(Part):
    """Who is told of some kinds. `to` as `targets` reads it; `via` are the channels for persons, by default
    those of the policy."""

    kinds: tuple[RoutedKind, ...] = Field(min_length=1, strict=False)
    to: tuple[str, ...] = Field(min_length=1, strict=False)
    via: tuple[ChannelName, ...] | None = Field(default=None, strict=False)

    @model_validator(mode="after")
    def _known_targets(self) -> Self:
        for target in self.to:
            check_target(target, ROLES)
        return self


class Retry(Part):
    """How long one notice is tried: the wait doubles from `first_seconds` to `longest_seconds`; after
    `attempts` it is a dead letter. Urgent ones are tried at least every `urgent_seconds`. While its whole
    channel fails, a notice is no dead letter before it is `hours` old: the channel may come back."""

    first_seconds: float = Field(default=10, gt=0, le=3600)
    longest_seconds: float = Field(default=3600, gt=0, le=86_400)
    attempts: int = Field(default=24, ge=1, le=1000)
    hours: float = Field(default=72, ge=0, le=24 * 365)
    urgent_seconds: float = Field(default=120, gt=0, le=3600)
    urgent_attempts: int = Field(default=720, ge=1, le=10_000)

    def attempts_of(self, *, urgent: bool) -> int:
        """How often a notice is tried."""
        return self.urgent_attempts if urgent else self.attempts


class Circuit(Part):
    """After `failures` in a row a channel rests for `rest_seconds`, each time twice as long up to
    `longest_seconds`; then one notice tries."""

    failures: int = Field(default=4, ge=1, le=100)
    rest_seconds: float = Field(default=30, gt=0, le=3600)
    longest_seconds: float = Field(default=600, gt=0, le=86_400)


class Policy(Part):
    """A whole policy file. With no channels nobody is told anything.

    `link` is the address of a case's page, with `{id}` or `{number}` in it. `same_minutes`: the same said
    twice within so many minutes is said once. `via`: the channels for persons.
    """

    id: str = Field(min_length=1, max_length=40)
    version: int = Field(ge=1)
    link: str | None = Field(default=None, max_length=400, pattern=r"^https?://[^\s<>()\[\]]+$")
    same_minutes: float = Field(default=10, ge=0, le=1440)
    retry: Retry = Retry()
    circuit: Circuit = Circuit()
    channels: dict[ChannelName, Annotated[Channel, Field(discriminator="type")]] = Field(default_factory=dict)
    via: tuple[ChannelName, ...] = Field(default=(), strict=False)
    routes: tuple[Route, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _routes_lead_somewhere(self) -> Self:
        if self.channels:
            self._check_via(self.via, "via")
            for place, route in enumerate(self.routes):
                self._check_route(route, f"routes.{place}")
        return self

    def _check_route(self, route: Route, where: str) -> None:
        via = self.via if route.via is None else route.via
        self._check_via(via, f"{where}.via")
        for target in route.to:
            channel = target.removeprefix("channel:") if target.startswith("channel:") else None
            if channel is not None and channel not in self.channels:
                raise ValueError(f"{where}.to: there is no channel {channel}")
            found = self.channels.get(channel or "")
            if isinstance(found, EmailChannel) and found.mailbox is None:
                raise ValueError(f"{where}.to: the channel {channel} has no mailbox")
            if channel is None and not via:
                raise ValueError(f"{where}: {target} needs a channel for persons (via)")

    def _check_via(self, names: tuple[str, ...], where: str) -> None:
        for name in names:
            if name not in self.channels:
                raise ValueError(f"{where}: there is no channel {name}")
            if not isinstance(self.channels[name], PERSONAL):
                raise ValueError(  # noqa: TRY004 - pydantic wants it
                    f"{where}: {name} is a group chat and reaches no single person"
                )

    @property
    def name(self) -> str:
        """`id@version`."""
        return f"{self.id}@{self.version}"


def load_policy(path: Path = DEFAULT_POLICY) -> Policy:
    """Read a policy file.

    Raises:
        BadInputError: `notices.unreadable`, `notices.not_yaml`, or `notices.invalid` naming the wrong field.
    """
    data = read_yaml(path, "notices")
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        field, said = first_problem(error)
        raise BadInputError(
            said,
            code="notices.invalid",
            where=f"{path}: {field}",
            mend="docs/notices.md lists the fields.",
        ) from error


@lru_cache(maxsize=4)
def _read_once(path: Path, _changed: int) -> Policy:
    return load_policy(path)


def policy_of(settings: Settings) -> Policy:
    """The policy of this installation; a changed file is read again.

    Raises:
        BadInputError: as `load_policy`, and `notices.open_connection` outside development.
    """
    path = settings.notices_file or DEFAULT_POLICY
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    policy = _read_once(path, changed)
    if settings.environment != "development":
        for name, channel in policy.channels.items():
            if is_open(channel):
                raise BadInputError(
                    "messages would go over an open connection",
                    code="notices.open_connection",
                    where=f"{path}: channels.{name}",
                    mend="Use https, and starttls or tls for e-mail.",
                )
    return policy
