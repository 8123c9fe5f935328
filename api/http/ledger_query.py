"""What a request may ask of the ledger."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.http.moments import MONTH, Moment
from complaint_warnings.ledger.filters import Filters
from complaint_warnings.ledger.lines import Wanted
from complaint_warnings.ledger.sorting import DEFAULT_SORT, SORTS
from complaint_warnings.types import Language

LIMIT_MAX = 500
Word = Annotated[str, StringConstraints(max_length=200)]
Several = Annotated[list[Word], Field(default_factory=list, max_length=50)]
Part = Annotated[str, StringConstraints(min_length=1, max_length=200)] | None


class FilterQuery(BaseModel):
    """Filters: of several values of one field any, of several fields all."""

    model_config = ConfigDict(extra="forbid")

    level: Several
    state: Several
    source: Several
    kind: Several
    result: Several
    handler: Several
    reporter: Several
    reviewer: Several
    team: Several
    collector: Several
    client: Several
    since: Moment | None = Field(default=None, description="the matter happened then or later")
    until: Moment | None = Field(default=None, description="the matter happened before")
    number: Part = Field(default=None, description="beginning of the case's number")
    name: Part = Field(default=None, description="part of the debtor's name")
    contact: Part = Field(default=None, description="part of the debtor's number")
    text: Part = Field(default=None, description="part of the advice or result")
    overdue: bool | None = Field(default=None, description="whether a deadline has passed")
    open: bool | None = Field(default=None, description="whether somebody still has to do something")

    def filters(self) -> Filters:
        """The filters as the ledger takes them."""
        return Filters(
            kinds=tuple(self.kind),
            levels=tuple(self.level),
            states=tuple(self.state),
            sources=tuple(self.source),
            results=tuple(self.result),
            handlers=tuple(self.handler),
            reporters=tuple(self.reporter),
            reviewers=tuple(self.reviewer),
            teams=tuple(self.team),
            collectors=tuple(self.collector),
            clients=tuple(self.client),
            since=self.since,
            until=self.until,
            number=self.number,
            name=self.name,
            contact=self.contact,
            text=self.text,
            overdue=self.overdue,
            open=self.open,
        )


class SortedQuery(FilterQuery):
    """Filters and an order."""

    sort: Word = Field(
        default=DEFAULT_SORT,
        description=f"one of {', '.join(SORTS)}",
        json_schema_extra={"enum": list(SORTS)},
    )
    order: Literal["asc", "desc"] = "desc"

    def wanted(self, now: datetime, *, masked: bool) -> Wanted:
        """The lines that are wanted; `masked` hides names and numbers of debtors."""
        return Wanted(self.filters(), now, self.sort, self.order == "desc", masked)


class PageQuery(SortedQuery):
    """One page."""

    limit: int = Field(default=50, ge=1, le=LIMIT_MAX, description="how many at most")
    cursor: Annotated[str, StringConstraints(max_length=2000)] | None = Field(
        default=None, description="`next` of the page before"
    )


class CsvQuery(SortedQuery):
    """A file of lines."""

    lang: Language = Field(default="zh", description="language of the advice")


class WorkbookQuery(CsvQuery):
    """A workbook of lines."""

    explain: bool = Field(default=False, description="with a second sheet of all points")


class SummaryQuery(FilterQuery):
    """Months of lines."""

    first: Word = Field(
        description="the first month", examples=["2026-01"], json_schema_extra={"pattern": MONTH}
    )
    last: Word = Field(
        description="the last month", examples=["2026-03"], json_schema_extra={"pattern": MONTH}
    )
