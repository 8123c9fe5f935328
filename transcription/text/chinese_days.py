"""Readers of dates and times of day in Mandarin."""

import re
from datetime import date, timedelta

from transcription.text.days import day_of, day_of_next_month, month_end, weekday_of
from transcription.text.numerals import chinese_digits, chinese_number
from transcription.text.readers import Saying, calendar_day, clock
from transcription.types import SpokenNumber

DAY_PERIODS = (
    "凌晨", "清晨", "早晨", "早上", "上午", "中午", "下午", "傍晚", "晚上", "晚间", "夜里", "半夜",
)  # fmt: skip
_PERIOD = "|".join(DAY_PERIODS)
_NEAR = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "今天": 0, "今日": 0, "今儿": 0, "今晚": 0,
    "今早": 0, "明天": 1, "明日": 1, "明儿": 1, "明晚": 1, "明早": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
_WEEK = r"(?:下下|下|上|这|本)个?(?:周|星期|礼拜)[一二三四五六日天]"
# What only means a day when the day of the call is known.
COUNTED_FROM_TODAY = "|".join(
    [*sorted(_NEAR, key=len, reverse=True), _WEEK, "(?:下个?|上个?|这个|本)月", "月底"]
)

_N = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_NO_DAY = r"(?![线院楼码店员机库仓门])"
_FIGURES = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})(?![0-9])"
)
_DATE = re.compile(
    rf"(?:(?P<year>(?:19|20)?[0-9]{{2}}|(?:[一二][九零〇])?[零〇一二三四五六七八九]{{2}})年(?={_N}月))?"
    rf"(?P<month>{_N})月(?:份|(?P<day>{_N})(?:[号日]{_NO_DAY})?)?(?![零〇一二两三四五六七八九十百千万0-9])"
)
_YEAR = re.compile(r"(?P<year>(?:19|20)[0-9]{2}|[一二][九零〇][零〇一二三四五六七八九]{2})年")
_DAY = re.compile(rf"(?P<day>{_N})(?:号{_NO_DAY}|日(?!内|之|以|[后线元]))")
_RELATIVE = re.compile(
    rf"(?P<near>{'|'.join(sorted(_NEAR, key=len, reverse=True))})"
    r"|(?P<weeks>下下|下|上|这|本)个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    rf"|(?P<which>下个?|上个?|这个|本)?月(?:底|(?P<day>{_N})[号日]{_NO_DAY})"
    rf"|(?P<count>{_N})天(?:以后|之后|后)"
)
_WEEKDAYS = {char: index for index, char in enumerate("一二三四五六日")} | {"天": 6}
_WEEKS_AHEAD = {"上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}

_TIME = re.compile(
    rf"(?P<period>{_PERIOD})?(?:的|，)?(?P<hour>[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,3}})点"
    r"(?:(?P<exact>钟|整)|(?P<half>半)|(?P<quarter>[一三1])刻"
    r"|(?P<minute>零[一二三四五六七八九]|十[一二三四五六七八九]?|[二三四五]十[一二三四五六七八九]?|[0-9]{2})分?"
    r"|零?(?P<short>[一二三四五六七八九0-9])分)?(?![零〇一二两三四五六七八九十百千万0-9])"
)
_COLON = re.compile(rf"(?P<period>{_PERIOD})?(?P<hour>[0-9]{{1,2}})[:：](?P<minute>[0-5][0-9])(?![0-9:：])")
_PERIOD_BEFORE = re.compile(rf"(?P<period>{_PERIOD}|[今明昨当][晚早])的?$")
_BOUND = re.compile(r"以前|之前|前|以后|之后|左右|到|至")
_MORNING = ("凌晨", "清晨", "早晨", "早上", "今早", "明早", "昨早", "当早")
_NIGHT = ("晚上", "晚间", "夜里", "半夜", "今晚", "明晚", "昨晚", "当晚")


def read_date(saying: Saying) -> SpokenNumber | None:
    """A date as far as it was said, or a day counted from the day of the call."""
    return _named(saying) or _counted(saying)


def _named(saying: Saying) -> SpokenNumber | None:
    for pattern in (_FIGURES, _DATE, _YEAR, _DAY):
        match = pattern.match(saying.text, saying.at)
        if match is None or saying.before(1) == "第":
            continue
        said = match.groupdict()
        value = calendar_day(_year(said.get("year")), _count(said.get("month")), _count(said.get("day")))
        return saying.number("date", match.end(), value) if value else None
    return None


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    year = int(chinese_digits(text))
    return year if year >= 100 else 2000 + year


def _count(text: str | None) -> int | None:
    value = chinese_number(text) if text else None
    return None if text is None else int(value) if value is not None else 0


def _counted(saying: Saying) -> SpokenNumber | None:
    match = _RELATIVE.match(saying.text, saying.at)
    if match is None or saying.today is None:
        return None
    day = _day_meant(match, saying.today)
    return saying.number("date", match.end(), day.isoformat()) if day else None


def _day_meant(match: re.Match[str], today: date) -> date | None:
    if match["near"]:
        return today + timedelta(days=_NEAR[match["near"]])
    if match["weekday"]:
        return weekday_of(_WEEKDAYS[match["weekday"]], _WEEKS_AHEAD[match["weeks"]], today)
    if match["count"]:
        return today + timedelta(days=_count(match["count"]) or 0)
    return _in_month(match["which"] or "本", _count(match["day"]), today)


def _in_month(which: str, day: int | None, today: date) -> date | None:
    """A day, or the end, of this, the next or the last month."""
    if which[0] == "下":
        return month_end(today, ahead=True) if day is None else day_of_next_month(day, today)
    month = today.replace(day=1)
    if which[0] == "上":
        month = (month - timedelta(days=1)).replace(day=1)
    return month_end(month, ahead=False) if day is None else day_of(month, day)


def read_time(saying: Saying) -> SpokenNumber | None:
    """A time of day: 下午三点半, 三点一刻, 15:30; 三点 alone only with a part of the day or a bound."""
    match = _COLON.match(saying.text, saying.at) or _TIME.match(saying.text, saying.at)
    if match is None:
        return None
    said = match.groupdict()
    before = _PERIOD_BEFORE.search(saying.before(3))
    period = said["period"] or (before["period"] if before else None)
    marked = any(said.get(name) for name in ("exact", "half", "quarter", "minute", "short"))
    if not (marked or period or _is_bound(saying.text, match)):
        return None
    hour = _count(said["hour"]) or 0
    padded = said["hour"].startswith("0")
    value = clock(_placed(hour, period), _minute(said), either=period is None and not padded)
    return saying.number("time", match.end(), value) if value else None


def _is_bound(text: str, match: re.Match[str]) -> bool:
    """十点以前, 八点到九点; 一点 is far more often "a little"."""
    return match["hour"] not in ("一", "两") and _BOUND.match(text, match.end()) is not None


def _minute(said: dict[str, str | None]) -> int:
    if said.get("half"):
        return 30
    if said.get("quarter"):
        return 45 if said["quarter"] == "三" else 15
    return _count((said.get("minute") or said.get("short") or "0").lstrip("零") or "0") or 0


def _placed(hour: int, period: str | None) -> int:
    """The hour on the 24-hour clock, where the part of the day is known."""
    if period is None or hour > 12:
        return hour
    if period in _MORNING:
        return hour % 12
    if period in _NIGHT:
        return hour + 12 if 5 <= hour < 12 else hour % 12
    after_noon = period in ("下午", "傍晚") or (period == "中午" and hour < 4)
    return hour % 12 + 12 if after_noon else hour
