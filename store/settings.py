"""All settings, in one place. Each is set by the variable DITING_<NAME>; docs/settings.md explains them.

Nothing else reads the environment. Values that would be unsafe outside development are refused at start.
"""

import difflib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from store.daily import DailyHours
from store.database import database_address
from store.errors import SettingsError
from store.people import Role
from store.recording_keys import load_keys
from store.recordings import RecordingStore
from store.safety import require_server_address, unsafe_settings

PREFIX = "DITING_"


class Settings(BaseSettings):
    """The settings of this installation. Immutable; secrets do not show when it is printed.

    Raises:
        SettingsError: a value is malformed, unknown, or unsafe outside development.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        enable_decoding=False,  # the validators below read lists and mappings, with plainer errors
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    environment: Literal["development", "production"] = "development"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    tracing: Literal["off", "otlp"] = "off"
    timezone: str = "Asia/Shanghai"

    data_dir: Path = Path("var")
    database_url: str = Field(default="", repr=False)  # may hold a password
    recordings_url: str = ""
    recording_keys_file: Path | None = None
    s3_endpoint: str = ""
    s3_region: str = ""
    s3_access_key_id: str = ""
    s3_secret_access_key: SecretStr | None = None
    redis_url: str = Field(default="redis://127.0.0.1:6379/0", repr=False)

    host: str = "127.0.0.1"
    port: int = Field(default=8400, ge=0, le=65535)
    api_token: SecretStr | None = None
    secret_key: SecretStr | None = None
    public_url: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_claim: str = "preferred_username"
    second_factor_roles: tuple[Role, ...] = ()
    secrets_dir: Path | None = None
    caller_requests_per_minute: int = Field(default=6000, ge=0, le=10_000_000)
    address_requests_per_minute: int = Field(default=12_000, ge=0, le=10_000_000)

    max_recording_seconds: float = Field(default=2 * 3600, gt=0, le=12 * 3600)
    max_recording_bytes: int = Field(default=1024**3, gt=0)

    engine: str = "faster-whisper"
    model: str = "bundled"
    device: Literal["cpu", "cuda", "auto"] = "cpu"
    compute_type: str = "int8"
    beam_size: int = Field(default=5, ge=1, le=20)
    engine_threads: int = Field(default=1, ge=1, le=256)
    engine_idle_seconds: float = Field(default=600, gt=0)
    engine_url: str = ""
    engine_api_key: SecretStr | None = None
    engine_timeout_seconds: float = Field(default=60, gt=0, le=3600)
    engine_retries: int = Field(default=3, ge=0, le=20)
    engine_concurrency: int = Field(default=4, ge=1, le=64)
    second_engine: str = ""
    second_model: str = ""
    second_hearings: int = Field(default=6, ge=0, le=100)

    adviser_url: str = ""
    adviser_model: str = ""
    adviser_api_key: SecretStr | None = None
    adviser_timeout_seconds: float = Field(default=30, gt=0, le=600)
    adviser_retries: int = Field(default=1, ge=0, le=20)
    adviser_questions: int = Field(default=5, ge=0, le=100)

    packs: tuple[str, ...] = ()
    client_packs: dict[str, tuple[str, ...]] = {}
    rule_folders: tuple[Path, ...] = ()
    pack_approval: Literal["two_persons", "none"] = "two_persons"
    advisory_share: float = Field(default=0.3, gt=0, le=1)
    advisory_decisions: int = Field(default=20, ge=1, le=100_000)
    sampling_plans: tuple[Path, ...] = ()
    review_within_team: Literal["any", "no_superiors", "none"] = "no_superiors"
    appeal_hours: int = Field(default=72, ge=0, le=24 * 90)
    weights_file: Path | None = None
    policy_file: Path | None = None
    calendar_file: Path | None = None
    client_clocks: dict[str, str] = {}
    monitors_file: Path | None = None
    retention_file: Path | None = None
    retention_nightly: Literal["off", "plan", "run"] = "off"
    notices_file: Path | None = None
    notices_secrets: dict[str, SecretStr] = {}
    notices_secrets_dir: Path | None = None
    sources_file: Path | None = None
    sources_secrets: dict[str, SecretStr] = {}
    sources_secrets_dir: Path | None = None
    push_hosts: tuple[str, ...] = ()
    push_networks: tuple[str, ...] = ()

    backup_dir: Path | None = None
    backup_max_age_hours: float = Field(default=36, gt=0, le=24 * 366)

    execution: Literal["embedded", "distributed"] = "embedded"
    workers: int = Field(default=1, ge=1, le=256)
    lease_seconds: float = Field(default=900, gt=0)
    max_attempts: int = Field(default=3, ge=1, le=100)
    sweep_seconds: float = Field(default=30, gt=0)
    backfill_after_hours: float = Field(default=72, ge=0, le=24 * 366)
    backfill_hours: str = ""
    backfill_patience_hours: float = Field(default=168, gt=0, le=24 * 3660)
    drain_seconds: float = Field(default=20, ge=0, le=24 * 3600)

    def __init__(self, **values: Any) -> None:
        _refuse_unknown_variables(type(self).model_fields)
        folder = values.get("secrets_dir") or os.environ.get(f"{PREFIX}SECRETS_DIR") or None
        if folder is not None and not Path(folder).is_dir():
            raise SettingsError(
                "there is no such folder",
                code="settings.bad_value",
                where=f"{PREFIX}SECRETS_DIR",
                mend="Name the folder with one file for each secret (docs/settings.md).",
            )
        try:
            super().__init__(_secrets_dir=folder, **values)
        except ValidationError as error:
            raise _first_problem(error) from error

    @field_validator(
        "packs",
        "rule_folders",
        "push_hosts",
        "push_networks",
        "sampling_plans",
        "second_factor_roles",
        mode="before",
    )
    @classmethod
    def _split_list(cls, value: Any) -> Any:
        """Lists are written with commas: `DITING_PACKS=cn-base,cn-telecom-client`."""
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("client_packs", "client_clocks", "notices_secrets", "sources_secrets", mode="before")
    @classmethod
    def _read_json(cls, value: Any) -> Any:
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError as error:
            raise ValueError("this is not JSON") from error

    @field_validator("engine_url", "adviser_url", "oidc_issuer", "public_url")
    @classmethod
    def _server_address(cls, url: str) -> str:
        if url:
            require_server_address(url)
        return url

    @field_validator("engine_api_key", "adviser_api_key")
    @classmethod
    def _fits_in_a_header(cls, key: SecretStr | None) -> SecretStr | None:
        value = key.get_secret_value() if key else ""
        if not all("!" <= character <= "~" for character in value):
            raise ValueError("a key has no spaces, line ends or letters beyond ASCII")
        return key

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError) as error:
            raise ValueError("this is no time zone; use a name such as Asia/Shanghai") from error
        return name

    @field_validator("backfill_hours")
    @classmethod
    def _readable_hours(cls, hours: str) -> str:
        if hours:
            DailyHours.read(hours)
        return hours

    @model_validator(mode="before")
    @classmethod
    def _fill_places(cls, values: dict[str, Any]) -> dict[str, Any]:
        """What is left empty lies under the data folder."""
        folder = Path(values.get("data_dir") or cls.model_fields["data_dir"].default).absolute()
        places = {
            "database_url": f"sqlite:///{folder / 'diting.db'}",
            "recordings_url": (folder / "recordings").as_uri(),
        }
        return values | {name: values.get(name) or place for name, place in places.items()}

    @model_validator(mode="after")
    def _check(self) -> "Settings":
        database_address(self.database_url)
        if self.environment != "development":
            problems = unsafe_settings(self)
            if problems:
                raise SettingsError(
                    "; ".join(f"{PREFIX}{p.name.upper()} {p.problem}" for p in problems),
                    code="settings.unsafe",
                    mend=" ".join(dict.fromkeys(p.mend for p in problems)),
                )
        return self

    def packs_for(self, client: str | None) -> tuple[str, ...]:
        """The packs to add to the default ones for calls made on behalf of `client`."""
        return self.packs + self.client_packs.get(client or "", ())

    def recording_store(self) -> RecordingStore:
        """The store that `recordings_url` names, with the keys that encrypt what is in it.

        Raises:
            SettingsError: `settings.recordings_url`, `settings.recording_keys`.
        """
        secret = self.s3_secret_access_key.get_secret_value() if self.s3_secret_access_key else ""
        given = {
            "endpoint": self.s3_endpoint,
            "region": self.s3_region,
            "access_key_id": self.s3_access_key_id,
            "secret_access_key": secret,
        }
        s3 = {name: value for name, value in given.items() if value}
        keys, copies = load_keys(self.recording_keys_file), self.data_dir / "masked"
        return RecordingStore(self.recordings_url, s3, keys=keys, copies=copies)  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def _refuse_unknown_variables(fields: dict[str, Any]) -> None:
    """A misspelt variable must not be ignored: its writer believes that it is in force."""
    known = [PREFIX + name.upper() for name in fields]
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX) and variable not in known:
            close = difflib.get_close_matches(variable, known, n=1)
            mend = f"Did you mean {close[0]}?" if close else "docs/settings.md has all settings."
            raise SettingsError(
                "there is no such setting", code="settings.unknown", where=variable, mend=mend
            )


def _first_problem(error: ValidationError) -> SettingsError:
    """One line for the first problem, without the value: it may be a secret."""
    problem = error.errors(include_input=False, include_url=False)[0]
    name, *inner = [str(part) for part in problem["loc"]] or ["settings"]
    where = PREFIX + name.upper() + "".join(f"[{part}]" for part in inner)
    return SettingsError(
        problem["msg"].removeprefix("Value error, "),
        code="settings.bad_value",
        where=where,
        mend="docs/settings.md says what it takes.",
    )
