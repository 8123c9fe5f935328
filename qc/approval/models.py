"""Tables of the versions of rule packs, and of the sets of versions that judged calls together."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base

# What was proposed may be mended under the same number as long as nobody was judged by it.
_STANDS = "origin = 'site' AND (state <> 'withdrawn' OR approved_at IS NOT NULL)"


class PackVersionRow(Base):
    """One version of a rule pack with its whole content: `files` are the texts by file name, as read.

    `content_hash` is over what the pack says (`qc.pack_content.pack_hash`), `files_sha256` over the texts
    letter for letter. `origin` is `site` (proposed by a person), `shipped` (approved by the release it came
    with) or `files` (read from a folder while approval was switched off). Of the approved versions of a
    site's pack the one approved last judges; one that is withdrawn gives way to the one before.
    """

    __tablename__ = "pack_version"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'approved', 'withdrawn')", name="state"),
        CheckConstraint("origin IN ('site', 'shipped', 'files')", name="origin"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approval_whole"),
        CheckConstraint("state <> 'approved' OR approved_at IS NOT NULL", name="approved_by_somebody"),
        CheckConstraint("origin <> 'site' OR approved_by <> proposed_by", name="two_persons"),
        UniqueConstraint("content_hash"),
        Index(
            "ix_pack_version_one_content",
            "pack",
            "version",
            unique=True,
            sqlite_where=text(_STANDS),
            postgresql_where=text(_STANDS),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    pack: Mapped[str] = mapped_column(String(100), index=True)
    version: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    content_hash: Mapped[str] = mapped_column(String(64))
    files: Mapped[dict[str, Any]] = mapped_column(deferred=True)  # large, and seldom wanted
    files_sha256: Mapped[str] = mapped_column(String(64), index=True)
    origin: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    proposed_by: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(200))
    approved_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        """`id@version`."""
        return f"{self.pack}@{self.version}"


class PackSetRow(Base):
    """Versions that began to judge calls together; `hash` is what inspections carry as `pack_hash`.

    `content` is over what they say (`qc.compile.PackSet.hash`), and usually the same. A set that judges again
    after another one did in its place (an approval was withdrawn, a rule came back) is another `turn` with a
    hash of its own: its inspections are new ones, and the newest inspection of a call is the one that counts.
    `asked` are the names under which the packs were asked for. `members` are `{"content_hash", "rules"}` in
    the order in which they were read; `rules` is false for a pack that only lent its words and concepts.
    `advisory` are the rules (`id@version`) that only advised.
    """

    __tablename__ = "pack_set"
    __table_args__ = (UniqueConstraint("asked", "content", "turn"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[str] = mapped_column(String(64))
    asked: Mapped[str] = mapped_column(String(400))
    turn: Mapped[int]
    packs: Mapped[list[str]]
    members: Mapped[list[dict[str, Any]]]
    advisory: Mapped[list[str]]
    created_at: Mapped[datetime]
