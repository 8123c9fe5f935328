"""The sources of an installation, as its sources file describes them (docs/sources.md)."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from ingest.formats.registry import FORMATS
from ingest.formats.tables import TABLES
from ingest.formats.types import FormatOptions
from ingest.intake import AUDIO_SUFFIXES
from ingest.sources.config_rest import Download, Part, RestList
from ingest.times import official_zone

CALL_JSON: Final = "call.json"
NO_METADATA: Final = "none"
FILE_NAME: Final = "file-name"
_AUDIO: Final = tuple(f"*{suffix}" for suffix in sorted(AUDIO_SUFFIXES))

SourceName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,59}$")]
SecretName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


def _zone(name: str) -> str:
    official_zone(name)
    return name


Zone = Annotated[str, AfterValidator(_zone)]
Globs = Annotated[tuple[str, ...], Field(strict=False, max_length=200)]


class Metadata(Part):
    """Where the records of the calls are.

    `call.json`: `NAME.call.json` beside each recording. `none`: nowhere. `file-name`: in the names of the
    recordings. `asterisk-table`, `vicidial-table`: in the database whose URL is the secret `database`. Any
    other format of docs/formats.md: in the files that `files` chooses. A recording without its record, or a
    record without its recording, is waited for `wait_hours`.
    """

    format: str = CALL_JSON
    files: Globs = ()
    database: SecretName | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    wait_hours: float = Field(default=24, ge=0, le=24 * 90)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if (self.format in TABLES) != (self.database is not None):
            raise ValueError(
                "database: name the secret of a database URL for the format of a table, and only then"
            )
        if self.format in TABLES:
            if self.files:
                raise ValueError(f"files: the format {self.format} reads no files of records")
            return self
        if self.in_files and self.format not in FORMATS:
            known = ", ".join((CALL_JSON, NO_METADATA, *FORMATS, *TABLES))
            raise ValueError(f"format: there is no format {self.format}; there are {known}")
        if self.in_files and not self.files:
            raise ValueError("files: say which files hold the records, such as ['*.csv']")
        if not self.in_files and self.files:
            raise ValueError(f"files: the format {self.format} reads no files of records")
        return self

    @property
    def in_files(self) -> bool:
        """Whether records are in files of their own, apart from the recordings."""
        return self.format not in (CALL_JSON, NO_METADATA, FILE_NAME)


class Backfill(Part):
    """How what is older than `live_hours` is taken: at most `per_minute` calls a minute, after what is live,
    and nothing from before `from`."""

    per_minute: int | None = Field(default=None, ge=1, le=100_000)
    from_: date | None = Field(default=None, alias="from")
    live_hours: float = Field(default=24, gt=0, le=24 * 365)


class Retry(Part):
    """How often one recording is tried, and after how long: the wait doubles."""

    attempts: int = Field(default=8, ge=1, le=1000)
    first_seconds: float = Field(default=30, gt=0, le=86_400)
    longest_seconds: float = Field(default=3600, gt=0, le=7 * 86_400)


class _Common(Part):
    enabled: bool = True
    every_seconds: float = Field(default=60, ge=1, le=7 * 86_400)
    zone: Zone | None = None
    backfill: Backfill = Backfill()
    retry: Retry = Retry()


class _Files(_Common):
    """What all sources of files have."""

    metadata: Metadata = Metadata()
    include: Globs = _AUDIO
    exclude: Globs = ()
    settle_seconds: float = Field(default=10, ge=0, le=86_400)
    done_marker: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,40}$")
    downloads: Download = Download()


class FolderSource(_Files):
    """A folder of this machine, with the folders in it."""

    kind: Literal["folder"]
    path: Path = Field(strict=False)

    @model_validator(mode="after")
    def _absolute(self) -> Self:
        if not self.path.is_absolute():
            raise ValueError("path: give the whole path, from / on")
        return self


class SftpSource(_Files):
    """A folder of an SFTP server. The server must be known by its `host_keys`, as lines of known_hosts."""

    kind: Literal["sftp"]
    host: str = Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9._:-]+$")
    port: int = Field(default=22, ge=1, le=65_535)
    user: str = Field(min_length=1, max_length=100)
    path: str = Field(min_length=1, max_length=500)
    host_keys: Annotated[tuple[str, ...], Field(strict=False)] = ()
    host_keys_file: Path | None = Field(default=None, strict=False)
    password: SecretName | None = None
    private_key: SecretName | None = None
    passphrase: SecretName | None = None
    timeout_seconds: float = Field(default=30, gt=0, le=600)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.host_keys and self.host_keys_file is None:
            raise ValueError("host_keys: say by which key the server is known (ssh-keyscan shows it)")
        if (self.password is None) == (self.private_key is None):
            raise ValueError("password: name the secret of a password, or of a private_key; one of them")
        return self


class S3Source(_Files):
    """Objects of an S3-compatible bucket."""

    kind: Literal["s3"]
    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    prefix: str = Field(default="", max_length=500)
    endpoint: str = Field(default="", max_length=300, pattern=r"^(https?://[^\s@?#]+)?$")
    region: str = Field(default="us-east-1", max_length=60)
    access_key_id: SecretName | None = None
    secret_access_key: SecretName | None = None
    settle_seconds: float = Field(default=0, ge=0, le=86_400)  # objects appear whole
    timeout_seconds: float = Field(default=30, gt=0, le=600)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.access_key_id is None) != (self.secret_access_key is None):
            raise ValueError("secret_access_key: name both secrets, or none for the machine's own role")
        return self


class RestSource(_Common):
    """A recorder's API that lists calls as JSON, described by a mapping."""

    kind: Literal["rest"]
    list_: RestList = Field(alias="list")


Source = Annotated[FolderSource | SftpSource | S3Source | RestSource, Field(discriminator="kind")]
FileSource = FolderSource | SftpSource | S3Source


class SourcesFile(Part):
    """A whole sources file."""

    version: Literal[1] = 1
    sources: dict[SourceName, Source] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _options(self) -> Self:
        for name, source in self.sources.items():
            try:
                if not isinstance(source, RestSource):
                    format_options(name, source)
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                field = ".".join(str(part) for part in first["loc"])
                said = first["msg"].removeprefix("Value error, ")
                raise ValueError(f"sources.{name}.metadata.options.{field}: {said}") from None
        return self


def format_options(name: str, source: FileSource) -> FormatOptions | None:
    """The options of the source's format; its name and zone where they say none. None: it has no options.

    Raises:
        ValidationError: they are wrong.
    """
    name_of_format = source.metadata.format
    form = FORMATS.get(name_of_format) or TABLES.get(name_of_format)
    if form is None:
        return None
    given: dict[str, Any] = {"source": name}
    if source.zone is not None:
        given["zone"] = source.zone
    return form.options.model_validate(given | source.metadata.options)


def place_of(source: Source) -> str:
    """Where a source is, for people; no secret is in it."""
    if isinstance(source, FolderSource):
        return str(source.path)
    if isinstance(source, SftpSource):
        return f"sftp://{source.user}@{source.host}:{source.port}/{source.path.lstrip('/')}"
    if isinstance(source, S3Source):
        return f"s3://{source.bucket}/{source.prefix}"
    return source.list_.url
