"""The secrets that a policy names: from the settings, or from files such as those of Docker. They are read
when needed, and shown nowhere."""

from collections.abc import Iterable

from pydantic import SecretStr

from store.errors import SettingsError
from store.settings import Settings

_MAX_BYTES = 8192


def find_secret(settings: Settings, name: str) -> SecretStr:
    """The secret of that name: in DITING_NOTICES_SECRETS, or the file of that name in
    DITING_NOTICES_SECRETS_DIR without the line end.

    Raises:
        SettingsError: `notices.secret`, there is none, or it cannot be used in a message's head.
    """
    given = settings.notices_secrets.get(name)
    value = given.get_secret_value() if given else _from_file(settings, name)
    if not value or not all("!" <= character <= "~" for character in value):
        raise SettingsError(
            f"the secret {name} is empty, or has spaces or letters beyond ASCII"
            if value is not None
            else f"there is no secret {name}",
            code="notices.secret",
            where=name,
            mend="Put it into DITING_NOTICES_SECRETS, or a file of that name into the secrets folder.",
        )
    return SecretStr(value)


def hide(text: str, secrets: Iterable[SecretStr]) -> str:
    """The text without the secrets, which another side may have repeated."""
    for secret in secrets:
        value = secret.get_secret_value()
        text = text.replace(value, "…") if value else text
    return text


def _from_file(settings: Settings, name: str) -> str | None:
    folder = settings.notices_secrets_dir
    if folder is None:
        return None
    try:
        with (folder / name).open("rb") as file:
            return file.read(_MAX_BYTES).decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return None
