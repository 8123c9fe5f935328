"""Search over the API: what is found, where, masked and page by page; searches that are kept."""

import asyncio

import pytest
from sqlalchemy import delete, select

from api.call_filters import CallFilters
from api.scope import seeing
from api.search import search_calls
from api.sight import sight_of
from api.stored import stored_calls
from ingest.models import CallRow
from pipeline.search_rebuild import count_outdated, rebuild
from store.database import reading, transaction
from store.people import Actor, Person, PersonRow, add_person, new_token
from tests.api.http_client import API, TOKEN, get, problem
from transcription.search.models import SearchTextRow
from transcription.search.query import parse


def found(client, query, **params):
    body = get(client(), f"{API}/search", params={"q": query, **params}).json()
    return [item["call"]["external_id"] for item in body["items"]]


def test_words_are_found_where_they_stand(client):
    body = get(client(), f"{API}/search", params={"q": "单位"}).json()
    assert [item["call"]["external_id"] for item in body["items"]] == ["S03-threat"]
    assert [turn["turn"] for turn in body["items"][0]["turns"]] == [6, 7]
    for item in body["items"]:
        assert item["matching_turns"] >= len(item["turns"]) > 0
        for turn in item["turns"]:
            assert {turn["text"][start:end] for start, end in turn["spans"]} == {"单位"}


def test_search_agrees_with_the_transcripts(client, world):
    """One, two and more characters, against a plain look into every text."""
    for word in ("您", "公司", "还款", "不存在的词", "先生", "请问"):
        with reading(world.tools.sessions) as session:
            rows = session.execute(select(CallRow.external_id, SearchTextRow).join(SearchTextRow))
            expected = {name for name, row in rows if word in row.agent + "\n" + row.customer + row.other}
        for sort in ("time", "relevance"):
            assert set(found(client, word, sort=sort)) == expected, word


def test_filters_narrow_a_search(client):
    everything = found(client, "我")
    assert found(client, "我", band="clean") == ["S01-clean"]
    assert found(client, "我", category="threat") == ["S03-threat"]
    assert found(client, "我", rule="no.such.rule") == []
    assert found(client, "我", unjudged=True) == ["S10-no-time"]
    assert set(found(client, "我", score_min=100)) < set(everything)
    assert found(client, "我", until="2020-01-01T00:00:00Z") == []


def test_pages_of_a_search_follow_each_other(client):
    for sort in ("time", "relevance"):
        seen, cursor = [], None
        while True:
            params = {"q": "您", "limit": 1, "sort": sort, **({"cursor": cursor} if cursor else {})}
            body = get(client(), f"{API}/search", params=params).json()
            seen += [item["call"]["external_id"] for item in body["items"]]
            cursor = body["next"]
            if cursor is None:
                break
        assert seen == found(client, "您", sort=sort)
        assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    ("query", "code"),
    [("，", "search.empty"), ("-投诉", "search.only_excluded"), ("13800138000", "search.number")],
)
def test_what_cannot_be_looked_for_is_a_problem(client, query, code):
    problem(get(client(), f"{API}/search", params={"q": query}), 422, code)


def test_calls_are_narrowed_by_day_and_hour(client, world):
    with reading(world.tools.sessions) as session:
        started = {row.external_id: row.started_at for row in session.scalars(select(CallRow))}
    at = started["S03-threat"]
    local = (at.hour + 8) % 24
    day = at.isoweekday() + (at.hour + 8 >= 24)
    items = get(client(), f"{API}/calls", params={"hour": local, "weekday": (day - 1) % 7 + 1}).json()[
        "items"
    ]
    assert "S03-threat" in {item["external_id"] for item in items}
    items = get(client(), f"{API}/calls", params={"hour": (local + 1) % 24}).json()["items"]
    assert "S03-threat" not in {item["external_id"] for item in items}


def test_only_one_inspection_of_each_call_counts(world):
    with reading(world.tools.sessions) as session:
        listed = stored_calls(session)
        assert len({each.call.id for each in listed}) == len(listed)


def test_calls_that_the_index_lacks_are_brought_in(session_factory, world):
    """On a copy of nothing: rebuilding finds what is missing, once."""
    assert count_outdated(session_factory) == 0
    assert list(rebuild(session_factory)) == []
    sessions = world.tools.sessions
    with reading(sessions) as session:
        before, _ = search_calls(session, parse("您"), CallFilters(), sort="time", limit=9, after=None)
    with transaction(sessions) as session:
        session.execute(delete(SearchTextRow))
    assert count_outdated(sessions) == 4
    assert list(rebuild(sessions, batch=3)) == [3, 1]
    assert count_outdated(sessions) == 0
    with reading(sessions) as session:
        after, _ = search_calls(session, parse("您"), CallFilters(), sort="time", limit=9, after=None)
    assert [hit.stored.call.id for hit in after] == [hit.stored.call.id for hit in before]


def ask(client, method, path, token, **options):
    async def one():
        async with client(api_token=TOKEN) as asking:
            return await asking.request(
                method, f"{API}{path}", headers={"authorization": f"Bearer {token}"}, **options
            )

    return asyncio.run(one())


@pytest.fixture
def tokens(world):
    """People of two teams, whom earlier tests may have added already."""
    with transaction(world.tools.sessions) as session:
        for name, team in (("kept-1", "T1"), ("kept-2", "T1"), ("kept-3", "T2")):
            if session.get(PersonRow, name) is None:
                person = Person(id=name, name=name, roles=("qc_reviewer",), team=team)
                add_person(session, world.tools.clock, person)
        return {name: new_token(session, world.tools.clock, name) for name in ("kept-1", "kept-2", "kept-3")}


def test_searches_are_kept_shared_changed_and_forgotten(client, world, tokens):
    mine, mate, other = tokens.values()
    kept = ask(
        client, "POST", "/searches", mine, json={"name": "监管", "q": "监管", "filters": {"band": "critical"}}
    )
    assert kept.status_code == 201
    number = kept.json()["id"]
    assert kept.json()["filters"] == {"band": "critical"}

    def seen(token):
        return [one["id"] for one in ask(client, "GET", "/searches", token).json()["items"]]

    assert seen(mine) == [number]
    assert seen(mate) == []
    changed = ask(client, "PATCH", f"/searches/{number}", mine, json={"shared": True, "q": "监管 OR 银监"})
    assert (changed.json()["q"], changed.json()["team"]) == ("监管 OR 银监", "T1")
    assert changed.json()["filters"] == {"band": "critical"}
    assert seen(mate) == [number]
    assert seen(other) == []
    for method in ("PATCH", "DELETE"):
        options = {"json": {"name": "x"}} if method == "PATCH" else {}
        problem(ask(client, method, f"/searches/{number}", mate, **options), 404, "search.not_found")
    assert ask(client, "DELETE", f"/searches/{number}", mine).json() == {"items": []}
    entries = [world.audited(f"search.{done}") for done in ("saved", "changed", "deleted")]
    assert [[entry.subject for entry in each] for each in entries] == [[f"search:{number}"]] * 3
    assert all("监管" not in str(entry.details) for each in entries for entry in each)


def test_a_search_that_means_nothing_is_not_kept(client, tokens):
    mine = tokens["kept-1"]
    problem(ask(client, "POST", "/searches", mine, json={"name": "x", "q": "。"}), 422, "search.empty")


def test_what_is_out_of_sight_is_not_found(world):
    """Both ways of looking, the near one and the whole one, leave out other teams' calls."""
    with reading(world.tools.sessions) as session:
        team = session.scalar(select(CallRow.agent_team).where(CallRow.id == world.ids["S03-threat"]))
        expected = set(session.scalars(select(CallRow.id).where(CallRow.agent_team == team)))
    sight = sight_of(Actor("s", frozenset({"supervisor"}), team))
    for sort in ("time", "relevance"):
        with reading(seeing(world.tools.sessions, sight)) as session:
            hits, _ = search_calls(session, parse("我"), CallFilters(), sort=sort, limit=9, after=None)
        assert {hit.stored.call.id for hit in hits} <= expected
        assert world.ids["S03-threat"] in {hit.stored.call.id for hit in hits}
    nobody = sight_of(Actor("n", frozenset({"collector"}), None))
    with reading(seeing(world.tools.sessions, nobody)) as session:
        assert search_calls(session, parse("我"), CallFilters(), sort="time", limit=9, after=None) == (
            [],
            None,
        )
