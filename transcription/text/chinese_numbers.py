"""Readers of numbers in Mandarin: percentages, amounts, telephone numbers, rows of digits, plain numbers."""

import re
from decimal import Decimal

from transcription.text.chinese_cardinals import NUMERALS, RUN, Cardinal, read_cardinal
from transcription.text.chinese_days import COUNTED_FROM_TODAY, DAY_PERIODS, read_date, read_time
from transcription.text.numerals import ZH_DIGITS, ZH_READ_OUT, chinese_digits
from transcription.text.readers import MOST_DIGITS, Reader, Saying, money, plain, telephone
from transcription.types import SpokenNumber

__all__ = ["BEGINS", "READERS", "RUN", "idiom_end"]

BEGINS = re.compile(
    rf"(?<![A-Za-z0-9.])[0-9¥￥$]|[{NUMERALS}幺]|{'|'.join(DAY_PERIODS)}|{COUNTED_FROM_TODAY}"
)
_IDIOM = re.compile(
    r"十分(?!钟|之)|万一|万万[不没别]|千万(?=[别不要记当小得给]|注意)|一五一十|三番(?:五次|两次)|五湖四海|三天两头|三长两短"
    r"|三言两语|三心二意|七上八下|七七八八|五花八门|四面八方|十全十美|十有八九|八九不离十|三下五除二|三三两两|五险一金"
    r"|二话|接二连三|一来二去|千方百计|千辛万苦|百般|万分|百分百|一百个(?=[不愿])|一万个(?=[不愿])"
    rf"|一块(?![钱半{NUMERALS}0-9])"
)
_ROUGHLY = re.compile(r"(?:大概|差不多|大约|将近|接近|约)(?:是|有)?$")
_MORE = re.compile(r"[多来几余]")
_AFTER_AMOUNT = rf"(?![{NUMERALS}0-9天号月个期年次周岁点分])"
_MONEY = re.compile(
    r"(?P<ten_thousand>万)?(?:(?P<foreign>美元|美金|港币|港元|欧元)|(?P<tenth>[毛角])"
    rf"|(?:块钱?|元)(?![儿头])(?:零?(?P<tenths>[{ZH_DIGITS}0-9])(?:[毛角](?:(?P<cents>[{ZH_DIGITS}0-9])分?)?)?"
    rf"{_AFTER_AMOUNT})?)"
)
_CURRENCIES = {"美元": "USD", "美金": "USD", "港币": "HKD", "港元": "HKD", "欧元": "EUR"}
_SIGNS = {"¥": "CNY", "￥": "CNY", "$": "USD"}
_PAYING = re.compile(
    r"(?:还|交|付|转|存|凑|缴|欠|欠款|金额|本金|利息|一共|总共)(?:是|为|了|个|先|上|清)?(?:大概|差不多|大约|至少|最多)?$"
)
# After these a numeral counts something else than money.
_NO_AMOUNT = re.compile(rf"[{NUMERALS}幺0-9]|[天号日月个期年次点遍分岁人位周秒小通笔张家条成%％:：]")
_LEAST_PAID = 10
_COUNTED = re.compile(
    r"个|天|年|期|次|遍|小时|分钟|秒|岁|人|通|笔|张|家|条|周|封|位|名|户|件|倍|级|楼|单元|室|回|趟|折|套|页"
)
_PERCENT = re.compile(r"百分之(?P<all>百)?")
_LAST_DIGITS = re.compile(r"尾号(?:是|为|：|:)?$")
_READ_OUT = frozenset(ZH_READ_OUT)
_FIGURES = frozenset("0123456789")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def idiom_end(text: str, at: int) -> int | None:
    """Where a saying ends that holds numerals and means no number; None where there is none."""
    match = _IDIOM.match(text, at)
    return match.end() if match else None


def _read_percent(saying: Saying) -> SpokenNumber | None:
    """百分之五, 5%."""
    match = _PERCENT.match(saying.text, saying.at)
    if match and match["all"]:
        return saying.number("percent", match.end(), "100")
    value = read_cardinal(saying.text, match.end() if match else saying.at)
    if value is None or value.guessed:
        return None
    if match:
        return saying.number("percent", value.end, plain(value.low))
    if saying.text[value.end : value.end + 1] in ("%", "％"):
        return saying.number("percent", value.end + 1, plain(value.low))
    return None


def _read_amount(saying: Saying) -> SpokenNumber | None:
    """四千九百块, 4,900元, 三千多块, ¥4900; without a unit only after a word of paying."""
    sign = _SIGNS.get(saying.text[saying.at])
    value = read_cardinal(saying.text, saying.at + (sign is not None))
    if value is None:
        return None
    end, rough = _past_more(saying, value)
    match = _MONEY.match(saying.text, end)
    if match is None:
        paid = _PAYING.search(saying.before(8)) and not _NO_AMOUNT.match(saying.text, end)
        if not sign and not (paid and value.low >= _LEAST_PAID):
            return None
        return saying.number("amount", end, _money(value), unit=sign or "CNY", approximate=rough)
    parts = Decimal(0)
    for name, worth in (("tenths", Decimal("0.1")), ("cents", Decimal("0.01"))):
        parts += int(chinese_digits(match[name])) * worth if match[name] else 0
    times = Decimal(10_000 if match["ten_thousand"] else 1) * (Decimal("0.1") if match["tenth"] else 1)
    unit = _CURRENCIES.get(match["foreign"], sign or "CNY")
    amount = _money(value, times, parts)
    return saying.number("amount", match.end(), amount, unit=unit, approximate=rough)


def _past_more(saying: Saying, value: Cardinal) -> tuple[int, bool]:
    """Past 多 and the like after a numeral, and whether the speaker was rough."""
    more = _MORE.match(saying.text, value.end)
    rough = value.guessed or more is not None or _ROUGHLY.search(saying.before(5)) is not None
    return more.end() if more else value.end, rough


def _money(value: Cardinal, times: Decimal = Decimal(1), parts: Decimal = Decimal(0)) -> str:
    low, high = (money(each * times + parts) for each in (value.low, value.high))
    return low if low == high else f"{low}/{high}"


def _read_digits(saying: Saying) -> SpokenNumber | None:
    """Telephone numbers and other rows of digits, read out or written, also in groups."""
    figures, end = _row_of_digits(saying.text, saying.at)
    following = saying.text[end : end + 1]
    if (
        following and (following in "十百千万亿点年月.%％" or following in _READ_OUT | _FIGURES)
    ) or saying.before(1) == "第":
        return None
    if end < len(saying.text) and following in "Xx" and len(figures) == 17:
        figures, end = f"{figures}X", end + 1
    written = saying.text[saying.at] in _FIGURES
    if len(figures) >= 7:
        number = telephone(figures, "CN") or (f"+86{figures}" if _MOBILE.fullmatch(figures) else None)
        return saying.number("phone" if number else "digits", end, number or figures)
    contiguous = end - saying.at == len(figures)
    if not contiguous or (written and _COUNTED.match(saying.text, end)):
        return None
    spelt = "幺" in saying.text[saying.at : end]
    least = 3 if spelt or _LAST_DIGITS.search(saying.before(4)) else 5 if written else 4
    if len(figures) >= least or (written and figures.startswith("0") and len(figures) > 1):
        return saying.number("digits", end, figures)
    return None


def _row_of_digits(text: str, at: int) -> tuple[str, int]:
    """The digits from a place on, with single breaks between groups of figures or of words."""
    written = text[at] in _FIGURES
    allowed, breaks = (_FIGURES, " -") if written else (_READ_OUT, " ，、,")
    digits: list[str] = []
    place = end = at
    while place < len(text) and len(digits) < MOST_DIGITS:
        if text[place] in allowed:
            digits.append(text[place])
            end = place + 1
        elif not digits or text[place] not in breaks or place != end:
            break
        place += 1
    return chinese_digits("".join(digits)), end


def _read_number(saying: Saying) -> SpokenNumber | None:
    """A count: of something, of ten or more, or in figures."""
    value = read_cardinal(saying.text, saying.at)
    if value is None:
        return None
    end, rough = _past_more(saying, value)
    counted = _COUNTED.match(saying.text, end) is not None
    written = saying.text[saying.at] in _FIGURES
    whole = value.low == value.low.to_integral_value()
    if RUN.match(saying.text, value.end) or not (
        written or (value.low >= 10 and not value.guessed) or not whole or (counted and value.low > 1)
    ):
        return None
    low, high = plain(value.low), plain(value.high)
    return saying.number("number", end, low if low == high else f"{low}/{high}", approximate=rough)


READERS: tuple[Reader, ...] = (
    _read_percent,
    read_time,
    read_date,
    _read_amount,
    _read_digits,
    _read_number,
)
