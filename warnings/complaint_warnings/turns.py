"""Whose turn it is with a debtor: everybody who changes a debtor's warnings or cases queues here first."""

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningDebtorRow


def take_turn(session: Session, debtor_key: str) -> None:
    """Lock the debtor until the transaction ends.

    It is the first lock of everything about one debtor: the warning, the case and the audit log come after
    it, always in that order, so that nobody waits in a circle. Inserting first makes the row to be locked
    exist; a worker that inserts the same key meanwhile waits here for the other's commit.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(WarningDebtorRow).values(debtor_key=debtor_key, turns=0).on_conflict_do_nothing())
    session.execute(
        update(WarningDebtorRow)
        .where(WarningDebtorRow.debtor_key == debtor_key)
        .values(turns=WarningDebtorRow.turns + 1)
    )
