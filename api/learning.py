"""What was learnt, as people are shown it: documents for JSON, on the command line and over HTTP alike."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.words import Words
from complaint_warnings.learning.conversion import Conversion
from complaint_warnings.learning.figures import REPEAT_WITHIN, Figures
from complaint_warnings.learning.groups import Group
from complaint_warnings.learning.models import LessonRow
from complaint_warnings.learning.month import Month, month_of, month_span
from complaint_warnings.learning.service import heard_of, stories
from complaint_warnings.learning.types import Rate

MISSED: Final = {
    "no_calls": Words("无通话记录", "no call on record"),
    "not_judged": Words("有通话未能判定", "a call could not be judged"),
    "no_signals": Words("通话中无信号", "no sign in any call"),
    "late": Words("预警晚于投诉", "warned too late"),
}
DIMENSION_WORDS: Final = {
    "process": Words("流程", "process"),
    "staff": Words("人员", "staff"),
    "system": Words("系统", "system"),
}


def read_month(session: Session, name: str, zone: ZoneInfo) -> Month:
    """The figures of a month.

    Raises:
        BadInputError: `learning.month`.
    """
    return read_months(session, [name], zone)[0]


def read_months(session: Session, names: Sequence[str], zone: ZoneInfo) -> list[Month]:
    """The figures of some months, oldest first.

    Raises:
        BadInputError: `learning.month`.
    """
    since = month_span(names[0], zone).start - REPEAT_WITHIN
    known = list(stories(session, since=since))
    return [month_of(known, name, zone, heard_of(session)) for name in names]


def month_document(month: Month) -> dict[str, Any]:
    """A month as values that JSON can hold. A share that has no whole is null, not 0."""
    return {
        "month": month.name,
        **_figures(month.whole),
        "parts": {
            part: {name: _figures(own) for name, own in by_name.items() if _happened(own)}
            for part, by_name in month.parts.items()
        },
        "conversion": _conversion(month.conversion),
    }


def group_document(group: Group) -> dict[str, Any]:
    """A group of complaints as values that JSON can hold."""
    return asdict(group) | {"first_at": group.first_at.isoformat(), "last_at": group.last_at.isoformat()}


def lesson_document(row: LessonRow) -> dict[str, Any]:
    """A case of the library as values that JSON can hold."""
    return {
        "case_id": row.case_id,
        "number": row.number,
        "type": row.type,
        "classification": row.classification,
        "channel": row.channel,
        "level": row.level,
        "causes": row.causes,
        "claim": row.claim,
        "cause": row.cause,
        "solution": row.solution,
        "result": row.result,
        "rating": row.rating,
        "closed_at": row.closed_at.isoformat(),
        "approved_by": row.approved_by,
    }


def _happened(figures: Figures) -> bool:
    return bool(figures.complaints or figures.closed or figures.open_at_end)


def _rate(rate: Rate) -> dict[str, Any]:
    return {"part": rate.part, "whole": rate.whole, "share": rate.share}


def _figures(figures: Figures) -> dict[str, Any]:
    satisfaction = figures.satisfaction
    return {
        "complaints": figures.complaints,
        "closed": figures.closed,
        "open_at_end": figures.open_at_end,
        "one_time": _rate(figures.one_time),
        "repeats": _rate(figures.repeats),
        "answered_in_time": _rate(figures.answered_in_time),
        "settled_in_time": _rate(figures.settled_in_time),
        "median_days_to_close": figures.median_days_to_close,
        "satisfaction": {
            "answered": _rate(satisfaction.answered),
            "satisfied": _rate(satisfaction.satisfied),
            "mean": satisfaction.mean,
            "marks": {str(mark): count for mark, count in satisfaction.marks},
        },
        "attributed": _rate(figures.attributed),
        "causes": {
            dimension: [{"kind": kind, "count": count} for kind, count in causes]
            for dimension, causes in figures.causes.items()
        },
    }


def _conversion(found: Conversion) -> dict[str, Any]:
    return {
        "converted": _rate(found.converted),
        "by_level": {name: _rate(rate) for name, rate in found.by_level.items()},
        "by_source": {name: _rate(rate) for name, rate in found.by_source.items()},
        "foreseen": _rate(found.foreseen),
        "lead_days": found.lead_days,
        "missed": [
            {"number": one.number, "complained_at": one.complained_at.isoformat(), "why": one.why}
            for one in found.missed
        ],
    }
