"""The ledger as the command line and the API show it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from complaint_warnings.ledger.check import LedgerProblem
from complaint_warnings.ledger.filters import Filters
from complaint_warnings.ledger.lines import LedgerLine, Named
from complaint_warnings.ledger.summary import Month

EXAMPLE: dict[str, Any] = {
    "case_id": 12,
    "number": "W-2026-000012",
    "kind": "warning",
    "debtor": "李建国",
    "contact": "+86138****8000",
    "amount": "1260.00",
    "currency": "CNY",
    "source": "call",
    "time": "2026-03-05T02:12:00Z",
    "entered": "2026-03-05T02:31:00Z",
    "level": "high",
    "score": 92.4,
    "advice": {"zh": "立即启动投诉处理。", "en": "Start complaint handling now."},
    "reporter": {"id": "system", "name": None},
    "reviewer": {"id": "head-1", "name": "王部长"},
    "signed": "2026-03-05T03:00:00Z",
    "verdict": "confirmed",
    "state": "reviewed",
    "handler": None,
    "result": None,
    "closed": None,
    "updated": "2026-03-05T03:00:00Z",
    "client": "中国联通",
    "collector": "A1027",
    "team": "T1",
    "overdue": False,
}


MONTH_EXAMPLE: dict[str, Any] = {
    "month": "2026-10",
    "carried_in": 31,
    "opened": 40,
    "closed": 38,
    "carried_out": 33,
    "shares": {"level": {"high": 9, "medium": 21, "low": 10}, "source": {"call": 34, "report": 6}},
}


class LedgerPerson(BaseModel):
    """A person; `name` is null where the table of people has none."""

    id: str
    name: str | None


class LedgerLineOut(BaseModel):
    """One line of the ledger."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    case_id: int
    number: str
    kind: str
    debtor: str | None
    contact: str | None = Field(description="partly masked")
    amount: str | None
    currency: str | None
    source: str
    time: datetime | None = Field(description="when the matter happened; null where that is unknown")
    entered: datetime
    level: str
    score: float | None
    advice: dict[str, str]
    reporter: LedgerPerson
    reviewer: LedgerPerson | None
    signed: datetime | None
    verdict: str | None
    state: str
    handler: LedgerPerson | None
    result: str | None
    closed: datetime | None
    updated: datetime
    client: str | None
    collector: str | None
    team: str | None
    overdue: bool = Field(description="a deadline has passed and is awaited still")


class LedgerPageOut(BaseModel):
    """Lines of the ledger in the order asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE], "next": None}]})

    items: list[LedgerLineOut]
    next: str | None = Field(description="cursor of the page after; null where there is none")


class LedgerMonth(BaseModel):
    """One month of the ledger; the key of what is not known is empty."""

    model_config = ConfigDict(json_schema_extra={"examples": [MONTH_EXAMPLE]})

    month: str
    carried_in: int
    opened: int
    closed: int
    carried_out: int
    shares: dict[str, dict[str, int]]


class SummaryOut(BaseModel):
    """Months, oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"months": [MONTH_EXAMPLE]}]})

    months: list[LedgerMonth]


class ProblemOut(BaseModel):
    """One row that is not what was written."""

    table: str
    id: int
    seq: int | None
    kind: Literal["altered", "missing", "extra"]
    message: str


def line_out(line: LedgerLine) -> LedgerLineOut:
    """One line."""
    return LedgerLineOut(
        case_id=line.case_id,
        number=line.number,
        kind=line.kind,
        debtor=line.debtor,
        contact=line.contact,
        amount=None if line.amount is None else str(line.amount),
        currency=line.currency,
        source=line.source,
        time=line.time,
        entered=line.entered,
        level=line.level,
        score=line.score,
        advice=line.advice,
        reporter=LedgerPerson(id=line.reporter.id, name=line.reporter.name),
        reviewer=_person(line.reviewer),
        signed=line.signed,
        verdict=line.verdict,
        state=line.state,
        handler=_person(line.handler),
        result=line.result,
        closed=line.closed,
        updated=line.updated,
        client=line.client,
        collector=line.collector,
        team=line.team,
        overdue=line.overdue,
    )


def month_out(month: Month) -> LedgerMonth:
    """One month."""
    shares = {
        name: {word or "": count for word, count in words.items()} for name, words in month.shares.items()
    }
    return LedgerMonth(
        month=month.month,
        carried_in=month.carried_in,
        opened=month.opened,
        closed=month.closed,
        carried_out=month.carried_out,
        shares=shares,
    )


def problem_out(problem: LedgerProblem) -> ProblemOut:
    """One row that is not what was written."""
    return ProblemOut(
        table=problem.table, id=problem.id, seq=problem.seq, kind=problem.kind, message=problem.message
    )


def given(filters: Filters) -> dict[str, Any]:
    """The filters that are set, as the audit log tells them: of the words looked for only that there were
    some, since names and numbers are nobody's business there."""
    plain = {name: getattr(filters, name) for name in filters.__slots__}
    hidden = {"name", "contact", "text"}
    return {
        name: "…" if name in hidden else value.isoformat() if isinstance(value, datetime) else value
        for name, value in plain.items()
        if value not in (None, ())
    }


def _person(named: Named | None) -> LedgerPerson | None:
    return None if named is None else LedgerPerson(id=named.id, name=named.name)
