"""Documents of actions from files."""

import sys
from pathlib import Path
from typing import Any

import yaml

from store.errors import BadInputError

_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_SIZE = 1_000_000


class _Loader(yaml.SafeLoader):
    """Leaves moments as the text they are: what a time without a zone means is not for YAML to say."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_document(file: Path | None) -> dict[str, Any]:
    """The document in a YAML or JSON file; nothing without a file.

    Raises:
        BadInputError: `case.file`.
    """
    if file is None:
        return {}
    try:
        text = sys.stdin.read(_SIZE) if str(file) == "-" else file.read_text(encoding="utf-8")[:_SIZE]
        document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
        raise _unreadable(file, f"cannot be read ({problem})") from error
    if not isinstance(document, dict):
        raise _unreadable(file, "holds no fields")
    return {str(name): value for name, value in document.items()}


def _unreadable(file: Path, problem: str) -> BadInputError:
    return BadInputError(
        problem,
        code="case.file",
        where=str(file),
        mend="Give a YAML or JSON file with the document's fields.",
    )
