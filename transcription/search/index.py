"""Keeping what is searched in step with the transcripts, and the conditions by which a database finds it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    and_,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import InstrumentedAttribute, Session

from transcription.search.models import SearchTextRow
from transcription.search.query import Query, Term
from transcription.search.tokens import VERSION, Token, index_words, plain, units
from transcription.types import Speaker, Utterance

_COLUMNS: Final[Mapping[Speaker, InstrumentedAttribute[str]]] = {
    "agent": SearchTextRow.agent,
    "customer": SearchTextRow.customer,
    "unknown": SearchTextRow.other,
}
_WEIGHTS: Final[Mapping[Speaker, str]] = {"agent": "A", "customer": "B", "unknown": "C"}
_FTS: Final = table("search_words", column("rowid"), column("search_words"))


def put_into_index(
    session: Session, *, call_id: int, transcript_id: int, utterances: Iterable[Utterance]
) -> None:
    """Let a call be found by what this version of its transcript says, and by no other."""
    said: dict[Speaker, list[str]] = defaultdict(list)
    words: dict[Speaker, list[str]] = defaultdict(list)
    for each in utterances:
        speaker: Speaker = each.speaker if each.kind == "speech" else "unknown"
        parts = units(each.text)
        said[speaker].append(plain(parts))
        words[speaker] += index_words(parts)
    session.execute(delete(SearchTextRow).where(SearchTextRow.call_id == call_id))
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    session.execute(
        insert(SearchTextRow).values(
            call_id=call_id,
            transcript_id=transcript_id,
            version=VERSION,
            agent="\n".join(said["agent"]),
            customer="\n".join(said["customer"]),
            other="\n".join(said["unknown"]),
            words=as_tsvector(words) if on_postgresql else None,
        )
    )
    if not on_postgresql:
        values = {speaker: " ".join(words[speaker]) for speaker in _COLUMNS}
        session.execute(
            text("INSERT INTO search_words (rowid, agent, customer, other) VALUES (:id, :a, :c, :o)"),
            {"id": call_id, "a": values["agent"], "c": values["customer"], "o": values["unknown"]},
        )


def forget_deleted(session: Session) -> None:
    """Take the words of deleted calls out of the files of SQLite, whose index only marks them as gone.
    PostgreSQL does so itself."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete=ON"))
        session.execute(text("INSERT INTO search_words (search_words) VALUES ('optimize')"))


def as_tsvector(words: Mapping[Speaker, Iterable[str]]) -> str:
    """The words as PostgreSQL reads them; the weight says who said each, the place says nothing more."""
    weights: dict[str, list[str]] = defaultdict(list)
    for place, (speaker, weight) in enumerate(_WEIGHTS.items(), start=1):
        for word in dict.fromkeys(words.get(speaker, ())):
            weights[word].append(f"{place}{weight}")
    return " ".join(f"'{word}':{','.join(places)}" for word, places in weights.items())


def said(query: Query, dialect: str, *, by_index: bool = True) -> ColumnElement[bool]:
    """The condition on `SearchTextRow` that the query is met.

    Args:
        by_index: False keeps PostgreSQL from looking the words up: for few rows that are found otherwise.
    """
    found = [_in_index(query, dialect, by_index=by_index)]
    for group in query.groups:
        if not all(term.exact for term in group):
            found.append(or_(*(_in_text(term, query.speaker) for term in group)))
    found += [not_(_in_text(term, query.speaker)) for term in query.without]
    return and_(*found)


def _in_index(query: Query, dialect: str, *, by_index: bool) -> ColumnElement[bool]:
    if dialect == "postgresql":
        weight = _WEIGHTS[query.speaker] if query.speaker else ""
        words = SearchTextRow.words if by_index else func.coalesce(SearchTextRow.words, cast("", TSVECTOR))
        return words.op("@@")(cast(_as_tsquery(query, weight), TSQUERY))
    match = _as_fts5(query)
    return SearchTextRow.call_id.in_(select(_FTS.c.rowid).where(_FTS.c.search_words.op("MATCH")(match)))


def _as_tsquery(query: Query, weight: str) -> str:
    def word(token: Token) -> str:
        label = f"{'*' if token.prefix else ''}{weight}"
        return f"'{token.text}'" + (f":{label}" if label else "")

    return _joined(query, word, " & ", " | ")


def _as_fts5(query: Query) -> str:
    def word(token: Token) -> str:
        return f'"{token.text}"' + (" *" if token.prefix else "")

    where = {"agent": "agent", "customer": "customer", "unknown": "other"}
    joined = _joined(query, word, " AND ", " OR ")
    return f"{where[query.speaker]} : ({joined})" if query.speaker else joined


def _joined(query: Query, word: Any, every: str, one: str) -> str:
    groups = [
        one.join(f"({every.join(word(token) for token in term.words)})" for term in group)
        for group in query.groups
    ]
    return every.join(f"({group})" for group in groups)


def _in_text(term: Term, speaker: Speaker | None) -> ColumnElement[bool]:
    columns = [_COLUMNS[speaker]] if speaker else list(_COLUMNS.values())
    return or_(*(each.contains(term.plain, autoescape=True) for each in columns))


def hits(query: Query) -> ColumnElement[int]:
    """How often the terms are said in a row of `SearchTextRow`: what more relevant means."""

    columns = [_COLUMNS[query.speaker]] if query.speaker else list(_COLUMNS.values())
    total: ColumnElement[int] = literal(0)
    for term in query.terms:
        for each in columns:
            gone = func.length(each) - func.length(func.replace(each, term.plain, ""))
            total = total + gone / len(term.plain)
    return total
