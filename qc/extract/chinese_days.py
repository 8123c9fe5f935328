"""Days said in Mandarin."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from qc.extract.when import (
    Days,
    When,
    ahead,
    day_ahead,
    day_back,
    month_after,
    nearest_day,
    part_of_month,
    week_after,
    whole_month,
)
from transcription.text.days import day_of, weekday_of
from transcription.text.numerals import chinese_number

_D = r"(?:[0-3]?[0-9](?![0-9])|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_COUNT = r"(?:[0-9]{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_RELATIVE_MONTH = r"下下个?|下个?|这个?|本|当|上个?"
_NEAR = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨儿": -1, "今天": 0, "今日": 0, "今儿": 0,
    "今晚": 0, "今早": 0, "当天": 0, "当日": 0, "明天": 1, "明日": 1, "明儿": 1, "明晚": 1, "明早": 1,
    "次日": 1,
    "后天": 2, "后儿": 2, "后个儿": 2, "大后天": 3, "大后儿": 3,
}  # fmt: skip
_HOLIDAYS = {"国庆": (10, 1, 7), "元旦": (1, 1, 3)}
_NO_DAY = r"(?![线院楼码店员机库仓门])"
_PATTERNS = (
    r"(?P<year>20[0-9]{2})[-/.年](?P<year_month>[0-9]{1,2})[-/.月](?P<year_day>[0-9]{1,2})[日号]?",
    rf"(?P<part_month>{_RELATIVE_MONTH}|{_M})?月(?P<part>底|末|初|头|中旬?|上旬|下旬)",
    rf"(?<![0-9一二三四五六七八九十])(?P<month>{_M})月(?P<day>{_D})(?:号|日|(?![0-9百千万期次点个天块元]))",
    r"(?<![0-9./-])(?P<slash_month>1[0-2]|0?[1-9])/(?P<slash_day>[0-3]?[0-9])(?![0-9/])",
    rf"(?P<which>{_RELATIVE_MONTH})月(?:的?(?P<which_day>{_D})(?:号|日|(?=[之以]?前|[，。,]|$)))?",
    rf"(?<![个零〇一二两三四五六七八九十0-9])(?P<only_month>{_M})月份?(?![底末初中])",
    rf"(?P<near>{'|'.join(sorted(_NEAR, key=len, reverse=True))})",
    r"(?P<weeks>下下|下|这|本|上)个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])",
    r"(?<![一二两三四五几每0-9])(?:周|星期|礼拜)(?P<plain_weekday>[一二三四五六日天末](?![次年期个]))",
    r"(?P<week>下下个?|下个?|这个?|本|上个?)(?:周|星期|礼拜)(?:之?内|里|以内)?|(?P<in_week>周内)",

rf"(?P<count>半|{_COUNT})(?P<unit>个?小时|个?工作日|天|日|个?周|个?星期|个?礼拜|"
rf"个月)(?P<way>之?内|以内|之?后|以后)"
,
    r"(?:再?过|等)(?P<passing>两|几|俩|三)天|(?<![前上])(?:这|近|最近)(?:一)?(?P<these>两|几|三五|俩)[天日]",
    r"(?P<few>两三|三五|三四|一两)天(?:之?内|以内|吧)?",

rf"(?<![工尾帐账第店型编房0-9号零〇一二三四五六七八九十])(?P<plain>{_D})(?:号|"
rf"日(?!内|之内|以内|后)){_NO_DAY}"
,

r"(?<![0-9零〇一二三四五六七八九十百])(?P<bare>[12][0-9]|3[01]|"
r"[二三]?十[一二三四五六七八九]?)(?=[之以]?前(?![面天期年后]))"
,

r"(?P<holiday>国庆|元旦)节?|(?P<lunar>中秋|春节|过年|过完年|年前|端午|五一(?=节|"
r"前|以?后|放|过)|开学|秋收)"
,
    r"(?P<year_end>年底|年末)",

r"(?P<now>现在|马上|立刻|立马|这就|待会儿?|等会儿?|等下|一会儿?|晚点|中午|"
r"下午|晚上|傍晚|早上|上午|下了?班|收了?[工摊])"
,
)  # fmt: skip
_ZH = re.compile("|".join(_PATTERNS))
_BY = re.compile(
    r"^(?:的?(?:[早晚]上|[上下中]午))?(?:[0-9一二三四五六七八九十]{1,3}点)?(?:之前|"
    r"以前|前(?!面|天)|之内|以内|内|为止)"
)
_WEEKDAYS = {char: index for index, char in enumerate("一二三四五六日")} | {"天": 6}
_PARTS = {"底": "end", "末": "end", "下": "end", "初": "start", "头": "start", "上": "start", "中": "middle"}


def find_days(text: str, today: date | None, *, back: bool = False) -> list[When]:
    """All words of time in folded `text`, in order; with `back`, bare days (八号) are those gone by. A bare
    day after one with its month (下月五号……二十号), or after another weekday, lies after that."""
    found: list[When] = []
    since = today
    for match in _ZH.finditer(text):
        plain = match["plain"] is not None or match["plain_weekday"] is not None
        when = _back(match, today) if back and match["plain"] else None
        when = when or _when(match, text, today, since if plain else today)
        leads = match["month"] or match["which"] or match["plain_weekday"]
        if leads and when.exact and not when.past:
            since = when.first
        found.append(when)
    return found


def _back(match: re.Match[str], today: date | None) -> When | None:
    day = day_back(_number(match["plain"]), today) if today is not None else None
    return When(match.start(), match.end(), match.group(), day, day, past=True) if day else None


def _when(match: re.Match[str], text: str, today: date | None, since: date | None) -> When:
    by = _BY.match(text[match.end() :])
    end = match.end() + (by.end() if by else 0)
    said = text[match.start() : end]
    weak = match["now"] is not None
    days = None
    if since is not None:
        kind = next(name for name in _READERS if match[name] is not None)
        days = _READERS[kind](match, since)
    if days is None or today is None:
        return When(match.start(), end, said, weak=weak)
    first, last = days
    if by and match["holiday"]:
        last = first
    past = last < today
    if not past:
        # 周五之前 is kept by any day up to Friday.
        first = today if by else max(first, today)
    sunday = match["weeks"] == "下" and today.weekday() == _WEEKDAYS["日"]
    # 过两天 is mostly not two days but some time soon.
    doubtful = sunday or match["passing"] in {"两", "俩", "几"}
    return When(match.start(), end, said, first, last, past, doubtful, weak)


def _number(text: str) -> int:
    value = chinese_number(text.lstrip("0") or "0")
    return int(value) if value is not None else 0


def _one(day: date | None) -> Days | None:
    return None if day is None else (day, day)


def _in_year(match: re.Match[str], _today: date) -> Days | None:
    month = int(match["year_month"])
    return (
        _one(day_of(date(int(match["year"]), month, 1), int(match["year_day"]))) if 1 <= month <= 12 else None
    )


def _month_of(words: str | None, today: date) -> date:
    """The first day of the month meant: 下个, 本, 三, or this one."""
    if words is None or words[0] in "这本当":
        return month_after(today, 0)
    if words[0] == "下":
        return month_after(today, 2 if words.startswith("下下") else 1)
    if words[0] == "上":
        return month_after(today, -1)
    middle = nearest_day(_number(words), 15, today) or today
    return middle.replace(day=1)


def _part(match: re.Match[str], today: date) -> Days:
    first = _month_of(match["part_month"], today)
    part = _PARTS[match["part"][0]]
    days = part_of_month(first, part)
    if match["part_month"] is None and days[1] < today:  # 月初 said in the middle of a month
        days = part_of_month(month_after(today, 1), part)
    return ahead(days, today)


def _month_day(match: re.Match[str], today: date) -> Days | None:
    return _one(nearest_day(_number(match["month"]), _number(match["day"]), today))


def _slashed(match: re.Match[str], today: date) -> Days | None:
    return _one(nearest_day(int(match["slash_month"]), int(match["slash_day"]), today))


def _which_month(match: re.Match[str], today: date) -> Days | None:
    first = _month_of(match["which"], today)
    if match["which_day"] is None:
        return ahead(whole_month(first), today)
    return _one(day_of(first, _number(match["which_day"])))


def _only_month(match: re.Match[str], today: date) -> Days:
    return ahead(whole_month(_month_of(match["only_month"], today)), today)


def _weekday(match: re.Match[str], today: date) -> Days:
    weeks = {"上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}[match["weeks"]]
    if match["weekday"] == "末":
        monday, sunday = week_after(today, weeks)
        return ahead((monday + timedelta(days=5), sunday), today)
    return _single(weekday_of(_WEEKDAYS[match["weekday"]], weeks, today))


def _single(day: date) -> Days:
    return day, day


def _plain_weekday(match: re.Match[str], today: date) -> Days:
    if match["plain_weekday"] == "末":
        monday, sunday = week_after(today, 0)
        return ahead((monday + timedelta(days=5), sunday), today)
    return _single(weekday_of(_WEEKDAYS[match["plain_weekday"]], None, today))


def _week(match: re.Match[str], today: date) -> Days:
    words = match["week"]
    weeks = 2 if words.startswith("下下") else 1 if words[0] == "下" else -1 if words[0] == "上" else 0
    return ahead(week_after(today, weeks), today)


def _counted(match: re.Match[str], today: date) -> Days:
    unit, within = match["unit"], match["way"].endswith("内")
    if "小时" in unit:
        return today, today
    count = 0.5 if match["count"] == "半" else _number(match["count"])
    size = 7 if unit[-1] in "周期拜" else 30 if unit.endswith("月") else 1
    last = today + timedelta(days=round(count * size))
    vague = within or size == 30 or "工作" in unit
    return (today if within else last - timedelta(days=2 if vague else 0)), last


def _passing(match: re.Match[str], today: date) -> Days:
    if match["passing"] == "三":
        return _single(today + timedelta(days=3))
    return today + timedelta(days=1), today + timedelta(days=7 if match["passing"] == "几" else 4)


def _few(_match: re.Match[str], today: date) -> Days:
    return today, today + timedelta(days=5)


def _these(match: re.Match[str], today: date) -> Days:
    return today, today + timedelta(days=3 if match["these"] in "两俩" else 7)


def _holiday(match: re.Match[str], today: date) -> Days | None:
    month, first, last = _HOLIDAYS[match["holiday"]]
    begins = nearest_day(month, first, today)
    if begins is None:
        return None
    if begins.replace(day=last) < today:
        begins = begins.replace(year=begins.year + 1)
    return ahead((begins, begins.replace(day=last)), today)


_READERS: dict[str, Callable[[re.Match[str], date], Days | None]] = {
    "year": _in_year,
    "part": _part,
    "month": _month_day,
    "slash_month": _slashed,
    "which": _which_month,
    "only_month": _only_month,
    "near": lambda match, today: _single(today + timedelta(days=_NEAR[match["near"]])),
    "weeks": _weekday,
    "plain_weekday": _plain_weekday,
    "week": _week,
    "in_week": lambda _, today: ahead(week_after(today, 0), today),
    "count": _counted,
    "passing": _passing,
    "these": _these,
    "few": _few,
    "plain": lambda match, today: _one(day_ahead(_number(match["plain"]), today)),
    "bare": lambda match, today: _one(day_ahead(_number(match["bare"]), today)),
    "holiday": _holiday,
    "lunar": lambda _match, _today: None,
    "year_end": lambda _, today: ahead((date(today.year, 12, 1), date(today.year, 12, 31)), today),
    "now": lambda _, today: (today, today),
}
