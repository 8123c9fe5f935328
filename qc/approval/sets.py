"""Sets of pack versions that judge calls together: kept when they begin to, loaded again by their hash."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from qc.approval.content import PackContent, read_content, unpacked
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


def keep_set(session: Session, clock: Clock, packs: PackSet, members: Sequence[Member]) -> None:
    """Note what a set consists of, once. The versions themselves are kept before."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(PackSetRow)
        .values(
            hash=packs.hash,
            packs=list(packs.names),
            members=[{"content_hash": each.content.hash, "rules": each.rules} for each in members],
            advisory=list(packs.advisory),
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )


def load_set(session: Session, pack_hash: str, *, exact: bool = True) -> PackSet:
    """The packs that made an inspection, as they were then.

    Args:
        pack_hash: as the inspection has it.
        exact: refuse them where they would judge otherwise now; False: they are only shown.

    Raises:
        NotFoundError: `rules.set_unknown`, this hash judged nothing here, or before sets were kept.
        IntegrityError: `rules.version_damaged`, `rules.set_changed`.
        RuleError: this version of Diting cannot read them any more.
    """
    row = session.get(PackSetRow, pack_hash)
    if row is None:
        raise NotFoundError(
            f"no packs with the hash {pack_hash!r} are on record",
            code="rules.set_unknown",
            mend="`diting rules versions` lists what is on record; older inspections name their packs only.",
        )
    found = []
    for member in row.members:
        version = by_hash(session, member["content_hash"])
        if version is None:
            raise IntegrityError(
                f"a pack of the set {pack_hash[:12]} is missing",
                code="rules.version_damaged",
                mend="Restore the database from a backup.",
            )
        found.append((version.pack, files_of(version)))
    with unpacked(found) as folders:
        chosen = [(folder, bool(each["rules"])) for folder, each in zip(folders, row.members, strict=True)]
        packs = compiled(read_chosen(chosen), frozenset(row.advisory))
    if exact and packs.hash != pack_hash:
        raise IntegrityError(
            f"{', '.join(row.packs)} mean something else to this version of Diting than when they judged",
            code="rules.set_changed",
            mend="The likeness model or the rule language changed: use the release that inspected the call.",
        )
    return packs
