"""What a backup is: a small document that names everything in it by hash. Pure: nothing is read or written.

A backup exists when its manifest does, and everything that a manifest names was kept before. The seal, made
with the installation's secret key, tells a backup of ours from one that somebody else put into the folder.
"""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from store.errors import BadInputError

FORMAT: Final = 1
MAX_BYTES: Final = 16 * 1024**2
_NAME: Final = re.compile(r"\d{8}T\d{6}Z")
_NAME_FORM: Final = "%Y%m%dT%H%M%SZ"
_SEAL_PURPOSE: Final = b"diting backup manifest\n"
_MAX_NAME: Final = 400

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]


def _inside(name: str) -> str:
    """A file name that can lead nowhere but into the folder it is put under."""
    parts = name.split("/")
    fine = all(part not in {"", ".", ".."} and part.isprintable() and "\\" not in part for part in parts)
    if not fine or len(name) > _MAX_NAME:
        raise ValueError("this name does not stay inside the folder it is restored to")
    return name


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Kept(_Strict):
    """Some bytes in the pool."""

    sha256: Sha256
    bytes: Count


class KeptFile(Kept):
    """A file of the site: `name` is relative, with forward slashes."""

    name: Annotated[str, AfterValidator(_inside)]


class Database(_Strict):
    """The dump of the database: `tables` counts the rows of each."""

    kind: Literal["sqlite", "postgresql"]
    server: str
    revision: str
    dump: Kept
    tables: dict[str, Count]


class AuditHead(_Strict):
    """Where the chain of the audit log ended."""

    seq: Count
    hash: Sha256


class Absent(_Strict):
    """A recording that is on record and could not be read when the backup was made; `code` says why."""

    sha256: Sha256
    code: str


class Recordings(_Strict):
    """The recordings on record: `listing` is a text of lines `SHA256 BYTES`, sorted. They are kept `here`, in
    the pool, but for the absent ones, or `elsewhere`, by the store's own means."""

    kept: Literal["here", "elsewhere"]
    listing: Kept
    count: Count
    bytes: Count
    absent: list[Absent]


class Pack(_Strict):
    """A version of a rule pack that was in force."""

    name: str
    content_hash: Sha256


class Manifest(_Strict):
    """One backup."""

    format: Literal[1]
    name: Annotated[str, Field(pattern=_NAME.pattern)]
    made_at: str
    product: str
    database: Database
    audit: AuditHead
    recordings: Recordings
    packs: list[Pack]
    files: list[KeptFile]
    secrets: list[str]
    seal: Sha256 | None = None

    @property
    def moment(self) -> datetime:
        """When it was begun: everything is as it was then, or a moment later."""
        return moment_of(self.name)

    def objects(self) -> list[Kept]:
        """What it needs from the pool beside recordings."""
        return [self.database.dump, self.recordings.listing, *self.files]


def is_name(name: str) -> bool:
    """Whether backups have such names."""
    return _NAME.fullmatch(name) is not None


def name_of(moment: datetime) -> str:
    """The name of the backup begun at that moment; names sort like moments."""
    return moment.astimezone(UTC).strftime(_NAME_FORM)


def moment_of(name: str) -> datetime:
    """The moment in a backup's name."""
    return datetime.strptime(name, _NAME_FORM).replace(tzinfo=UTC)


def to_bytes(manifest: Manifest) -> bytes:
    """The manifest as it is written."""
    return json.dumps(manifest.model_dump(), ensure_ascii=False, indent=1).encode() + b"\n"


def sealed(manifest: Manifest, key: str | None) -> Manifest:
    """The manifest with its seal; without a key it has none."""
    return manifest.model_copy(update={"seal": _seal(manifest, key) if key else None})


def is_ours(manifest: Manifest, key: str | None) -> bool:
    """Whether the seal was made with this key. Without a key nobody can tell: then it counts as ours."""
    if not key:
        return True
    return manifest.seal is not None and hmac.compare_digest(manifest.seal, _seal(manifest, key))


def _seal(manifest: Manifest, key: str) -> str:
    content = json.dumps(
        manifest.model_dump(exclude={"seal"}), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hmac.new(key.encode(), _SEAL_PURPOSE + content.encode(), hashlib.sha256).hexdigest()


def parse(content: bytes, name: str) -> Manifest:
    """Read a manifest that was found under this name.

    Raises:
        BadInputError: `backup.manifest`, it is none, or says something that cannot be.
    """
    try:
        document = json.loads(content)
        if isinstance(document, dict) and document.get("format") not in {None, FORMAT}:
            raise bad(name, "it was written by another version of Diting")
        manifest = Manifest.model_validate(document)
    except ValidationError as error:
        problem: dict[str, Any] = dict(error.errors(include_input=False, include_url=False)[0])
        place = ".".join(map(str, problem["loc"]))
        raise bad(name, f"{place}: {problem['msg'].removeprefix('Value error, ')}") from error
    except (ValueError, RecursionError) as error:
        raise bad(name, "it is no JSON") from error
    names = [file.name for file in manifest.files]
    if manifest.name != name:
        raise bad(name, "it says that it is another one")
    if len(set(names)) != len(names):
        raise bad(name, "two files have the same name")
    return manifest


def bad(name: str, problem: str) -> BadInputError:
    """What to say of a manifest that cannot be used."""
    return BadInputError(
        f"this manifest cannot be used: {problem}",
        code="backup.manifest",
        where=f"backups/{name}.json",
        mend="Use another backup: `diting backup list` shows which can be read.",
    )


def superfluous(names: list[str], keep: int) -> list[str]:
    """Which of the backups are to go when the newest `keep` stay."""
    return sorted(names)[:-keep] if keep > 0 else []
