"""Sets of versions: what judged can be loaded again, exactly."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, text

from qc.approval.models import PackSetRow
from qc.approval.service import keep
from qc.approval.sets import keep_set, load_chosen, load_set
from qc.compile import PackSet
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import IntegrityError, NotFoundError

from .packs import write_house

LENDER = "id: lender\nversion: 3\nlanguage: zh\ntitle: {zh: 词, en: Words}\n"


def begin(
    sessions: SessionFactory, clock: FixedClock, folders: Sequence[tuple[Path, bool]], *advisory: str
) -> PackSet:
    """The packs in these folders begin to judge."""
    packs, members = load_chosen(folders, frozenset(advisory))
    with transaction(sessions) as session:
        for member in members:
            keep(session, clock, member.content, "files", "test")
        return keep_set(session, clock, ["house"], packs, members)


def test_a_stored_set_compiles_to_the_same_hash(
    session_factory: SessionFactory, clock: FixedClock, tmp_path: Path
) -> None:
    lender = tmp_path / "lender"
    lender.mkdir()
    (lender / "pack.yaml").write_text(LENDER, "utf-8")
    (lender / "words.yaml").write_text("words: {them: [他们]}\nrules: []\n", "utf-8")
    house = write_house(tmp_path)
    packs = begin(session_factory, clock, [(lender, False), (house, True)])
    write_house(tmp_path, version="9", rule=9, phrase="别的")  # the files go on changing

    with reading(session_factory) as session:
        again = load_set(session, packs.hash)

    assert again.hash == packs.hash
    assert again.names == ("house@1",)
    assert [rule.name for rule in again.rules] == ["house.listen@1"]
    assert again.rules[0].rule == packs.rules[0].rule


def test_a_rule_that_only_advises_makes_another_set(
    session_factory: SessionFactory, clock: FixedClock, tmp_path: Path
) -> None:
    house = [(write_house(tmp_path), True)]
    plain = begin(session_factory, clock, house)
    advised = begin(session_factory, clock, house, "house.listen@1", "other.rule@1")

    assert advised.advisory == ("house.listen@1",)
    assert advised.hash != plain.hash
    with reading(session_factory) as session:
        assert load_set(session, advised.hash).rules[0].advisory
        assert not load_set(session, plain.hash).rules[0].advisory


def test_a_set_that_comes_back_has_a_hash_of_its_own(
    session_factory: SessionFactory, clock: FixedClock, tmp_path: Path
) -> None:
    one = [(write_house(tmp_path / "1"), True)]
    two = [(write_house(tmp_path / "2", version="2", rule=2, phrase="闭嘴"), True)]
    first = begin(session_factory, clock, one)
    assert begin(session_factory, clock, one).hash == first.hash
    second = begin(session_factory, clock, two)
    back = begin(session_factory, clock, one)
    assert begin(session_factory, clock, one).hash == back.hash

    assert len({first.hash, second.hash, back.hash}) == 3
    with reading(session_factory) as session:
        assert load_set(session, back.hash).rules[0].rule == first.rules[0].rule
        rows = session.scalars(select(PackSetRow).order_by(PackSetRow.id)).all()
        assert [(row.turn, row.content == first.hash) for row in rows] == [(1, True), (1, False), (2, True)]


def test_what_cannot_be_loaded_is_said(
    session_factory: SessionFactory, clock: FixedClock, tmp_path: Path
) -> None:
    packs = begin(session_factory, clock, [(write_house(tmp_path), True)])
    with reading(session_factory) as session, pytest.raises(NotFoundError) as unknown:
        load_set(session, "0" * 64)
    assert unknown.value.code == "rules.set_unknown"

    with transaction(session_factory) as session:
        session.execute(text("UPDATE pack_set SET content = 'as another release reads it'"))
    with reading(session_factory) as session:
        with pytest.raises(IntegrityError) as changed:
            load_set(session, packs.hash)
        assert changed.value.code == "rules.set_changed"

    with transaction(session_factory) as session:
        session.execute(text("DELETE FROM pack_version"))
    with reading(session_factory) as session, pytest.raises(IntegrityError) as damaged:
        load_set(session, packs.hash)
    assert damaged.value.code == "rules.version_damaged"
