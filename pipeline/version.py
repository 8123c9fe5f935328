"""The version of Diting that wrote a result."""

import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


@cache
def diting_version() -> str:
    """The installed version; from a checkout that is not installed, the version in pyproject.toml."""
    try:
        return version("diting")
    except PackageNotFoundError:
        project = Path(__file__).parent.parent / "pyproject.toml"
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])
