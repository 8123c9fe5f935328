"""Reading the YAML files of plans and scorecards; what is wrong is said with file, line, field and mend."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from qc.language.positions import Document, Place, dotted, read_document
from store.errors import BadInputError

T = TypeVar("T", bound=BaseModel)


def read_model(path: Path, model: type[T], *, kind: str, mend: str) -> T:
    """The one document of a YAML file; `kind` begins the codes of the errors, `mend` ends their message.

    Raises:
        BadInputError: `<kind>.unreadable`, `<kind>.invalid`.
    """
    document = read_document(path)
    if document.problems:
        first = document.problems[0]
        raise BadInputError(first.message, code=f"{kind}.unreadable", where=first.where, mend=first.mend)
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise _invalid(error, document, kind, mend) from None


def check_model(data: object, model: type[T], *, kind: str, mend: str) -> T:
    """The same of a document that did not come as a file.

    Raises:
        BadInputError: `<kind>.invalid`.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _invalid(error, None, kind, mend) from None


def _invalid(error: ValidationError, document: Document | None, kind: str, mend: str) -> BadInputError:
    first: Any = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place: Place = tuple(first["loc"])
    field = dotted(place) or "the whole document"
    where = field if document is None else f"{document.file}:{document.line(place)} {field}"
    message = first["msg"].removeprefix("Value error, ")
    return BadInputError(message, code=f"{kind}.invalid", where=where, mend=mend)
