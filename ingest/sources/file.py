"""Reading the sources file, and saying in one line what is wrong with it: file, line, field, mend."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import SecretStr, ValidationError

from ingest.sources.config import Source, SourcesFile
from store.errors import NotFoundError, SettingsError
from store.settings import Settings

_MOST_BYTES: Final = 1024 * 1024
_MOST_SECRET: Final = 64 * 1024  # a private key is longer than a password
_MEND: Final = "docs/sources.md lists the fields."


def load_sources(settings: Settings) -> SourcesFile:
    """The sources that the settings name; none where they name no file.

    Raises:
        SettingsError: `sources.unreadable`, `sources.not_yaml`, `sources.invalid`.
    """
    return SourcesFile() if settings.sources_file is None else read_sources(settings.sources_file)


def read_sources(path: Path) -> SourcesFile:
    """Read a sources file.

    Raises:
        SettingsError: `sources.unreadable`, `sources.not_yaml`, `sources.invalid`.
    """
    text = _read(path)
    try:
        # The tree tells the lines, the value what they mean; dates and doubled keys are checked on the way.
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        _refuse_doubles(node, path)
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise SettingsError(
            f"the file is not YAML ({getattr(error, 'problem', None) or type(error).__name__})",
            code="sources.not_yaml",
            where=f"{path}:{mark.line + 1}" if mark else str(path),
            mend="Mend the syntax.",
        ) from None
    try:
        return SourcesFile.model_validate({} if value is None else value)
    except ValidationError as error:
        raise _invalid(error, path, node) from None


def find_source(settings: Settings, name: str) -> Source:
    """The source of that name.

    Raises:
        NotFoundError: `sources.unknown`.
        SettingsError: the sources file is wrong.
    """
    known = load_sources(settings).sources
    if name not in known:
        raise NotFoundError(
            "there is no such source",
            code="sources.unknown",
            where=name,
            mend=f"There are: {', '.join(known)}." if known else "DITING_SOURCES_FILE names no sources.",
        )
    return known[name]


def find_source_secret(settings: Settings, name: str) -> SecretStr:
    """The secret of that name: in DITING_SOURCES_SECRETS, or the file of that name in
    DITING_SOURCES_SECRETS_DIR without the line end.

    Raises:
        SettingsError: `sources.secret`.
    """
    given = settings.sources_secrets.get(name)
    value = given.get_secret_value() if given else _secret_file(settings.sources_secrets_dir, name)
    if not value:
        raise SettingsError(
            f"there is no secret {name}, or it is empty",
            code="sources.secret",
            where=name,
            mend="Put it into DITING_SOURCES_SECRETS, or a file of that name in DITING_SOURCES_SECRETS_DIR.",
        )
    return SecretStr(value)


def _secret_file(folder: Path | None, name: str) -> str | None:
    if folder is None:
        return None
    try:
        with (folder / name).open("rb") as file:
            return file.read(_MOST_SECRET).decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return None


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise OSError("larger than 1 MiB")  # noqa: TRY301 - said like any other reason
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsError(
            f"the file cannot be read ({reason})",
            code="sources.unreadable",
            where=str(path),
            mend="DITING_SOURCES_FILE must name a readable UTF-8 file.",
        ) from None


def _refuse_doubles(node: "yaml.Node | None", path: Path) -> None:
    """YAML lets a key stand twice and forgets the first: a whole source could vanish."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                raise SettingsError(
                    f"{key.value} is given twice",
                    code="sources.invalid",
                    where=f"{path}:{key.start_mark.line + 1} {key.value}",
                    mend="Give it once.",
                )
            seen.add(str(key.value))
            _refuse_doubles(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_doubles(value, path)


def _invalid(error: ValidationError, path: Path, node: "yaml.Node | None") -> SettingsError:
    first = error.errors(include_url=False, include_input=False)[0]
    said = first["msg"].removeprefix("Value error, ")
    place: list[Any] = list(first["loc"])
    # Checks over several fields name theirs themselves: `sources.a.metadata: …`, `path: …`.
    named, colon, rest = said.partition(": ")
    if colon and first["type"] == "value_error" and " " not in named:
        place += named.split(".")
        said = rest
    line, field = _find(node, place)
    return SettingsError(
        said[:1].lower() + said[1:],
        code="sources.invalid",
        where=f"{path}:{line} {field or 'the whole file'}",
        mend=_MEND,
    )


def _find(node: "yaml.Node | None", place: Sequence[Any]) -> tuple[int, str]:
    """The line of the innermost place that is there, and its name as it is written."""
    line = 1 if node is None else node.start_mark.line + 1
    names: list[str] = []
    for part in place:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if str(pair[0].value) == str(part)), None)
            if found is not None:
                line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line, found = node.start_mark.line + 1, node
        if found is not None or str(part) not in ("folder", "sftp", "s3", "rest", "[key]"):
            names.append(str(part))
    return line, ".".join(names)
