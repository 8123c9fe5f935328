"""What a site has written itself: its settings without the secrets, the files they name, its rule folders."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from store.errors import SettingsError
from store.settings import PREFIX, Settings

SETTINGS_FILE: Final = "settings.json"
# Whoever has these can act as the site: they are kept apart, by whoever keeps its secrets.
_SECRET: Final = ("s3_access_key_id", "recording_keys_file")
_OVER_THE_NETWORK: Final = ("database_url", "redis_url")
_MAX_FILE_BYTES: Final = 64 * 1024**2


def settings_document(settings: Settings) -> tuple[bytes, list[str]]:
    """The settings as JSON by variable, without secrets; and the variables that hold some and were set."""
    shown: dict[str, Any] = {}
    hidden: list[str] = []
    for name in type(settings).model_fields:
        variable, value = PREFIX + name.upper(), getattr(settings, name)
        if isinstance(value, SecretStr) or name in _SECRET:
            hidden += [variable] if value else []
        elif isinstance(value, dict) and any(isinstance(each, SecretStr) for each in value.values()):
            hidden += [f"{variable}[{key}]" for key in sorted(value)]
        else:
            shown[variable] = _without_password(value) if isinstance(value, str) else value
            if shown[variable] != value or (name in _OVER_THE_NETWORK and "@" in str(value)):
                hidden.append(variable)
    text = json.dumps(shown, ensure_ascii=False, indent=1, default=_plain)
    return text.encode() + b"\n", hidden


def site_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files that settings name, each with the name it gets in the backup.

    Raises:
        SettingsError: `backup.site_file`, one of them cannot be kept.
    """
    for name in type(settings).model_fields:
        if name in _SECRET:
            continue
        if name.endswith("_file") and (path := getattr(settings, name)) is not None:
            yield f"{name}/{path.name}", _readable(path, name)
    for number, folder in enumerate(settings.rule_folders):
        for path in sorted(folder.rglob("*")):
            inner = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(".") for part in inner.parts):
                yield f"rule_folders/{number}/{inner.as_posix()}", _readable(path, "rule_folders")


def _readable(path: Path, setting: str) -> Path:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _bad(path, setting, error.strerror or "it cannot be read") from error
    if size > _MAX_FILE_BYTES:
        raise _bad(path, setting, "it is far too large for such a file")
    return path


def _bad(path: Path, setting: str, problem: str) -> SettingsError:
    return SettingsError(
        f"this file cannot be kept: {problem}",
        code="backup.site_file",
        where=f"{PREFIX}{setting.upper()} ({path})",
        mend="Mend the setting or the file; `diting doctor` looks at all of them.",
    )


def _without_password(value: str) -> str:
    """An address without what stands before the @ but the user's name."""
    if "://" not in value:
        return value
    parts = urlsplit(value)
    if parts.password is None:
        return value
    user = f"{parts.username}@" if parts.username else ""
    return urlunsplit(parts._replace(netloc=user + parts.netloc.rpartition("@")[2]))


def _plain(value: object) -> Any:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"no setting has a value like {value!r}")
