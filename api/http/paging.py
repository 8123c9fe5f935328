"""Pages of a list: an opaque cursor that stays right while rows are added."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from api.http.problems import BadRequest

LIMIT_MAX = 200


@dataclass(frozen=True, slots=True)
class Page:
    """What part of a list is asked for: at most `limit` rows with ids below `before`, newest first."""

    limit: int
    before: int | None


def page(
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="how many at most")] = 50,
    cursor: Annotated[str | None, Query(description="`next` of the page before", examples=["MTc"])] = None,
) -> Page:
    """The page that a request asks for.

    Raises:
        BadRequest: `request.cursor`.
    """
    return Page(limit, None if cursor is None else _decode(cursor))


def narrowed(
    before: int | None, column: InstrumentedAttribute[int], equal: Mapping[InstrumentedAttribute[Any], object]
) -> list[ColumnElement[bool]]:
    """Conditions of a page: ids in `column` below `before`, and every column equal to its value unless that
    is None."""
    conditions = [name == value for name, value in equal.items() if value is not None]
    return conditions if before is None else [column < before, *conditions]


def encode(last_id: int) -> str:
    """The cursor that continues after the row `last_id`."""
    return base64.urlsafe_b64encode(str(last_id).encode()).decode().rstrip("=")


def _decode(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        text = ""
    if not text.isdecimal() or len(text) > 18:
        raise BadRequest(
            "this is not a cursor of this list",
            code="request.cursor",
            where="query cursor",
            mend="Use `next` of the page before, or leave it out.",
        )
    return int(text)


def cut(ids: list[int], limit: int) -> str | None:
    """The cursor for the next page when more than `limit` rows were found."""
    return encode(ids[limit - 1]) if len(ids) > limit else None
