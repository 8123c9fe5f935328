"""What every kind of source offers, and how it fails."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

from store.errors import DitingError

# Files and records are compared with what is on record so many at a time: memory stays bounded.
BATCH: Final = 500


class SourceError(DitingError):
    """A source, or one thing in it, cannot be read now.

    Args:
        whole: the source as a whole is at fault (host away, wrong password): no single recording is blamed.
    """

    http_status = 503

    def __init__(
        self,
        message: str,
        *,
        code: str,
        where: str | None = None,
        mend: str | None = None,
        whole: bool = False,
    ) -> None:
        super().__init__(message, code=code, where=where, mend=mend)
        self.whole = whole


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a source holds.

    Attributes:
        key: its name within the source: a path with `/`, or the id of a record.
        version: changes whenever its content may have changed.
        size: bytes, where known.
        modified_at: when it was written, or when the call began; None where unknown.
        document: the record of the call, where the source lists records.
        recording: of such a record, the file name or address of its recording.
        problem: why it cannot be taken: it is refused as it stands.
    """

    key: str
    version: str
    size: int | None = None
    modified_at: datetime | None = None
    document: dict[str, Any] | None = field(default=None, repr=False)
    recording: str | None = None
    problem: DitingError | None = None


class Place(Protocol):
    """An open source. `at_once`: so many threads may use it."""

    at_once: int

    def entries(self) -> Iterator[Entry]:
        """Everything that is there, in any order, read bit by bit.

        Raises:
            SourceError: it cannot be listed.
        """
        ...

    def look(self, key: str) -> Entry | None:
        """One thing as it stands now; None where there is none.

        Raises:
            SourceError: it cannot be looked at.
        """
        ...

    def fetch(self, key: str, target: Path, most_bytes: int) -> None:
        """Copy one thing to a local file that does not exist yet.

        Raises:
            SourceError: it cannot be read.
            BadInputError: `audio.too_large`, or its name is not to be trusted.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
