"""A month of complaints on one page: figures, a trend of six months, causes in three dimensions, parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api import templates, words
from api.learning import DIMENSION_WORDS, MISSED
from api.words import Lang, Words
from complaint_warnings.complaints.receipt import CHANNEL_WORDS
from complaint_warnings.learning.conversion import Conversion
from complaint_warnings.learning.figures import Figures
from complaint_warnings.learning.month import Month
from complaint_warnings.learning.types import DIMENSIONS, Rate
from complaint_warnings.scoring.wording import source_words

UNKNOWN: Final = Words("未知", "not known")
_PARTS: Final = {
    "team": Words("团队", "Team"),
    "collector": Words("催收员", "Collector"),
    "client": Words("委托方", "Creditor"),
    "channel": Words("渠道", "Channel"),
}
_TREND_HEIGHT, _STEP, _BAR = 120, 92, 26
_MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the month; `of` says what a share was counted over."""

    name: Words
    value: str
    of: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the trend, in units of the drawing."""

    kind: str
    x: float
    y: float
    height: float
    count: int


@dataclass(frozen=True, slots=True)
class Part:
    """One way to take the month apart; `left_out` rows are not shown."""

    title: Words
    rows: tuple[tuple[Words | str, Figures], ...]
    left_out: int


def render(months: Sequence[Month], lang: Lang = "zh") -> str:
    """The page of the last month given, with a trend over all of them; it asks nothing of the network.

    Args:
        months: one or more, oldest first.
        lang: the language shown first; the reader can switch.
    """
    month = months[-1]
    content = {
        "month": month,
        "tiles": _tiles(month),
        "trend": _trend(months),
        "width": _STEP * len(months) + 16,
        "height": _TREND_HEIGHT,
        "causes": [(DIMENSION_WORDS[name], month.whole.causes.get(name, ())) for name in DIMENSIONS],
        "most": max((count for own in month.whole.causes.values() for _, count in own), default=1),
        "parts": [_part(_PARTS[name], own, name) for name, own in month.parts.items()],
        "met": list(_met(month.conversion)),
        "missed": [(each, MISSED[each.why]) for each in month.conversion.missed],
        "share": _share,
        "known": _known,
    }
    styles = ["base.css", "month.css"]
    sources = "img-src data:; form-action 'none'"
    html, _ = templates.render(
        "month.html", styles=styles, scripts=["lang.js"], sources=sources, lang=lang, **content
    )
    return html


def _tiles(month: Month) -> list[Tile]:
    whole, met = month.whole, month.conversion
    days, mean, lead = whole.median_days_to_close, whole.satisfaction.mean, met.lead_days
    marks = sum(count for _, count in whole.satisfaction.marks)
    return [
        Tile(Words("收到投诉", "Complaints"), str(whole.complaints), ""),
        Tile(Words("结案", "Closed"), str(whole.closed), ""),
        Tile(Words("月末未结", "Open at the end"), str(whole.open_at_end), ""),
        _tile(Words("一次解决率", "Settled at once"), whole.one_time),
        _tile(Words("重复投诉", "Complained again"), whole.repeats),
        _tile(Words("首次答复及时率", "Answered in time"), whole.answered_in_time),
        _tile(Words("办结及时率", "Settled in time"), whole.settled_in_time),
        Tile(Words("结案天数（中位数）", "Days to close (median)"), _number(days, 1), ""),
        Tile(Words("满意度（1–5）", "Satisfaction (1–5)"), _number(mean, 2), f"n = {marks}" if marks else ""),
        _tile(Words("满意率", "Satisfied"), whole.satisfaction.satisfied),
        _tile(Words("投诉前已预警", "Complaints foreseen"), met.foreseen),
        Tile(Words("提前天数（中位数）", "Days ahead (median)"), _number(lead, 1), ""),
    ]


def _tile(name: Words, rate: Rate) -> Tile:
    value = "–" if rate.share is None else f"{rate.share:.0%}"
    return Tile(name, value, f"{rate.part} / {rate.whole}" if rate.whole else "")


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _share(rate: Rate) -> str:
    return "–" if rate.share is None else f"{rate.share:.0%} ({rate.part}/{rate.whole})"


def _known(value: object) -> Words | str:
    return UNKNOWN if value in (None, "") else str(value)


def _trend(months: Sequence[Month]) -> list[tuple[str, float, tuple[Bar, ...]]]:
    """For each month its name, where that stands, and the bars of what came and what was closed."""
    most = max(1, *(max(each.whole.complaints, each.whole.closed) for each in months))
    drawn: list[tuple[str, float, tuple[Bar, ...]]] = []
    for place, each in enumerate(months):
        left = 8 + place * _STEP
        bars = tuple(
            _bar(kind, left + 10 + number * (_BAR + 6), count, most)
            for number, (kind, count) in enumerate(
                (("came", each.whole.complaints), ("closed", each.whole.closed))
            )
        )
        drawn.append((each.name, left + 10 + _BAR + 3, bars))
    return drawn


def _bar(kind: str, x: float, count: int, most: int) -> Bar:
    height = round((_TREND_HEIGHT - 20) * count / most, 1)
    return Bar(kind, x, round(_TREND_HEIGHT - height, 1), height, count)


def _part(title: Words, own: Mapping[str, Figures], kind: str) -> Part:
    """The parts that had complaints or closings, most complaints first."""
    some = [(name, each) for name, each in own.items() if each.complaints or each.closed or each.open_at_end]
    some.sort(key=lambda pair: (-pair[1].complaints, -pair[1].closed, pair[0]))
    shown = tuple((_part_name(kind, name), each) for name, each in some[:_MOST_ROWS])
    return Part(title, shown, max(0, len(some) - _MOST_ROWS))


def _part_name(kind: str, name: str) -> Words | str:
    if not name:
        return UNKNOWN
    return Words(*CHANNEL_WORDS[name]) if kind == "channel" and name in CHANNEL_WORDS else name


def _met(found: Conversion) -> Iterable[tuple[Words | str, Rate]]:
    """How many of the warnings became complaints: of all, by level, by source."""
    yield Words("全部预警", "All warnings"), found.converted
    for level, rate in found.by_level.items():
        yield words.LEVELS.get(level, level), rate
    for source, rate in found.by_source.items():
        yield Words(*source_words(source)), rate
