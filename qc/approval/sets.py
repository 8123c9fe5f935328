"""Sets of pack versions that judge calls together: kept when they begin to, loaded again by their hash."""

import hashlib
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError
from sqlalchemy.orm import Session

from qc.approval.content import PackContent, read_content, unpack
from qc.approval.lookup import by_hash, files_of
from qc.approval.models import PackSetRow
from qc.compile import PackSet
from qc.packs import compiled, read_chosen
from store.clock import Clock
from store.errors import IntegrityError, NotFoundError


@dataclass(frozen=True, slots=True)
class Member:
    """One pack of a set. `rules`: whether its rules run, or it only lends words and concepts."""

    content: PackContent
    rules: bool


def load_chosen(
    chosen: Sequence[tuple[Path, bool]], advisory: Container[str]
) -> tuple[PackSet, tuple[Member, ...]]:
    """Compile the packs in the folders that `qc.packs.choose` chose, and say what they are.

    Raises:
        RuleError: a rule file is wrong.
    """
    packs = compiled(read_chosen(chosen), advisory)
    return packs, tuple(Member(read_content(folder), runs) for folder, runs in chosen)


def keep_set(
    session: Session, clock: Clock, asked: Sequence[str], packs: PackSet, members: Sequence[Member]
) -> PackSet:
    """Note what a set consists of when it begins to judge, and give it the hash that its inspections carry.
    The versions themselves are kept before.

    Args:
        asked: the names under which the packs were asked for.
        packs: as compiled.
        members: as read.
    """
    name = " ".join(asked)
    known = select(PackSetRow).where(PackSetRow.asked == name).order_by(PackSetRow.id)
    rows = session.scalars(known.execution_options(populate_existing=True)).all()
    if rows and rows[-1].content == packs.hash:
        return replace(packs, hash=rows[-1].hash)
    turn = 1 + sum(row.content == packs.hash for row in rows)
    row = PackSetRow(
        hash=packs.hash if turn == 1 else _hash_of_turn(packs.hash, turn),
        content=packs.hash,
        asked=name,
        turn=turn,
        packs=list(packs.names),
        members=[{"content_hash": each.content.hash, "rules": each.rules} for each in members],
        advisory=list(packs.advisory),
        created_at=clock.now(),
    )
    with suppress(DatabaseIntegrityError), session.begin_nested():  # another process may note the same now
        session.add(row)
    return replace(packs, hash=row.hash)


def _hash_of_turn(content: str, turn: int) -> str:
    return hashlib.sha256(f"{content} turn {turn}".encode()).hexdigest()


def load_set(session: Session, pack_hash: str) -> PackSet:
    """The packs that made an inspection, as they were then.

    Raises:
        NotFoundError: `rules.set_unknown`, this hash judged nothing here, or before sets were kept.
        IntegrityError: `rules.version_damaged`, `rules.set_changed`.
        RuleError: this version of Diting cannot read them any more.
    """
    row = find_set(session, pack_hash)
    with TemporaryDirectory(prefix="diting-packs-") as folder:
        packs = compiled(read_chosen(unpack_set(session, row, Path(folder))), frozenset(row.advisory))
    if packs.hash != row.content:
        raise IntegrityError(
            f"{', '.join(row.packs)} mean something else to this version of Diting than when they judged",
            code="rules.set_changed",
            mend="The likeness model or the rule language changed: use the release that inspected the call.",
        )
    return replace(packs, hash=pack_hash)


def find_set(session: Session, pack_hash: str) -> PackSetRow:
    """The set whose inspections carry this hash.

    Raises:
        NotFoundError: `rules.set_unknown`.
    """
    of_hash = select(PackSetRow).where(PackSetRow.hash == pack_hash)
    row = session.scalar(of_hash.order_by(PackSetRow.id.desc()).limit(1))
    if row is None:
        raise NotFoundError(
            f"no packs with the hash {pack_hash!r} are on record",
            code="rules.set_unknown",
            mend="`diting rules versions` lists what is on record; older inspections name their packs only.",
        )
    return row


def unpack_set(session: Session, row: PackSetRow, under: Path) -> list[tuple[Path, bool]]:
    """The folders of the packs of a set, and whether the rules of each ran.

    Raises:
        IntegrityError: `rules.version_damaged`.
    """
    found = []
    for member in row.members:
        version = by_hash(session, member["content_hash"])
        if version is None:
            raise IntegrityError(
                f"a pack of the set {row.hash[:12]} is missing",
                code="rules.version_damaged",
                mend="Restore the database from a backup.",
            )
        found.append((unpack(version.pack, files_of(version), under), bool(member["rules"])))
    return found
