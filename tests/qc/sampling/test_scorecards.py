"""Scorecards: what they may say, and what ratings come to."""

from pathlib import Path

import pytest

from qc.sampling.scorecards import (
    DEFAULT_CARD,
    NOT_APPLICABLE,
    Card,
    Rating,
    add_card,
    cards,
    load_card,
    load_file,
    score_card,
)
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import BadInputError, NotFoundError

CARD = """\
name: short
title: {zh: 简表, en: Short}
critical_cap: 40
pass_mark: 70
sections:
- id: all
  title: {zh: 全部, en: All}
  items:
  - {id: identity, title: {zh: 身份, en: Identity}, weight: 1}
  - {id: manner, title: {zh: 态度, en: Manner}, weight: 2, best: 4, pass_from: 2, critical: true}
  - {id: dispute, title: {zh: 异议, en: Dispute}, weight: 1, not_applicable: true}
"""


@pytest.fixture
def card(tmp_path: Path) -> Card:
    file = tmp_path / "card.yaml"
    file.write_text(CARD, encoding="utf-8")
    return load_file(file)


@pytest.mark.parametrize(
    ("identity", "manner", "dispute", "points", "uncapped", "passed", "failed"),
    [
        (1, 4, 1, 100, 100, True, ()),
        (0, 4, 1, 75, 75, True, ()),
        (0, 3, 0, 37.5, 37.5, False, ()),
        (1, 1, 1, 40, 62.5, False, ("manner",)),  # the cap
        (0, 1, 0, 12.5, 12.5, False, ("manner",)),  # below the cap already
        (1, 4, NOT_APPLICABLE, 100, 100, True, ()),
        (0, 4, NOT_APPLICABLE, 66.67, 66.67, False, ()),  # 2 of 3 instead of 3 of 4
        (1, 2, NOT_APPLICABLE, 66.67, 66.67, False, ()),
    ],
)
def test_points(card, identity, manner, dispute, points, uncapped, passed, failed) -> None:
    made = score_card(card, {"identity": identity, "manner": manner, "dispute": dispute})
    assert (made.points, made.uncapped, made.passed, made.failed) == (points, uncapped, passed, failed)


def test_the_weight_of_what_does_not_apply_goes_to_the_others(card) -> None:
    made = score_card(card, {"identity": 1, "manner": 4, "dispute": NOT_APPLICABLE})
    weights = {item.id: item.weight for item in made.items}
    assert weights == {"identity": pytest.approx(100 / 3), "manner": pytest.approx(200 / 3), "dispute": None}


@pytest.mark.parametrize(
    ("ratings", "where", "message"),
    [
        ({"identity": 1, "manner": 4}, "item dispute", "not rated"),
        ({"identity": 2, "manner": 4, "dispute": 1}, "item identity", "from 0 to 1"),
        ({"identity": 0.5, "manner": 4, "dispute": 1}, "item identity", "no whole number"),
        ({"identity": True, "manner": 4, "dispute": 1}, "item identity", "no whole number"),
        ({"identity": "n/a", "manner": 4, "dispute": 1}, "item identity", "always applies"),
        ({"identity": 1, "manner": 4, "dispute": 1, "mood": 1}, "item mood", "no such item"),
    ],
)
def test_ratings_that_cannot_be(card, ratings: dict[str, Rating], where: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message) as caught:
        score_card(card, ratings)
    assert (caught.value.code, caught.value.where) == ("scorecard.rating", where)


@pytest.mark.parametrize(
    ("change", "where", "message"),
    [
        ("weight: 1}|weight: 0}", ":9 sections[0].items[0].weight", "greater than 0"),
        ("pass_from: 2|pass_from: 5", ":10 sections[0].items[1]", "nobody could pass"),
        ("id: dispute|id: manner", ":1 the whole document", "the item manner is there twice"),
        ("critical_cap: 40|critical_cap: 100", ":3 critical_cap", "less than 100"),
        ("{zh: 简表, en: Short}|{zh: 简表}", ":2 title.en", "Field required"),
    ],
)
def test_mistakes_are_told_with_line_and_field(tmp_path: Path, change: str, where: str, message: str) -> None:
    file = tmp_path / "card.yaml"
    file.write_text(CARD.replace(*change.split("|"), 1), encoding="utf-8")
    with pytest.raises(BadInputError, match=message) as caught:
        load_file(file)
    assert (caught.value.code, caught.value.where) == ("scorecard.invalid", f"{file}{where}")


def test_the_shipped_card_is_whole_and_there_from_the_start(sqlite_session_factory: SessionFactory) -> None:
    with reading(sqlite_session_factory) as session:
        shipped, version = load_card(session, "standard")
        assert (shipped, version) == (load_file(DEFAULT_CARD), 0)
        assert sum(item.weight for item in shipped.items) == 100
        assert [(each.name, number) for each, number in cards(session)] == [("standard", 0)]
    best: dict[str, Rating] = {item.id: item.best for item in shipped.items}
    assert score_card(shipped, best).points == 100
    for item in shipped.items:
        if item.critical:
            assert score_card(shipped, {**best, item.id: 0}).points == 0


def test_a_review_goes_on_with_the_version_it_began_with(
    sqlite_session_factory: SessionFactory, clock: FixedClock, card: Card
) -> None:
    changed = card.model_copy(update={"pass_mark": 90.0})
    with transaction(sqlite_session_factory) as session:
        assert add_card(session, clock, card, by="test")[0].version == 1
        assert add_card(session, clock, changed, by="test")[0].version == 2
        assert load_card(session, "short", 1) == (card, 1)
        assert load_card(session, "short") == (changed, 2)
        assert [each.name for each, _ in cards(session)] == ["short", "standard"]
        for name, version in (("long", None), ("short", 3), ("standard", 1)):
            with pytest.raises(NotFoundError, match=r"scorecard\.unknown"):
                load_card(session, name, version)
