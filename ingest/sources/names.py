"""Names from outside: which may be used, and which files they choose."""

import re
from functools import lru_cache
from typing import Final

from store.errors import BadInputError

# PostgreSQL indexes no more than 2,700 bytes.
LONGEST: Final = 600
_LONGEST_PART: Final = 255
# What programs call files that they are still writing.
_TEMPORARY: Final = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".inprogress", "~")


def check_key(key: str) -> None:
    """Make sure that a name can be used as a path below a folder, in a log and in a database.

    Raises:
        BadInputError: `source.bad_name`, with what is wrong about it.
    """
    problem = _problem(key)
    if problem is not None:
        raise BadInputError(
            problem,
            code="source.bad_name",
            where=shown(key),
            mend="Give the file another name in the source.",
        )


def _problem(key: str) -> str | None:
    parts = key.split("/")
    if (
        not key
        or len(key) > LONGEST
        or any(len(part.encode(errors="replace")) > _LONGEST_PART for part in parts)
    ):
        return "the name is empty or too long"
    if any(not character.isprintable() for character in key):
        return "the name holds control characters, or bytes that are no text"
    if key.startswith("/") or "\\" in key or re.match(r"[A-Za-z]:", key):
        return "the name is an absolute path, or one of another system"
    if any(part in ("", ".", "..") for part in parts):
        return "the name leads out of the folder, or has empty parts"
    return None


def shown(key: str) -> str:
    """A hostile name as it may be shown and kept."""
    text = key.encode(errors="replace").decode()
    return "".join(c if c.isprintable() else "?" for c in text)[:LONGEST]


def is_unfinished(key: str) -> bool:
    """Hidden files and folders, and files that somebody is still writing."""
    parts = key.split("/")
    return parts[-1].lower().endswith(_TEMPORARY) or any(part.startswith((".", "~$")) for part in parts)


def base_name(key: str) -> str:
    """The name without its folders, whichever way they are written."""
    return re.split(r"[/\\]", key.rstrip("/\\"))[-1]


def stem(key: str) -> str:
    """The name without its ending: `a/b` of `a/b.wav`."""
    folder, slash, name = key.rpartition("/")
    return folder + slash + (name.rpartition(".")[0] or name)


def matches(key: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns holds. One without `/` is held against the name alone, one with it against
    the whole path; `**` stands for any folders. Capitals do not count."""
    return any(
        _compiled(pattern).fullmatch(key if "/" in pattern else base_name(key)) for pattern in patterns
    )


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "re.Pattern[str]":
    text, at = "", 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            text, at = text + "(?:[^/]+/)*", at + 3
        elif pattern[at] == "*":
            text, at = text + "[^/]*", at + 1
        elif pattern[at] == "?":
            text, at = text + "[^/]", at + 1
        else:
            text, at = text + re.escape(pattern[at]), at + 1
    return re.compile(text, re.IGNORECASE)
