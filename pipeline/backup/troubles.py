"""What is said when a folder of backups cannot be worked with."""

import errno
from pathlib import Path
from typing import Final

from pipeline.backup.manifest import Kept
from store.errors import BadInputError, ConflictError, DitingError, IntegrityError, NotFoundError

# What opening a link, a pipe or a socket ends with, where none is followed.
LINKED: Final = frozenset({errno.ELOOP, errno.ENOTDIR, errno.ENXIO})
_ANOTHER: Final = "Use another backup; `diting backup verify --all` tells which are whole."


def foreign(folder: Path) -> ConflictError:
    """It is not ours to write into."""
    return ConflictError(
        "this folder holds something else than backups",
        code="backup.foreign_folder",
        where=str(folder),
        mend="Name an empty folder, or one that was used for backups before.",
    )


def no_folder(folder: Path) -> NotFoundError:
    """Nobody ever made a backup there."""
    return NotFoundError(
        "no backups are kept here",
        code="backup.no_folder",
        where=str(folder),
        mend="Check the path; `diting backup make` fills a folder.",
    )


def busy(folder: Path) -> ConflictError:
    """Somebody else has the lock."""
    return ConflictError(
        "another process works with these backups",
        code="backup.busy",
        where=str(folder),
        mend="Wait until it has ended.",
    )


def missing(where: str) -> NotFoundError:
    """A manifest names what is not there."""
    return NotFoundError("this is missing from the backup", code="backup.missing", where=where, mend=_ANOTHER)


def write_failed(error: OSError) -> DitingError:
    """The disk is full, or closed to us."""
    return DitingError(
        f"the backup cannot be written ({error.strerror or error})",
        code="backup.write_failed",
        where=str(error.filename) if error.filename else None,
        mend="Make room, or check who may write there; what was kept before is as it was.",
    )


def not_plain(where: str, error: OSError | None) -> BadInputError:
    """A link, a pipe or a folder stands where a file should."""
    said = f" ({error.strerror})" if error and error.errno not in LINKED else ""
    return BadInputError(
        f"this is a link, or no plain file{said}: a backup has none of these",
        code="backup.not_plain",
        where=where,
        mend="Do not trust this folder; use another copy of it.",
    )


def changed(kept: Kept, problem: str) -> IntegrityError:
    """Bytes are not what their hash says."""
    return IntegrityError(
        f"this is not what was kept: {problem}",
        code="backup.changed",
        where=f"objects/{kept.sha256[:2]}/{kept.sha256}",
        mend=_ANOTHER,
    )


def no_such(name: str) -> NotFoundError:
    """No manifest has this name."""
    return NotFoundError(
        "there is no such backup",
        code="backup.not_found",
        where=name,
        mend="`diting backup list` shows them.",
    )
