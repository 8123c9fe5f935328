"""Two blind reviewers: neither learns anything of the other, by whatever way, before both are done."""

import pytest

from qc.review.loading import load
from qc.review.service import possible_now
from qc.review.sight import seen_by, seen_events, seen_version
from store.database import reading
from store.errors import ConflictError
from store.people import find_actor
from tests.qc.review.conftest import House


def seen(house: House, who: str) -> tuple[set[str], list[str], int]:
    """Whose reviews, which actions of reviews, and which version the person sees."""
    with reading(house.sessions) as session:
        loaded, actor = load(session, house.ticket), find_actor(session, who)
    view = loaded.view
    events = [each.action for each in seen_events(view, loaded.events, actor)]
    version = seen_version(loaded.row.version, view, loaded.events, actor)
    return set(seen_by(view, actor).reviews), events, version


def test_nobody_who_could_become_the_second_reads_the_first(house: House) -> None:
    house.do("ann", "take")
    house.review("ann", "true")
    assert seen(house, "bo")[:2] == (set(), ["take"])
    assert seen(house, "lead")[:2] == ({"ann"}, ["take", "decide"])
    house.do("lead", "ask_second", reviewer="bo")
    assert seen(house, "bo")[:2] == (set(), ["take", "ask_second"])
    assert seen(house, "cai")[:2] == (set(), ["take", "ask_second"])
    # Not even who leads, as long as the two are at it.
    assert seen(house, "lead")[:2] == (set(), ["take", "ask_second"])


def test_a_lead_who_reviews_second_is_told_nothing_by_what_stands_in_the_way(house: House) -> None:
    house.do("lead", "assign", reviewer="ann", second_reviewer="lead")
    house.do("ann", "take")
    told = []
    for verdict in ("true", "false"):
        with reading(house.sessions) as session:
            found = possible_now(load(session, house.ticket), find_actor(session, "lead"), house.clock.now())
        (share,) = [each for each in found if each.line.action == "share"]
        told.append([(guard.name, refusal) for guard, refusal in share.guards if refusal is not None])
        house.review("ann", verdict, verdict)
    assert [name for name, _ in told[0]] == ["double_settled"]
    assert told[0] == told[1]


def test_they_do_not_get_into_each_others_way(house: House) -> None:
    house.do("lead", "assign", reviewer="ann", second_reviewer="bo")
    house.do("ann", "take")
    mine = seen(house, "ann")[2]
    house.review("bo", "true", "true")
    assert seen(house, "ann")[2] == mine
    house.do("ann", "decide", finding=house.findings[0], verdict="false", version=mine)
    with pytest.raises(ConflictError, match="ann did decide"):
        house.do("ann", "decide", finding=house.findings[1], verdict="false", version=mine)
    house.do("ann", "decide", finding=house.findings[1], verdict="true", version=mine + 1)
    house.do("bo", "complete")
    assert seen(house, "ann")[2] == mine + 2
    loaded = house.do("ann", "complete", version=mine + 2)
    assert seen(house, "ann")[2] == loaded.row.version
    assert seen(house, "bo")[0] == {"ann", "bo"}
