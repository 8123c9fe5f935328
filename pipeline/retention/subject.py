"""Everything that is on record about one person whose debts are collected: who that is, and their rows."""

from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningDebtorRow
from ingest.facts.models import CaseFactRow
from ingest.models import CallRow
from ingest.numbers import normalise_number
from pipeline.evidence.gather import plain
from pipeline.retention.places import TABLES
from pipeline.retention.rows import hanging
from pipeline.schema import whole_metadata
from store.errors import BadInputError, NotFoundError
from store.views import ViewRow

Json = dict[str, Any]
_SHOWN: Final = 5
# What the result file of a call says already, and copies of it for searching.
_IN_RESULT: Final = frozenset({"transcript", "hearing", "finding", "inspection", "call"})


def find_debtor(session: Session, *, debtor: str | None = None, phone: str | None = None) -> str:
    """The key of the one person who is meant, by key (`customer:C889201`) or by telephone number.

    Raises:
        BadInputError: `subject.which`, give one of the two; `subject.several`, several have this number.
        NotFoundError: `subject.unknown`.
    """
    if (debtor is None) == (phone is None):
        raise BadInputError(
            "name the person by their key or by their number",
            code="subject.which",
            mend="Give exactly one of the two.",
        )
    if debtor is not None:
        if debtor_known(session, debtor):
            return debtor
        raise _unknown(debtor)
    wanted = {str(phone), normalise_number(str(phone))}
    found = sorted(
        set(session.scalars(select(CallRow.debtor_key).where(CallRow.customer_number.in_(wanted))))
    )
    if len(found) > 1:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise BadInputError(
            f"calls of several people have this number: {', '.join(found[:_SHOWN])}{more}",
            code="subject.several",
            mend="Name one of them by key: what is known of the others is not theirs to see.",
        )
    if not found:
        raise _unknown("this number")
    return found[0]


def debtor_known(session: Session, debtor_key: str) -> bool:
    """Whether anything is on record about the person."""
    queries = (
        select(CallRow.id).where(CallRow.debtor_key == debtor_key),
        select(WarningDebtorRow.debtor_key).where(WarningDebtorRow.debtor_key == debtor_key),
        select(CaseFactRow.id).where(facts_of(debtor_key)),
    )
    return any(session.scalar(query.limit(1)) is not None for query in queries)


def facts_of(debtor_key: str) -> Any:
    """Which facts of the case system are about the person."""
    kind, _, name = debtor_key.partition(":")
    columns = {"customer": CaseFactRow.customer_id, "case": CaseFactRow.case_id, "number": CaseFactRow.number}
    return columns.get(kind, CaseFactRow.call_key) == name


def calls_of(session: Session, debtor_key: str) -> list[CallRow]:
    """Their calls, the oldest first."""
    return list(session.scalars(select(CallRow).where(CallRow.debtor_key == debtor_key).order_by(CallRow.id)))


def rows_of(session: Session, debtor_key: str) -> dict[str, list[Json]]:
    """Every row about the person, by table, but for what the result files of their calls say: what hangs on
    their calls and on their warnings, facts of the case system, and who saw and heard what of it."""
    metadata = whole_metadata()
    found: dict[str, dict[str, Json]] = {}
    roots = (
        ("call", CallRow.debtor_key == debtor_key),
        ("warning_debtor", WarningDebtorRow.debtor_key == debtor_key),
        ("case_fact", facts_of(debtor_key)),
        ("view_log", _views_of(debtor_key)),
    )
    for root, condition in roots:
        for name, where in hanging(root, condition).items():
            if name in _IN_RESULT or not _tells(name):
                continue
            table = metadata.tables[name]
            for row in session.execute(select(table).where(where)).mappings():
                document = {str(key): plain(value) for key, value in row.items()}
                key = repr([document[column.name] for column in table.primary_key.columns])
                found.setdefault(name, {})[key] = document
    return {name: [found[name][key] for key in sorted(found[name])] for name in sorted(found)}


def _views_of(debtor_key: str) -> Any:
    calls = select(CallRow.id).where(CallRow.debtor_key == debtor_key)
    keys = select(CallRow.source + "/" + CallRow.external_id).where(CallRow.debtor_key == debtor_key)
    return or_(ViewRow.call_id.in_(calls), ViewRow.subject.in_(select("call:" + keys.subquery().c[0])))


def _tells(table: str) -> bool:
    """Whether its rows tell something of a person, not only how the work runs."""
    known = TABLES.get(table)
    return known is None or bool(known.personal) or known.keeps in {"audit", "cases", "results"}


def _unknown(who: str) -> NotFoundError:
    return NotFoundError(
        f"nothing is on record about {who}",
        code="subject.unknown",
        mend="Look them up in the list of calls; `diting retention prove` tells of deleted calls.",
    )
