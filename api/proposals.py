"""Versions of a site's packs that people propose, look at and decide on over HTTP."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.pack_difference import DifferenceOut, FileChange, difference_out, file_changes
from api.rule_examples import RULE_TEXT, VERSION
from api.rule_shapes import PackVersionOut
from api.rule_trial_shapes import ChangeIn
from api.rule_trials import base_files
from api.rules import version_out
from pipeline.library import Library, is_shipped
from qc.approval import service
from qc.approval.content import PackContent
from qc.approval.lookup import in_force, versions
from qc.approval.models import PackVersionRow
from qc.examples import require_pass
from qc.language.loader import Source
from qc.workbench.difference import compare
from qc.workbench.splice import HEAD, counted_up, next_version, with_rule
from store.errors import BadInputError, NotFoundError

State = Literal["proposed", "approved", "withdrawn"]
_PROPOSED: Final[dict[str, Any]] = {
    **VERSION, "state": "proposed", "judging": False, "approved_by": None, "approved_at": None
}  # fmt: skip
_DIFF = "--- tone.yaml\n+++ tone.yaml\n@@ -3 +3 @@\n-  version: 1\n+  version: 2"
PROPOSAL: Final[dict[str, Any]] = {
    **_PROPOSED,
    "against": "house@2",
    "difference": {
        "packs": [],
        "words": [],
        "concepts": [],
        "rules": {"added": ["house.scolds@1"], "removed": [], "changed": []},
    },
    "files": [{"file": "tone.yaml", "change": "changed", "diff": _DIFF}],
}


class ProposalIn(ChangeIn):
    """A new version of a pack: what changes, and its number; without one the next is taken."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"rules": [RULE_TEXT]}]})

    version: Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,9}){0,3}$")] | None = None


class DecisionIn(BaseModel):
    """Why a proposal is rejected or a version stopped; for the record."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"because": "例句太少"}]})

    because: str | None = Field(None, min_length=1, max_length=1000)


class ProposalOut(PackVersionOut):
    """A version with what it changes against the one that judges."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROPOSAL]})

    against: str | None = Field(description="what judges now; null where nothing does")
    difference: DifferenceOut
    files: list[FileChange]


def proposals(
    session: Session, pack: str, *, state: State | None, before: int | None, limit: int
) -> list[PackVersionOut]:
    """Versions that people proposed, the newest first."""
    query = select(PackVersionRow).where(PackVersionRow.pack == pack, PackVersionRow.origin == "site")
    if state is not None:
        query = query.where(PackVersionRow.state == state)
    if before is not None:
        query = query.where(PackVersionRow.id < before)
    judging = _judging(session)
    rows = session.scalars(query.order_by(PackVersionRow.id.desc()).limit(limit))
    return [version_out(row, judging=row.id in judging) for row in rows]


def proposal(session: Session, library: Library, pack: str, number: int) -> ProposalOut:
    """One version and what it changes.

    Raises:
        NotFoundError: `rules.version_unknown`.
        RuleError: this version of Diting cannot read it any more.
    """
    row = find_proposal(session, pack, number)
    opened = library.version(session, row)
    live = in_force(session).get(pack)
    base = None if live is None else library.version(session, live)
    return ProposalOut(
        **dict(version_out(row, judging=row.id in _judging(session))),
        against=None if live is None else live.name,
        difference=difference_out(compare(base.book.source if base else Source(), opened.book.source)),
        files=list(file_changes(base.files if base else {}, opened.files)),
    )


def prepared(session: Session, library: Library, pack: str, wanted: ProposalIn) -> PackContent:
    """The pack with the changes, fit to be proposed: without problems, its examples as they say.

    Raises:
        NotFoundError: `rules.pack_unknown`.
        ConflictError: `rules.shipped`.
        RuleError: something is wrong with it.
        BadInputError: `rules.other_pack`.
    """
    if is_shipped(pack):
        raise service.shipped(pack)
    files = base_files(session, library, pack, wanted.files)
    for text in wanted.rules:
        files, _ = with_rule(files, text)
    if HEAD not in wanted.files or wanted.version is not None:
        files = _numbered(session, library, pack, files, wanted.version)
    opened = library.changed(session, pack, files)
    if opened.book.source.folders.get(pack) is None:
        raise BadInputError(
            f"pack.yaml says that it is another pack than {pack}",
            code="rules.other_pack",
            where=HEAD,
            mend="Keep the `id` of the pack.",
        )
    own = dict.fromkeys(entry.compiled.rule.id for entry in opened.entries)
    require_pass([each for rule in own for each in opened.failures(rule)], pack)
    return library.content(session, pack, files)


def find_proposal(session: Session, pack: str, number: int) -> PackVersionRow:
    """A version that somebody proposed.

    Raises:
        NotFoundError: `rules.version_unknown`.
    """
    row = session.get(PackVersionRow, number)
    if row is None or row.pack != pack or row.origin != "site":
        raise NotFoundError(
            f"the pack {pack!r} has no proposal {number}",
            code="rules.version_unknown",
            mend="GET /api/v1/packs/{pack}/proposals lists them.",
        )
    return row


def _numbered(
    session: Session, library: Library, pack: str, files: dict[str, str], version: str | None
) -> dict[str, str]:
    """The files with a version of their own; unchanged where they are what is on record already."""
    taken = {row.version for row in versions(session, pack) if _stands(row)}
    if version is None:
        content = library.content(session, pack, files)
        if any(row.content_hash == content.hash for row in versions(session, pack)):
            return files
        version = content.version
        while version in taken:
            version = next_version(version)
    return counted_up(files, version)


def _stands(row: PackVersionRow) -> bool:
    """Whether its number is taken: a proposal that was taken back gives it free."""
    return row.state != "withdrawn" or row.approved_at is not None


def _judging(session: Session) -> frozenset[int]:
    return frozenset(row.id for row in in_force(session).values())
