"""Versions of packs: proposed by one person, approved by another, on both databases."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError

from qc.approval.content import PackContent, read_content
from qc.approval.lookup import content_of, files_of, find_version, in_force, versions
from qc.approval.models import PackVersionRow
from qc.approval.service import approve, keep, propose, same_person, withdraw
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import BadInputError, ConflictError, DitingError, IntegrityError, NotFoundError, RuleError
from store.people import Person, add_person

from .packs import write_house


@pytest.fixture
def first(tmp_path: Path) -> PackContent:
    return read_content(write_house(tmp_path / "1"))


@pytest.fixture
def second(tmp_path: Path) -> PackContent:
    return read_content(write_house(tmp_path / "2", version="2", rule=2, phrase="你听着"))


def put(sessions: SessionFactory, clock: FixedClock, content: PackContent, by: str = "王敏") -> None:
    with transaction(sessions) as session:
        propose(session, clock, content, by=by)


def agree(sessions: SessionFactory, clock: FixedClock, by: str = "李雷", version: str | None = None) -> None:
    with transaction(sessions) as session:
        approve(session, clock, pack="house", by=by, version=version)


def states(sessions: SessionFactory) -> list[tuple[str, str]]:
    with reading(sessions) as session:
        return [(row.version, row.state) for row in versions(session, "house")]


def judging(sessions: SessionFactory) -> dict[str, str]:
    with reading(sessions) as session:
        return {pack: row.version for pack, row in in_force(session).items()}


def code(error: pytest.ExceptionInfo[DitingError]) -> str:
    return error.value.code


def test_one_person_proposes_another_approves(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent
) -> None:
    put(session_factory, clock, first)
    assert judging(session_factory) == {}

    agree(session_factory, clock)

    assert states(session_factory) == [("1", "approved")]
    assert judging(session_factory) == {"house": "1"}
    with reading(session_factory) as session:
        row = find_version(session, "house", "1")
        assert (row.proposed_by, row.approved_by, row.origin) == ("王敏", "李雷", "site")
        assert files_of(row) == first.files
        assert content_of(row) == first
        entries = session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.seq)).all()
        assert [(entry.action, entry.actor, entry.subject) for entry in entries] == [
            ("rules.proposed", "王敏", "pack:house@1"),
            ("rules.approved", "李雷", "pack:house@1"),
        ]
        assert entries[1].details["content_hash"] == first.hash
        assert audit.verify(session) == []


@pytest.mark.parametrize("name", ["王敏", " 王 敏 ", "WANG Min", "ｗａｎｇｍｉｎ"])
def test_nobody_approves_their_own(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent, name: str
) -> None:
    put(session_factory, clock, first, by="王敏" if "王" in name else "wang min")

    with pytest.raises(ConflictError) as error:
        agree(session_factory, clock, by=name)

    assert code(error) == "rules.same_person"
    assert states(session_factory) == [("1", "proposed")]


def test_a_person_on_record_is_one_by_id_and_by_name(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent
) -> None:
    with transaction(session_factory) as session:
        add_person(session, clock, Person("wm", "王敏", ("qc_lead",)))
        add_person(session, clock, Person("ll", "李雷", ("qc_lead",)))
    put(session_factory, clock, first, by="王敏")

    with pytest.raises(ConflictError) as error:
        agree(session_factory, clock, by="WM")
    assert code(error) == "rules.same_person"

    agree(session_factory, clock, by="ll")
    assert states(session_factory) == [("1", "approved")]


def test_the_database_refuses_one_person_for_both(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent
) -> None:
    put(session_factory, clock, first)
    statement = update(PackVersionRow).values(state="approved", approved_by="王敏", approved_at=clock.now())
    with pytest.raises(DatabaseIntegrityError), transaction(session_factory) as session:
        session.execute(statement)


def test_same_person() -> None:
    assert same_person("Li Lei", "lilei")
    assert not same_person("Li Lei", "Li Mei")


def test_proposing_again_changes_nothing(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent, tmp_path: Path
) -> None:
    put(session_factory, clock, first)
    agree(session_factory, clock)
    commented = read_content(write_house(tmp_path / "c", more="# a remark\n"))
    assert commented.files != first.files

    put(session_factory, clock, commented, by="韩梅")

    assert states(session_factory) == [("1", "approved")]
    with reading(session_factory) as session:
        assert find_version(session, "house", "1").proposed_by == "王敏"


def test_a_version_says_one_thing(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent, tmp_path: Path
) -> None:
    put(session_factory, clock, first)
    other = read_content(write_house(tmp_path / "o", rule=2, phrase="闭嘴"))

    with pytest.raises(ConflictError) as error:
        put(session_factory, clock, other)

    assert code(error) == "rules.version_taken"
    assert "Count `version` in pack.yaml up" in str(error.value)


def test_a_version_of_a_rule_says_one_thing(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent, tmp_path: Path
) -> None:
    put(session_factory, clock, first)
    agree(session_factory, clock)
    other = read_content(write_house(tmp_path / "o", version="2", rule=1, phrase="闭嘴"))

    with pytest.raises(ConflictError) as error:
        put(session_factory, clock, other)

    assert code(error) == "rules.version_taken"
    assert "house.listen@1" in str(error.value)


def test_what_was_never_approved_may_be_mended_under_its_number(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent, tmp_path: Path
) -> None:
    put(session_factory, clock, first)
    with transaction(session_factory) as session:
        withdraw(session, clock, pack="house", by="王敏", version="1")
    mended = read_content(write_house(tmp_path / "m", phrase="闭嘴"))

    put(session_factory, clock, mended)
    put(session_factory, clock, mended)

    assert states(session_factory) == [("1", "withdrawn"), ("1", "proposed")]


def test_withdrawing_gives_way_to_the_version_before(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent, second: PackContent
) -> None:
    for content in (first, second):
        put(session_factory, clock, content)
        agree(session_factory, clock)
    assert judging(session_factory) == {"house": "2"}

    with transaction(session_factory) as session:
        withdraw(session, clock, pack="house", by="韩梅", version=second.hash[:10])

    assert judging(session_factory) == {"house": "1"}
    with pytest.raises(ConflictError) as error, transaction(session_factory) as session:
        withdraw(session, clock, pack="house", by="韩梅", version="2")
    assert code(error) == "rules.withdrawn"


def test_of_two_approvals_at_once_one_is_told(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent
) -> None:
    put(session_factory, clock, first)
    barrier, codes = threading.Barrier(2), []

    def vote(name: str) -> None:
        barrier.wait()
        try:
            agree(session_factory, clock, by=name, version="1")
            codes.append("approved")
        except ConflictError as error:
            codes.append(error.code)

    voters = [threading.Thread(target=vote, args=(name,)) for name in ("李雷", "韩梅")]
    for voter in voters:
        voter.start()
    for voter in voters:
        voter.join()

    assert sorted(codes) == ["approved", "rules.not_proposed"]
    with reading(session_factory) as session:
        approved = select(audit.AuditEntry).where(audit.AuditEntry.action == "rules.approved")
        assert len(session.scalars(approved).all()) == 1


def test_which_version_has_to_be_said_where_several_wait(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent, second: PackContent
) -> None:
    put(session_factory, clock, first)
    put(session_factory, clock, second)

    with pytest.raises(BadInputError) as error:
        agree(session_factory, clock)
    assert code(error) == "rules.version_needed"

    agree(session_factory, clock, version="2")
    assert judging(session_factory) == {"house": "2"}


def test_unknown_versions_and_names(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent
) -> None:
    with pytest.raises(NotFoundError) as error:
        agree(session_factory, clock)
    assert code(error) == "rules.version_unknown"
    with pytest.raises(NotFoundError):
        agree(session_factory, clock, version="7")
    with pytest.raises(BadInputError) as nameless:
        put(session_factory, clock, first, by="  ")
    assert code(nameless) == "rules.no_name"


def test_what_comes_with_the_release_is_kept_once_and_not_withdrawn(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent
) -> None:
    for _ in range(2):
        with transaction(session_factory) as session:
            keep(session, clock, first, "shipped", "diting 1.0")
    assert states(session_factory) == [("1", "approved")]
    assert judging(session_factory) == {}  # only a site's own versions take the place of files

    with pytest.raises(ConflictError) as error, transaction(session_factory) as session:
        withdraw(session, clock, pack="house", by="李雷", version="1")
    assert code(error) == "rules.shipped"


def test_damaged_content_is_noticed(
    session_factory: SessionFactory, clock: FixedClock, first: PackContent
) -> None:
    put(session_factory, clock, first)
    with transaction(session_factory) as session:
        session.execute(text('UPDATE pack_version SET files = \'{"pack.yaml": "id: x"}\''))
    with reading(session_factory) as session, pytest.raises(IntegrityError) as error:
        files_of(find_version(session, "house", "1"))
    assert code(error) == "rules.version_damaged"


def test_a_pack_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    pack = write_house(tmp_path, more="rules: [\n")
    with pytest.raises(RuleError):
        read_content(pack)
