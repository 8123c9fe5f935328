"""The only way to delete rows of tables that are otherwise only added to: inside one transaction, on record.

While an erasure lasts, its transaction holds the one row of `erasing`, which nobody else can see; the
triggers of the tables look for it. It is gone again before the commit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Integer, delete, insert, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.database import Base

# Their rows may be deleted while an erasure lasts; never those of the audit log.
ERASABLE: Final = ("finding_verdict", "case_event", "case_deadline_told", "complaint")
_ID: Final = 1


class ErasingRow(Base):
    """Stands while a transaction erases; empty at every other time."""

    __tablename__ = "erasing"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


@contextmanager
def erasing(session: Session) -> Iterator[None]:
    """Let the transaction delete rows of the `ERASABLE` tables. SQLite overwrites them in its file.

    Of two at once the second waits here for the first. Take the debtors' turns before.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete=ON"))
    session.execute(insert(ErasingRow).values(id=_ID))
    yield
    session.flush()
    session.execute(delete(ErasingRow).where(ErasingRow.id == _ID))
