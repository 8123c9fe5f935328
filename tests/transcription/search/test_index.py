"""The same answers from both kinds of database, for every transcript that is current."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from ingest.models import CallRow, RecordingRow
from store.database import reading, transaction
from store.errors import BadInputError
from transcription.search.index import hits, said
from transcription.search.models import SearchTextRow
from transcription.search.query import parse
from transcription.service import save_transcript
from transcription.types import Transcript, Utterance

SAID = {
    1: (("agent", "您好，我是银行的。"), ("customer", "我要投诉你们，我有律师。")),
    2: (("agent", "不还款就起诉。"), ("customer", "我没有钱。")),
    3: (("agent", "投诉银行是您的权利。"), ("customer", "OK，start 还款。")),
    4: (("unknown", "投，诉"),),
}


def transcript(turns, model="base"):
    made = tuple(Utterance(i, who, i, i + 1.0, words) for i, (who, words) in enumerate(turns))
    return Transcript("zh", "given", model, made, {})


@pytest.fixture
def found(session_factory, clock):
    with transaction(session_factory) as session:
        for number, turns in SAID.items():
            add_call(session, clock, number)
            save_transcript(session, clock, call_id=number, transcript=transcript(turns))

    def find(query: str, order=None) -> list[int]:
        with reading(session_factory) as session:
            asked = parse(query)
            condition = said(asked, session.get_bind().dialect.name)
            sort = SearchTextRow.call_id if order is None else hits(asked).desc()
            return list(session.scalars(select(SearchTextRow.call_id).where(condition).order_by(sort)))

    return find


def add_call(session, clock, number):
    sha256 = f"{number:064}"
    session.add(
        RecordingRow(
            sha256=sha256, bytes=1, codec="opus", source_rate=8000, source_channels=2, duration_s=1.0,
            original_name="a.opus", stored_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    session.add(
        CallRow(
            id=number, source="s", external_id=str(number), recording_sha256=sha256, debtor_key="d",
            record={}, record_sha256="b" * 64, registered_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("投诉", [1, 3, 4]),
        ("投", [1, 3, 4]),
        ("师", [1]),
        ("律師", [1]),
        ("投诉 银行", [1, 3]),
        ("投诉银行", [3]),
        ('"银行投诉"', []),
        ("speaker:customer 投诉", [1]),
        ("speaker:agent 投诉", [3]),
        ("speaker:unknown 投诉", [4]),
        ("投诉 -律师", [3, 4]),
        ("投诉 -投诉你们", [3, 4]),
        ("律师 OR 起诉", [1, 2]),
        ("投诉银行 OR 没有钱", [2, 3]),
        ("star", []),
        ("START 还", [3]),
        ("speaker:customer 还款", [3]),
        ("% OR _ OR 起诉", [2]),
    ],
)
def test_calls_are_found_by_what_was_said(found, query, expected):
    assert found(query) == expected


def test_more_said_is_more_relevant(found, session_factory, clock):
    with transaction(session_factory) as session:
        add_call(session, clock, 9)
        turns = (("customer", "还款还款，还款！"),)
        save_transcript(session, clock, call_id=9, transcript=transcript(turns))
    assert found("还款", order="relevance")[0] == 9


def test_only_the_newest_version_is_searched(found, session_factory, clock):
    with transaction(session_factory) as session:
        newer = transcript((("customer", "我没有意见。"),), model="small")
        save_transcript(session, clock, call_id=1, transcript=newer)
    assert found("律师") == []
    assert found("意见") == [1]


def test_nothing_stays_when_the_row_goes(found, session_factory):
    with transaction(session_factory) as session:
        session.execute(SearchTextRow.__table__.delete().where(SearchTextRow.call_id == 1))
    assert found("投诉") == [3, 4]
    with reading(session_factory) as session:
        if session.get_bind().dialect.name == "sqlite":
            assert session.scalar(text("SELECT count(*) FROM search_words WHERE rowid = 1")) == 0


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="投诉律师\"'()*:&|!-\\%_^{}<>OR NOT NEARa1 \x00", max_size=30))
def test_hostile_queries_break_nothing(found, query):
    try:
        found(query)
    except BadInputError as error:
        assert error.code.startswith("search.")  # noqa: PT017
