"""Reads public posts from a CSV file: each bad line is refused by itself, with the field and how to mend it.

Whatever stands in a field is text and nothing else: formulas are never computed, links never opened.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from pydantic import ValidationError

from complaint_warnings.sources.documents import Opinion, field_of, sentence_of
from store.errors import BadInputError

LINES_MAX: Final = 100_000
# Headings as people write them; each is one field of the document.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "platform": ("platform", "平台"),
    "link": ("link", "url", "链接"),
    "posted_at": ("posted_at", "time", "时间", "发布时间"),
    "author": ("author", "作者", "账号"),
    "text": ("text", "内容", "正文"),
    "external_id": ("external_id", "id", "编号"),
    "client": ("client", "委托方"),
    "customer_id": ("customer_id", "客户编号"),
    "case_id": ("case_id", "案件编号"),
    "number": ("number", "电话"),
}
_NEEDED = ("platform", "text")
_OF_DEBTOR = ("customer_id", "case_id", "number")
_MENDS = {
    "posted_at": "Write date, time and zone, such as 2026-03-05T10:12:00+08:00, or leave it empty.",
    "platform": "Name where the post stands, such as 微博.",
    "text": "Give the words of the post.",
}


@dataclass(frozen=True, slots=True)
class RefusedPost:
    """A line that cannot be used, and how to mend it."""

    line: int
    field: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Post:
    """A usable line."""

    line: int
    opinion: Opinion


def read_posts(file: IO[str], where: str) -> Iterator[Post | RefusedPost]:
    """The lines of a CSV file in UTF-8 whose first line names the columns (`COLUMNS`), one at a time.

    Raises:
        BadInputError: `posts_file.no_column`, `posts_file.unreadable`, `posts_file.too_long`.
    """
    reader = csv.reader(file, strict=True)
    try:
        columns = _columns(next(reader, []), where)
        for count, cells in enumerate(reader):
            if count >= LINES_MAX:
                raise BadInputError(
                    f"the file has more than {LINES_MAX} lines",
                    code="posts_file.too_long",
                    where=where,
                    mend="Send it in parts.",
                )
            if any(cell.strip() for cell in cells):
                yield _read(columns, cells, reader.line_num)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInputError(
            f"the file cannot be read as CSV after line {reader.line_num} ({type(error).__name__})",
            code="posts_file.unreadable",
            where=where,
            mend="Give a CSV file in UTF-8, with quotes round fields that hold commas or line ends.",
        ) from error


def _columns(headings: Sequence[str], where: str) -> list[str | None]:
    """The field of each column; None for columns that say nothing here."""
    named = {name: field for field, names in COLUMNS.items() for name in names}
    columns = [named.get(heading.removeprefix("\ufeff").strip().casefold()) for heading in headings]
    twice = [field for field in COLUMNS if columns.count(field) > 1]
    missing = [field for field in _NEEDED if field not in columns]
    if missing or twice:
        problem = f"there is no column {missing[0]}" if missing else f"the column {twice[0]} is there twice"
        raise BadInputError(
            problem,
            code="posts_file.no_column",
            where=where,
            mend="The first line names the columns: platform,link,posted_at,author,text,customer_id.",
        )
    return columns


def _read(columns: Sequence[str | None], cells: Sequence[str], line: int) -> Post | RefusedPost:
    if len(cells) != len(columns):
        message = f"{len(cells)} fields, and line 1 has {len(columns)}"
        return RefusedPost(line, "columns", message, "Put quotes round fields that hold commas.")
    given = {
        field: cell for field, cell in zip(columns, cells, strict=True) if field is not None and cell.strip()
    }
    debtor = {name: given.pop(name) for name in _OF_DEBTOR if name in given}
    try:
        return Post(line, Opinion.model_validate({**given, "debtor": debtor}))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = field_of(first["loc"]).removeprefix("debtor.")
        return RefusedPost(line, field, sentence_of(first["msg"]), _MENDS.get(field, "Correct the value."))
