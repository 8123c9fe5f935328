"""What is written down with the steps of a case is shown in words: every field, every choice."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from complaint_warnings.cases import complaint_documents, documents, system_documents

WORDS = Path(__file__).parents[2] / "web" / "src" / "app" / "forms" / "words.ts"
# The opening of a case is shown at its head.
ABOVE = {"Opened", "Document"}
_KEY = re.compile(r"^  \"?([\w.]+)\"?: \{", re.MULTILINE)


def table(name: str) -> set[str]:
    """The names that one of the page's tables has words for."""
    text = WORDS.read_text(encoding="utf-8")
    begin = text.index(f"export const {name}")
    return set(_KEY.findall(text[begin : text.index("\n};", begin)]))


def models(module: ModuleType) -> Iterator[type[BaseModel]]:
    for each in vars(module).values():
        if isinstance(each, type) and issubclass(each, BaseModel) and each.__module__ == module.__name__:
            yield each


ALL = [
    each
    for part in (documents, system_documents, complaint_documents)
    for each in models(part)
    if each.__name__ not in ABOVE
]


def choices(kind: Any) -> Iterator[str]:
    if get_origin(kind) is Literal:
        yield from (each for each in get_args(kind) if isinstance(each, str))
    for each in get_args(kind):
        if get_origin(kind) is not Literal:
            yield from choices(each)


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_every_field_and_choice_has_words(model: type[BaseModel]) -> None:
    fields, values = table("FIELDS"), table("VALUES")
    assert {name for name in model.model_fields if name not in fields} == set()
    chosen = {each for field in model.model_fields.values() for each in choices(field.annotation)}
    assert {each for each in chosen if each not in values} == set()
