"""The columns of the ledger as people see them, in lists and in files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

from complaint_warnings.cases.wording import state_name
from complaint_warnings.ledger.lines import LedgerLine, Named
from complaint_warnings.scoring.wording import (
    kind_name,
    level_name,
    result_name,
    source_name,
    verdict_name,
)
from complaint_warnings.types import LEVELS, Language

Value = str | float | Decimal | datetime | None
Form = Literal["text", "long", "level", "amount", "points", "moment"]


@dataclass(frozen=True, slots=True)
class Shown:
    """How the ledger is shown: in which time zone, and in which language advice is given. `mark` stands on an
    export: its id, who took it, and when."""

    zone: ZoneInfo
    language: Language
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` is the word to sort by; `width` is in letters."""

    name: str
    zh: str
    en: str
    form: Form
    width: int
    value: Callable[[LedgerLine, Shown], Value]

    def heading(self, shown: Shown) -> str:
        """The heading in both languages; where it holds times, with their zone."""
        zone = f" ({shown.zone.key})" if self.form == "moment" else ""
        return f"{self.zh} {self.en}{zone}"


def _person(named: Named | None) -> str | None:
    if named is None or named.name is None or named.name == named.id:
        return named.id if named else None
    return f"{named.name} ({named.id})"


def _level(level: str) -> str:
    return next(
        (f"{level_name(each, 'zh')} {level_name(each, 'en')}" for each in LEVELS if each == level), level
    )


COLUMNS: Final[tuple[Column, ...]] = (
    Column("number", "编号", "No.", "text", 17, lambda row, _: row.number),
    Column("kind", "类别", "Kind", "text", 15, lambda row, _: kind_name(row.kind)),
    Column("debtor", "债务人", "Debtor", "text", 14, lambda row, _: row.debtor),
    Column("contact", "联系方式", "Contact", "text", 18, lambda row, _: row.contact),
    Column("amount", "欠款金额", "Amount owed", "amount", 20, lambda row, _: row.amount),
    Column("currency", "币种", "Currency", "text", 14, lambda row, _: row.currency),
    Column("source", "预警来源", "Source", "text", 24, lambda row, _: source_name(row.source)),
    Column(
        "time", "预警时间", "Time", "moment", 30, lambda row, shown: _time(row.time, shown) or "未知 unknown"
    ),
    Column("level", "预警等级", "Level", "level", 15, lambda row, _: _level(row.level)),
    Column("score", "风险评分", "Score", "points", 15, lambda row, _: row.score),
    Column(
        "advice",
        "初步处理建议",
        "First advice",
        "long",
        60,
        lambda row, shown: row.advice.get(shown.language),
    ),
    Column("reporter", "报备人", "Reporter", "text", 20, lambda row, _: _person(row.reporter)),
    Column("entered", "报备时间", "Entered", "moment", 30, lambda row, shown: _time(row.entered, shown)),
    Column("reviewer", "审核签字", "Signed by", "text", 20, lambda row, _: _person(row.reviewer)),
    Column("signed", "签字时间", "Signed", "moment", 30, lambda row, shown: _time(row.signed, shown)),
    Column(
        "verdict", "审核结论", "Verdict", "text", 22, lambda row, _: row.verdict and verdict_name(row.verdict)
    ),
    Column("state", "处理状态", "State", "text", 24, lambda row, _: state_name(row.state)),
    Column("handler", "处理人", "Handler", "text", 20, lambda row, _: _person(row.handler)),
    Column("result", "处理结果", "Result", "text", 26, lambda row, _: row.result and result_name(row.result)),
    Column("closed", "关闭时间", "Closed", "moment", 30, lambda row, shown: _time(row.closed, shown)),
    Column("client", "委托方", "Client", "text", 20, lambda row, _: row.client),
    Column("collector", "催收员", "Collector", "text", 16, lambda row, _: row.collector),
    Column("team", "团队", "Team", "text", 14, lambda row, _: row.team),
    Column("overdue", "超时限", "Overdue", "text", 15, lambda row, _: "是 yes" if row.overdue else None),
)


def _time(moment: datetime | None, shown: Shown) -> datetime | None:
    """The wall time in the zone of the heading: spreadsheets know no zones."""
    return None if moment is None else moment.astimezone(shown.zone).replace(tzinfo=None, microsecond=0)
