"""Whose turn it is with a debtor: everybody who changes a debtor's warnings or cases queues here first."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningDebtorRow
from store.database import in_transaction

_TAKEN = "turns"


def take_turn(session: Session, debtor_key: str) -> None:
    """Lock the debtor until the transaction ends.

    It is the first lock of everything about one debtor: the warning, the case and the audit log come after
    it, always in that order, so that nobody waits in a circle. Inserting first makes the row to be locked
    exist; a worker that inserts the same key meanwhile waits here for the other's commit.
    """
    taken: set[str] = in_transaction(session).setdefault(_TAKEN, set())
    if debtor_key in taken:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(WarningDebtorRow).values(debtor_key=debtor_key, turns=0).on_conflict_do_nothing())
    session.execute(
        update(WarningDebtorRow)
        .where(WarningDebtorRow.debtor_key == debtor_key)
        .values(turns=WarningDebtorRow.turns + 1)
    )
    if not session.in_nested_transaction():  # what a savepoint locked may be let go with it
        taken.add(debtor_key)


def take_all_turns(session: Session, debtor_keys: Iterable[str]) -> None:
    """Lock several debtors, for a transaction that goes on to change the warnings of each.

    All turns are taken before anything else about one of the debtors, in the order of their keys: the first
    entry in the audit log keeps everybody from it until the commit, and whoever waits there may have the
    turn of the next debtor.
    """
    keys = sorted(set(debtor_keys))
    if not keys:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [{"debtor_key": key, "turns": 0} for key in keys]
    session.execute(insert(WarningDebtorRow).on_conflict_do_nothing(), rows)
    locked = select(WarningDebtorRow.debtor_key).where(WarningDebtorRow.debtor_key.in_(keys))
    session.execute(locked.order_by(WarningDebtorRow.debtor_key).with_for_update()).all()
