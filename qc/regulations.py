"""What the sources that rules cite are called: the title of the law, standard or house rule behind an id."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml


@cache
def titles() -> Mapping[str, Mapping[str, str]]:
    """The title by `zh` and `en` of every source that is known by its id."""
    entries = yaml.safe_load(files("qc").joinpath("regulations.yaml").read_text("utf-8"))
    return MappingProxyType({source: entry["title"] for entry in entries for source in entry["sources"]})
