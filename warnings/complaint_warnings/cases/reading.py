"""The documents of events, read back."""

from typing import TypeVar

from complaint_warnings.cases.documents import Document
from complaint_warnings.cases.events import Event
from complaint_warnings.cases.view import Signed

_D = TypeVar("_D", bound=Document)


def read(model: type[_D], event: Event) -> _D:
    """The document of an event."""
    return model.model_validate(event.details, strict=False)


def signed(model: type[Document], event: Event) -> Signed:
    """The document of an event with who wrote it and when."""
    return Signed(event.actor, event.at, read(model, event), event.seq)
