"""Reading a YAML file that people write, and saying in one line what is wrong with it."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from store.errors import BadInputError


def read_yaml(path: Path, kind: str) -> object:
    """The content of a file; `kind` begins the codes of the errors.

    Raises:
        BadInputError: `<kind>.unreadable` or `<kind>.not_yaml`.
    """
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(
            f"the file cannot be read ({type(error).__name__})",
            code=f"{kind}.unreadable",
            where=str(path),
            mend="Give the path of a readable UTF-8 file.",
        ) from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        mark = getattr(error, "problem_mark", None)
        raise BadInputError(
            "the file is not YAML",
            code=f"{kind}.not_yaml",
            where=f"{path}:{mark.line + 1}" if mark else str(path),
            mend="Mend the syntax.",
        ) from error


def first_problem(error: ValidationError) -> tuple[str, str]:
    """The first wrong field and what is wrong with it."""
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "the whole file"
    return field, first["msg"].removeprefix("Value error, ")
