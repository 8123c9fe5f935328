"""Searching calls by what was said: which calls, in what order, and where in them.

By time, the newest calls are looked through first: an everyday word is found there at once. Only what is
rarer is looked up in the index of words, which then names few calls. By relevance, the newest `RANKED` calls
that meet the query are put in order of how often its words are said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from api.call_filters import CallFilters
from api.masking import heard_in, utterance_of
from api.stored import StoredCall, stored_calls
from ingest.models import CallRow
from transcription.models import TranscriptRow
from transcription.privacy.mask import hide
from transcription.search.index import hits, said
from transcription.search.models import SearchTextRow
from transcription.search.query import Query, spans

Sort = Literal["time", "relevance"]
NEWEST: Final = 3000
NEWER: Final = 50_000
RANKED: Final = 200
TURNS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a call in which something stands: `spans` are places in `text`."""

    turn: int
    speaker: str
    start: float
    end: float
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A call that meets a query: its first turns with a match, and how many turns have one."""

    stored: StoredCall
    turns: tuple[Turn, ...]
    matching: int


def search_calls(
    session: Session, query: Query, filters: CallFilters, *, sort: Sort, limit: int, after: int | None
) -> tuple[list[Hit], int | None]:
    """At most `limit` calls, and what to give as `after` for those that follow (None: there are none).

    Args:
        after: by time, the number of the last call shown; by relevance, how many were shown.
    """
    if sort == "time":
        found = _by_time(session, query, filters, limit + 1, after)
        following = found[limit - 1] if len(found) > limit else None
    else:
        shown = after or 0
        ranked = _by_relevance(session, query, filters)
        found = ranked[shown : shown + limit]
        following = shown + limit if len(ranked) > shown + limit else None
    return _hits(session, query, found[:limit]), following


def _by_time(
    session: Session, query: Query, filters: CallFilters, limit: int, before: int | None
) -> list[int]:
    """Numbers of calls, the newest first."""
    if before is None:
        before = (session.scalar(select(CallRow.id).order_by(CallRow.id.desc()).limit(1)) or 0) + 1
    found: list[int] = []
    for newest in (NEWEST, NEWER, None):
        matching = _matching(session, query, filters, by_index=newest != NEWEST).where(CallRow.id < before)
        if newest is not None:
            matching = matching.where(CallRow.id >= before - newest, SearchTextRow.call_id >= before - newest)
        # By the number itself, PostgreSQL might go through all calls until enough match; by a sum it cannot.
        order = CallRow.id if newest == NEWEST else CallRow.id + 0
        found = list(session.scalars(matching.order_by(order.desc()).limit(limit)))
        if len(found) == limit or newest is None or newest >= before:
            break
    return found


def _by_relevance(session: Session, query: Query, filters: CallFilters) -> list[int]:
    newest = _by_time(session, query, filters, RANKED, None)
    ranked = select(SearchTextRow.call_id).where(SearchTextRow.call_id.in_(newest))
    return list(session.scalars(ranked.order_by(hits(query).desc(), SearchTextRow.call_id.desc())))


def _matching(session: Session, query: Query, filters: CallFilters, *, by_index: bool) -> Select[Any]:
    calls = select(CallRow.id).join(SearchTextRow, SearchTextRow.call_id == CallRow.id)
    return filters.joined(calls.where(said(query, session.get_bind().dialect.name, by_index=by_index)))


def _hits(session: Session, query: Query, calls: Sequence[int]) -> list[Hit]:
    stored = {each.call.id: each for each in stored_calls(session, CallRow.id.in_(calls))}
    # What is looked for is what was said; shown is what the reader may see of it.
    documents = select(SearchTextRow.call_id, TranscriptRow.document)
    documents = documents.join(TranscriptRow, TranscriptRow.id == SearchTextRow.transcript_id)
    read = session.execute(documents.where(SearchTextRow.call_id.in_(calls))).all()
    turns = {
        call_id: _turns(document["utterances"], query, stored[call_id].call.record)
        for call_id, document in read
        if call_id in stored
    }
    return [
        Hit(stored[call], tuple(turns.get(call, ())[:TURNS_SHOWN]), len(turns.get(call, ())))
        for call in calls
        if call in stored
    ]


def _turns(utterances: Sequence[dict[str, Any]], query: Query, record: Mapping[str, Any]) -> list[Turn]:
    """The turns with a match, personal data hidden; the places stay valid."""
    found: list[Turn] = []
    heard = heard_in([utterance_of(each) for each in utterances], record)
    for each in utterances:
        speaker = each["speaker"] if each.get("kind", "speech") == "speech" else "unknown"
        if query.speaker in (None, speaker):
            places = tuple(spans(each["text"], query))
            if places:
                found.append(
                    Turn(
                        each["id"],
                        speaker,
                        each["start"],
                        each["end"],
                        hide(each["text"], heard.of(each["id"])),
                        places,
                    )
                )
    return found
