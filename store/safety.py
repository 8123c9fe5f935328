"""What is good enough on a developer's machine and dangerous anywhere else."""

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

if TYPE_CHECKING:
    from store.settings import Settings

MIN_SECRET_LENGTH = 32
_MIN_DIFFERENT_CHARACTERS = 8
_COMMON_PASSWORDS = frozenset(
    {"", "admin", "changeme", "change-me", "default", "diting", "example", "guest", "minio", "minioadmin"}
    | {"passw0rd", "password", "postgres", "redis", "root", "secret", "test", "123456", "12345678"}
)


@dataclass(frozen=True, slots=True)
class UnsafeSetting:
    """One refused value: the setting, what is wrong (never the value itself), and how to mend it."""

    name: str
    problem: str
    mend: str


def unsafe_settings(settings: "Settings") -> list[UnsafeSetting]:
    """Every setting that is not safe outside development."""
    found = [
        _weak_secret("secret_key", settings.secret_key),
        _weak_secret("api_token", settings.api_token),
        _weak_password("database_url", settings.database_url),
        _weak_password("redis_url", settings.redis_url),
        _weak_s3_key(settings),
        _sqlite_shared(settings),
        _open_server("engine_url", settings.engine_url, "recordings"),
        _open_server("adviser_url", settings.adviser_url, "words of calls"),
        _open_server("oidc_issuer", settings.oidc_issuer, "sign-ins"),
        _open_server("public_url", settings.public_url, "sign-ins"),
    ]
    return [problem for problem in found if problem is not None]


def require_server_address(url: str) -> None:
    """Make sure that this is the address of a server, and nothing more.

    Raises:
        ValueError: it is not; the message does not show it, because it may hold a password.
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError as error:
        raise ValueError("this is no address of a server") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("the address of a server begins with http:// or https://")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("the address holds a user, a query or a fragment; a key has a setting of its own")


def _weak_secret(name: str, secret: SecretStr | None) -> UnsafeSetting | None:
    value = secret.get_secret_value() if secret else ""
    mend = f"Set it to the output of: openssl rand -hex {MIN_SECRET_LENGTH}."
    if not value:
        return UnsafeSetting(name, "is not set", mend)
    if len(value) < MIN_SECRET_LENGTH:
        return UnsafeSetting(name, f"is shorter than {MIN_SECRET_LENGTH} characters", mend)
    if len(set(value)) < _MIN_DIFFERENT_CHARACTERS:
        return UnsafeSetting(name, "is too easy to guess", mend)
    return None


def _weak_password(name: str, url: str) -> UnsafeSetting | None:
    """A server reached over the network needs a password that is not everybody's.

    On this machine a socket or the loopback address may do without one.
    """
    parts = urlsplit(url)
    if parts.password is None and (parts.scheme.startswith("sqlite") or _is_this_machine(parts.hostname)):
        return None
    return _common_password(name, unquote(parts.password or ""), parts.username)


def _common_password(name: str, password: str, user: str | None) -> UnsafeSetting | None:
    if password.lower() in _COMMON_PASSWORDS or password == user:
        return UnsafeSetting(
            name, "has no password, or a default one", "Give the service a password of its own."
        )
    return None


def _weak_s3_key(settings: "Settings") -> UnsafeSetting | None:
    secret = settings.s3_secret_access_key
    if secret is None:  # the keys come from AWS_… variables or the machine's role
        return None
    return _common_password("s3_secret_access_key", secret.get_secret_value(), settings.s3_access_key_id)


def _sqlite_shared(settings: "Settings") -> UnsafeSetting | None:
    if settings.execution == "distributed" and settings.database_url.startswith("sqlite"):
        return UnsafeSetting(
            "database_url",
            "is SQLite, which several machines cannot share",
            "Use PostgreSQL, or set DITING_EXECUTION=embedded.",
        )
    return None


def _open_server(setting: str, url: str, what: str) -> UnsafeSetting | None:
    """What was said goes through an open connection only within a house: its addresses, and names without
    a dot, which no public server has."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "http" or _is_this_machine(host) or _is_private(host):
        return None
    return UnsafeSetting(
        setting,
        f"sends {what} over an open connection",
        "Use https, or a server on a private address.",
    )


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host


def _is_this_machine(host: str | None) -> bool:
    if not host:  # a socket in the file system
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
