"""The one place where rows are left out: every statement of a session that has a sight is narrowed to it.

What hangs on a call or a case by a foreign key is narrowed through it, so a new table needs nothing here. A
statement that is not written with the mapped classes cannot be narrowed and is refused.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final, cast

from sqlalchemy import Boolean, Column, ColumnElement, Table, and_, event, false, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, sessionmaker
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import Select
from sqlalchemy.sql.visitors import ExternallyTraversible

from api.sight import Reach, Sight
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.ledger.models import LedgerLineRow
from complaint_warnings.models import WarningCallRow, WarningDebtorRow, WarningRow
from complaint_warnings.notices.models import NoticeRow
from complaint_warnings.sources.models import WarningItemRow
from ingest.models import CallRow, RefusalRow
from pipeline.schema import whole_metadata
from qc.coaching.models import CoachingTaskRow
from qc.models import InspectionRow, TicketRow
from store.database import Base, SessionFactory
from transcription.models import TranscriptRow

_SIGHT: Final = "sight"
# A ticket is the collector's to see once it was shared.
SHARED: Final = ("shared", "acknowledged", "appealed", "final")
_REMEMBERED = 1024
# Tables that say by themselves whose a row is.
_ROOTS: Final = (
    CallRow, CaseRow, CoachingTaskRow, LedgerLineRow, NoticeRow, WarningRow, WarningDebtorRow,
    WarningItemRow, RefusalRow,
)  # fmt: skip


# In sight whenever the call that they come from is.
_SAID_BY_CALL: Final = tuple(
    model.__table__ for model in (TranscriptRow, InspectionRow, WarningRow, WarningDebtorRow)
)


class _among(FunctionElement[bool]):  # noqa: N801 (written in conditions, like the functions of SQL)
    """Whether a column is one of few that a query finds. PostgreSQL looks them up first, and by them in the
    index; it would guess that half of all rows are among those of a query."""

    inherit_cache = True
    type = Boolean()


@compiles(_among)
def _found_in(element: _among, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, found = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"{column} IN {found}"


@compiles(_among, "postgresql")
def _found_in_postgresql(element: _among, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, found = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"{column} = ANY(ARRAY{found})"


class _Criterion(LoaderCriteriaOption):
    """What holds of the rows of a table, said of every copy of it in a statement.

    Where a copy is joined on a condition, the library says it of the table itself: that is an error, or
    leaves the copy whole.
    """

    __slots__ = ()
    _traverse_internals = LoaderCriteriaOption._traverse_internals  # statements are kept compiled, by these

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        condition = super()._resolve_where_criteria(ext_info)
        if not ext_info.is_aliased_class:
            return condition
        return cast("ColumnElement[bool]", ext_info._adapter.traverse(condition))


class OutOfReachError(RuntimeError):
    """A statement that cannot be narrowed to what its caller may see: a mistake of ours, never an answer."""


def seeing(factory: SessionFactory, sight: Sight) -> SessionFactory:
    """Sessions that find only what is in sight."""
    return sessionmaker(factory.kw["bind"], expire_on_commit=False, info={_SIGHT: sight})


@event.listens_for(Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    sight: Sight | None = state.session.info.get(_SIGHT)
    if sight is None or sight.unbounded:
        return
    if state.is_orm_statement and state.is_select:
        if not state.is_column_load:
            state.statement = state.statement.options(*_criteria(sight))
        return
    for element in visitors.iterate(cast("ExternallyTraversible", state.statement)):
        if isinstance(element, TextClause) or (isinstance(element, Table) and element in _scoped()):
            raise OutOfReachError(f"{element} is not narrowed to what {sight} may see")


@lru_cache(_REMEMBERED)
def _criteria(sight: Sight) -> Sequence[Any]:
    return [
        _Criterion(model, condition, include_aliases=True) for model, condition in conditions(sight).items()
    ]


def conditions(sight: Sight) -> dict[type[DeclarativeBase], ColumnElement[bool]]:
    """What holds of the rows of every table that the sight narrows."""
    found: dict[type[DeclarativeBase], ColumnElement[bool]] = {
        CallRow: _calls(CallRow, sight),
        TicketRow: _tickets(sight),
        RefusalRow: true() if sight.calls.everything or sight.operates else false(),
        CaseRow: _cases(CaseRow, sight.cases),
        LedgerLineRow: _cases(LedgerLineRow, sight.cases),
        NoticeRow: _notices(sight),
        CoachingTaskRow: _coaching(sight),
        WarningRow: _warnings(sight),
        WarningDebtorRow: _debtors(sight, WarningDebtorRow.debtor_key),
        WarningItemRow: _items(sight),
    }
    for mapper in Base.registry.mappers:
        model = cast("type[DeclarativeBase]", mapper.class_)
        table = cast("Table", mapper.local_table)
        if model not in found and table in _scoped():
            found[model] = and_(*(_through(column, sight) for column in _ways(table)))
    return found


@cache
def _scoped() -> frozenset[Table]:
    """Calls, cases, what says whose it is by itself, and all that refers to any of these."""
    whole_metadata()
    tables = {cast("Table", root.__table__) for root in _ROOTS}
    while more := {
        table
        for table in Base.metadata.tables.values()
        if table not in tables and any(key.column.table in tables for key in table.foreign_keys)
    }:
        tables |= more
    return frozenset(tables)


def _ways(table: Table) -> list[Column[Any]]:
    """The columns by which a table hangs on narrowed ones, without those that say nothing more than the call
    does: each costs every statement time."""
    ways = {
        column: next(iter(column.foreign_keys)).column.table
        for column in table.columns
        if any(key.column.table in _scoped() and key.column.table is not table for key in column.foreign_keys)
    }
    call = CallRow.__table__
    if not any(to is call and not column.nullable for column, to in ways.items()):
        return list(ways)
    return [column for column, to in ways.items() if to not in _SAID_BY_CALL]


def _through(column: Column[Any], sight: Sight) -> ColumnElement[bool]:
    key = next(iter(column.foreign_keys))
    within = column.in_(_ids(key.column, sight))
    return or_(column.is_(None), within) if column.nullable else within


def _ids(column: Column[Any], sight: Sight) -> Select[Any]:
    table = column.table
    if table is CallRow.__table__:
        return select(column).where(_calls(table.c, sight))
    if table in (CaseRow.__table__, LedgerLineRow.__table__):
        return select(column).where(_cases(table.c, sight.cases))
    if table is TicketRow.__table__:
        return select(column).where(_tickets(sight, table.c))
    if table is WarningRow.__table__:
        return select(column).where(_warnings(sight, table.c))
    if table is WarningDebtorRow.__table__:
        return select(column).where(_debtors(sight, column))
    return select(column).where(*(_through(way, sight) for way in _ways(table)))


def _calls(of: Any, sight: Sight) -> ColumnElement[bool]:
    reach = sight.calls
    ways: list[ColumnElement[bool]] = [true()] if reach.everything else []
    if reach.teams and not reach.everything:
        ways.append(of.agent_team.in_(sorted(reach.teams)))
    if reach.person is not None:
        ways.append(of.agent_id == reach.person)
    if sight.cases_of is not None:
        case = CaseRow.__table__.alias()
        own = select(case.c.debtor_key).where(_own(case.c, sight.cases_of)).correlate_except(case)
        ways.append(_among(of.debtor_key, own.scalar_subquery()))
    seen = or_(false(), *ways)
    return seen if reach.but is None else and_(seen, or_(of.agent_id.is_(None), of.agent_id != reach.but))


def _cases(of: Any, reach: Reach) -> ColumnElement[bool]:
    if reach.everything:
        return true()
    ways: list[ColumnElement[bool]] = [of.team.in_(sorted(reach.teams))] if reach.teams else []
    return or_(false(), *ways, *([_own(of, reach.person)] if reach.person is not None else []))


def _own(of: Any, person: str) -> ColumnElement[bool]:
    return or_(false(), of.reporter_id == person, of.reviewer_id == person, of.handler_id == person)


def _tickets(sight: Sight, of: Any = TicketRow) -> ColumnElement[bool]:
    call = CallRow.__table__
    within: ColumnElement[bool] = of.call_id.in_(select(call.c.id).where(_calls(call.c, sight)))
    person = sight.calls.person
    if person is None:
        return within
    own: ColumnElement[bool] = of.call_id.in_(select(call.c.id).where(call.c.agent_id == person))
    return and_(within, or_(~own, of.state.in_(SHARED)))


def _coaching(sight: Sight) -> ColumnElement[bool]:
    """Those of collectors whose calls are in reach, and one's own."""
    reach = sight.calls
    ways: list[ColumnElement[bool]] = [true()] if reach.everything else []
    if reach.teams and not reach.everything:
        ways.append(CoachingTaskRow.team.in_(sorted(reach.teams)))
    if reach.person is not None:
        ways.append(CoachingTaskRow.collector == reach.person)
    return or_(false(), *ways)


def _debtors(sight: Sight, key: Any) -> ColumnElement[bool]:
    """Whether a call or case of the debtor is in sight; asked row by row, as few rows are asked about."""
    call, case = CallRow.__table__.alias(), CaseRow.__table__.alias()
    called = select(call.c.id).where(call.c.debtor_key == key, _calls(call.c, sight))
    handled = select(case.c.id).where(case.c.debtor_key == key, _cases(case.c, sight.cases))
    return or_(called.correlate_except(call).exists(), handled.correlate_except(case).exists())


def _warnings(sight: Sight, of: Any = WarningRow) -> ColumnElement[bool]:
    """Those of which a call or the case is in sight."""
    call, case, link = (model.__table__.alias() for model in (CallRow, CaseRow, WarningCallRow))
    calls = select(link.c.id).join(call, call.c.id == link.c.call_id)
    called = calls.where(link.c.warning_id == of.id, _calls(call.c, sight))
    handled = select(case.c.id).where(case.c.warning_id == of.id, _cases(case.c, sight.cases))
    return or_(called.correlate_except(call, link).exists(), handled.correlate_except(case).exists())


def _items(sight: Sight) -> ColumnElement[bool]:
    """Those that concern a debtor in sight, those that concern nobody yet, and one's own."""
    if sight.cases.everything:
        return true()
    person = sight.cases.person or sight.calls.person
    if person is None:
        return false()
    own = or_(WarningItemRow.reporter_id == person, WarningItemRow.received_by == person)
    if sight.cases.person is None:
        return own
    return or_(own, WarningItemRow.debtor_key.is_(None), _debtors(sight, WarningItemRow.debtor_key))


def _notices(sight: Sight) -> ColumnElement[bool]:
    if sight.cases.everything or sight.operates:
        return true()
    case = CaseRow.__table__
    within = NoticeRow.case_id.in_(select(case.c.id).where(_cases(case.c, sight.cases)))
    person = sight.cases.person
    return within if person is None else or_(within, NoticeRow.recipient == person)
