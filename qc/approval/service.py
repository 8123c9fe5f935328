"""Propose, approve and withdraw versions of rule packs. Every step is in the audit log; none commits."""

import unicodedata
from typing import Literal

from sqlalchemy import or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError
from sqlalchemy.orm import Session

from qc.approval.content import PackContent
from qc.approval.lookup import by_hash, content_of, find_version, in_force, versions
from qc.approval.models import PackVersionRow
from store import audit
from store.clock import Clock
from store.errors import BadInputError, ConflictError, NotFoundError
from store.people import PersonRow

Origin = Literal["shipped", "files"]


def propose(
    session: Session, clock: Clock, content: PackContent, *, by: str, actor: str | None = None
) -> PackVersionRow:
    """Put a version of a pack up for approval. Proposing the same content again changes nothing.

    Args:
        content: the pack as read; the caller has checked that it is without problems.
        by: who proposes it.
        actor: who is named in the audit log; default: `by`.

    Raises:
        BadInputError: `rules.no_name`.
        ConflictError: `rules.version_taken`, this version of the pack, or of one of its rules, says something
            else already.
    """
    by = require_name(by)
    row = by_hash(session, content.hash)
    if row is not None and (row.state != "withdrawn" and row.origin != "files"):
        return row
    other = session.scalar(
        select(PackVersionRow).where(
            PackVersionRow.pack == content.pack,
            PackVersionRow.version == content.version,
            PackVersionRow.content_hash != content.hash,
            PackVersionRow.origin == "site",
            or_(PackVersionRow.state != "withdrawn", PackVersionRow.approved_at.is_not(None)),
        )
    )
    if other is not None:
        raise _version_taken(content)
    _require_counted(session, content)
    if row is None:
        row = _new_row(clock, content, by)
        try:
            with session.begin_nested():
                session.add(row)
        except DatabaseIntegrityError:  # somebody else proposed the same, or another content, at this moment
            row = by_hash(session, content.hash)
            if row is None:
                raise _version_taken(content) from None
            return row
    else:
        row.origin, row.state, row.proposed_by, row.proposed_at = "site", "proposed", by, clock.now()
        row.approved_by = row.approved_at = row.withdrawn_by = row.withdrawn_at = None
        session.flush()
    _audit(session, clock, row, "rules.proposed", by, actor)
    return row


def approve(
    session: Session,
    clock: Clock,
    *,
    pack: str,
    by: str,
    version: str | None = None,
    actor: str | None = None,
) -> PackVersionRow:
    """Approve a proposed version: from now on it judges. Of several people who approve at once one is told
    that it is approved already.

    Args:
        pack: its id.
        by: who approves it; never who proposed it.
        version: which one, by number or by (the beginning of) its hash; may be left out where only one is
            proposed.

    Raises:
        NotFoundError: `rules.version_unknown`.
        BadInputError: `rules.no_name`, `rules.version_needed`.
        ConflictError: `rules.same_person`, `rules.not_proposed`.
    """
    by = require_name(by)
    row = _proposed(session, pack, version)
    if one_person(session, row.proposed_by, by):
        raise ConflictError(
            f"{row.proposed_by} proposed {row.name} and cannot approve it",
            code="rules.same_person",
            mend="Another person has to look at it and approve it.",
        )
    if not _move(session, row, "proposed", state="approved", approved_by=by, approved_at=clock.now()):
        session.refresh(row)
        raise not_proposed(row)
    session.refresh(row)
    _audit(session, clock, row, "rules.approved", by, actor)
    return row


def withdraw(
    session: Session,
    clock: Clock,
    *,
    pack: str,
    by: str,
    version: str,
    actor: str | None = None,
    because: str | None = None,
) -> PackVersionRow:
    """Take back or reject a proposal, or stop an approved version: then the version approved before it judges
    again. `because` goes into the audit log.

    Raises:
        NotFoundError: `rules.version_unknown`.
        BadInputError: `rules.no_name`.
        ConflictError: `rules.withdrawn`, `rules.shipped`.
    """
    by = require_name(by)
    row = find_version(session, pack, version)
    if row.origin != "site":
        raise ConflictError(
            f"{row.name} came with the release, or was never proposed",
            code="rules.shipped",
            mend="A pack that nobody names in the settings judges nobody.",
        )
    state = row.state
    if state == "withdrawn" or not _move(
        session, row, state, state="withdrawn", withdrawn_by=by, withdrawn_at=clock.now()
    ):
        session.refresh(row)
        raise ConflictError(
            f"{row.name} was withdrawn by {row.withdrawn_by}" if row.withdrawn_by else f"{row.name} changed",
            code="rules.withdrawn",
            mend="`diting rules versions` shows how things stand.",
        )
    session.refresh(row)
    _audit(session, clock, row, "rules.withdrawn", by, actor, because)
    return row


def keep(session: Session, clock: Clock, content: PackContent, origin: Origin, by: str) -> None:
    """Keep the content of a pack that judges without a proposal, so that its results can be read later."""
    if by_hash(session, content.hash) is not None:
        return
    row = _new_row(clock, content, by)
    row.origin, row.state, row.approved_by, row.approved_at = origin, "approved", by, clock.now()
    try:
        with session.begin_nested():
            session.add(row)
    except DatabaseIntegrityError:
        if by_hash(session, content.hash) is None:
            raise
        return
    _audit(session, clock, row, f"rules.kept_{origin}", by, None)


def shipped(pack: str) -> ConflictError:
    """The refusal of a proposal for a pack that comes with Diting."""
    return ConflictError(
        f"{pack} comes with Diting and is approved by the release",
        code="rules.shipped",
        mend="Put rules of your own into a pack of your own, in a folder named in DITING_RULE_FOLDERS.",
    )


def require_name(by: str) -> str:
    """The name of a person, without blanks around it.

    Raises:
        BadInputError: `rules.no_name`.
    """
    name = " ".join(by.split())
    if not name or len(name) > 200:
        raise BadInputError("say who you are", code="rules.no_name", mend="Give your name with --by.")
    return name


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, however they are written."""
    return _plain(one) == _plain(other)


def one_person(session: Session, one: str, other: str) -> bool:
    """Whether two names are one person's: who is on record (`diting people`) has an id and a name."""
    if same_person(one, other):
        return True
    known = [
        {_plain(row.id), _plain(row.name)} for row in session.execute(select(PersonRow.id, PersonRow.name))
    ]
    return any(_plain(one) in names and _plain(other) in names for names in known)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", "".join(name.split())).casefold()


def _proposed(session: Session, pack: str, version: str | None) -> PackVersionRow:
    if version is not None:
        row = find_version(session, pack, version)
        if row.state != "proposed":
            raise not_proposed(row)
        return row
    waiting = [row for row in versions(session, pack) if row.state == "proposed"]
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        known = versions(session, pack)
        raise NotFoundError(
            f"no version of the pack {pack!r} waits for approval",
            code="rules.version_unknown",
            mend=f"Newest on record: {known[-1].name}, {known[-1].state}."
            if known
            else f"Propose one: diting rules propose {pack} --by NAME.",
        )
    raise BadInputError(
        f"several versions of {pack} wait: {', '.join(row.version for row in waiting)}",
        code="rules.version_needed",
        mend="Say which one with --version.",
    )


def _move(session: Session, row: PackVersionRow, was: str, **values: object) -> bool:
    """Change a version if nobody else has changed its state meanwhile."""
    result = session.execute(
        update(PackVersionRow)
        .where(PackVersionRow.id == row.id, PackVersionRow.state == was)
        .values(**values),
        execution_options={"synchronize_session": False},
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def not_proposed(row: PackVersionRow) -> ConflictError:
    """The refusal of a step that only a proposal can take."""
    person = row.approved_by if row.state == "approved" else row.withdrawn_by
    return ConflictError(
        f"{row.name} is {row.state} already, by {person}",
        code="rules.not_proposed",
        mend="Only proposed versions are approved; `diting rules versions` shows how things stand.",
    )


def _require_counted(session: Session, content: PackContent) -> None:
    """Findings name their rule with its version: one version of a rule must not mean two things."""
    judging = in_force(session).get(content.pack)
    if judging is None:
        return
    known = content_of(judging).rules
    changed = sorted(name for name, said in content.rules.items() if known.get(name, said) != said)
    if changed:
        raise ConflictError(
            f"rules of {judging.name} look for something else under the same version: {', '.join(changed)}",
            code="rules.version_taken",
            where=content.pack,
            mend="Count `version` of these rules up.",
        )


def _version_taken(content: PackContent) -> ConflictError:
    return ConflictError(
        f"version {content.version} of the pack {content.pack!r} says something else already",
        code="rules.version_taken",
        mend="Count `version` in pack.yaml up, and the versions of the rules that changed.",
    )


def _new_row(clock: Clock, content: PackContent, by: str) -> PackVersionRow:
    return PackVersionRow(
        pack=content.pack,
        version=content.version,
        language=content.language,
        content_hash=content.hash,
        files=dict(content.files),
        files_sha256=content.files_sha256,
        origin="site",
        state="proposed",
        proposed_by=by,
        proposed_at=clock.now(),
    )


def _audit(
    session: Session,
    clock: Clock,
    row: PackVersionRow,
    action: str,
    by: str,
    actor: str | None,
    because: str | None = None,
) -> None:
    details = {"by": by, "content_hash": row.content_hash, "files_sha256": row.files_sha256}
    audit.append(
        session,
        clock,
        actor=actor or by,
        action=action,
        subject=f"pack:{row.name}",
        details=details if because is None else {**details, "because": because},
    )
