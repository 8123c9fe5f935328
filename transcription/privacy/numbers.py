"""Numbers that belong to somebody: telephone, identity card, bank card, and parts that were asked for."""

import re
from datetime import date
from typing import Final

from transcription.privacy.figures import Row, is_bank_card, is_id_card, rows
from transcription.privacy.types import Found, Kind

LONG: Final = 7
_SHORT: Final = 3
_APART: Final = 8
_MOBILE: Final = re.compile(r"(?:0{0,2}86)?1[3-9]\d{9}")
_LANDLINE: Final = re.compile(r"0(?:10|2\d|[3-9]\d{2})[1-9]\d{6,7}")
_NORTH_AMERICA: Final = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}|555\d{4}")
_SERVICE: Final = re.compile(r"[48]00\d{7}|95\d{3,6}|1(?:0086|0010|0000|00\d\d)|123\d\d")
_AMOUNT_AFTER: Final = re.compile(
    r"\s*(?:元|块|万|千|百|亿|美元|人民币|%|％|点[零一二三四五六七八九\d]|dollars|bucks)"
)
_AMOUNT_BEFORE: Final = re.compile(
    r"[¥￥$]\s*$|(?:金额|欠款|本金|利息|余额|balance of)(?:是|为|共|一共)?\s*$"
)
_OFFICIAL_AFTER: Final = re.compile(r"\s*(?:号令|条|款|号文|年|民初|民终|执|刑初)")
_OFFICIAL_BEFORE: Final = re.compile(
    r"(?:第|案号|文号|工号|坐席号|员工号|编号|工单号?)(?:是|为|：|:)?[A-Za-z]?\s*$"
)
# Which figures somebody is asked for, or says that these are.
_ID_WORDS: Final = r"身份证|身份证件|证件号|公民身份|social|SSN|ID card"
_CARD_WORDS: Final = r"银行卡|信用卡|储蓄卡|借记卡|卡号|账号|card|account"
_LAST_WORDS: Final = (
    r"(?:[后末尾前最][一二三四六八34685]{0,2}位|尾号|末尾|尾数|last (?:three|four"
    r"|six|3|4|6)|end(?:s|ing) (?:in|with))"
)
_CODE_WORDS: Final = r"验证码|校验码|密码|口令|verification code|passcode|\bPIN\b|\bCVV\b"
_IS: Final = (
    r"(?:号码?|数字?|字|分别|我的|您的|的|是|为|就是|应该是|：|:|，|,| |嘛|呢|啊|of"
    r"|is|it's|are|on|the|your|my)"
)
_NAMED: Final = tuple(
    re.compile(rf"(?:{words})\s*$", re.IGNORECASE)
    for words in (
        rf"{_LAST_WORDS}\D{{0,12}}",
        rf"(?:{_CODE_WORDS}|{_ID_WORDS}|{_CARD_WORDS}){_IS}{{0,6}}",
        rf"(?:手机号?码?|电话号码|分机号?|座机|phone number){_IS}{{0,6}}",
    )
)
_WANTED: Final = rf"{_LAST_WORDS}|{_ID_WORDS}|卡号|账号|分机|{_CODE_WORDS}"
_PAYING_BEFORE: Final = re.compile(
    r"(?:[还交付转存凑给]|[还交付转存凑]了|金额|欠款|月[^，。]{0,6}[号日]\S{0,3}[，,]\s*)$"
)
_ASKED: Final = re.compile(
    rf"(?:{_WANTED}).{{0,24}}?(?:多少|什么|[报说讲念记]一?下|告诉|提供|核实|核对|确认"
    rf"|吗|呢|\?|？|what|confirm|verify|please|give)"
    rf"|(?:[报说讲念]一?下|提供|核实|核对|确认|confirm|verify|give|have|what).{{0,24}}?(?:{_WANTED})",
    re.IGNORECASE,
)
_COUNTED_AFTER: Final = re.compile(
    r"\s*(?:[十百千万亿]|个|块|元|毛|天|年|月|日|点|分钟|小时|次|遍|期|岁|楼|%|％"
    r"|percent|dollars|days|months|years)"
)


def find(text: str, *, asked: bool = False, known: frozenset[str] = frozenset()) -> list[Found]:
    """Numbers of persons in one text.

    Args:
        asked: the other side has just asked for such figures, so that a short row is the answer.
        known: digits that are known to be somebody's in this call; said again they are personal, too.
    """
    found = []
    for row in (_with_x(text, each) for each in rows(text)):
        kind = _kind(text, row, asked=asked, known=known)
        if kind is not None:
            found.append(Found(kind, row.start, row.end, sure=kind != "digits"))
        elif _may_be_another(text, row, found):
            found.append(Found("last_digits", row.start, row.end, sure=False))
    return found


def _may_be_another(text: str, row: Row, found: list[Found]) -> bool:
    """尾号二二零八和七七六五: a short row close after one, which counts nothing."""
    before = next((each for each in reversed(found) if each.kind == "last_digits"), None)
    if before is None or not _SHORT <= len(row.digits) < LONG or row.start - before.end > _APART:
        return False
    others = _COUNTED_AFTER.match(text, row.end) or _PAYING_BEFORE.search(text[: row.start])
    return not others and not is_service(row.digits)


def asks(text: str) -> bool:
    """Whether this asks for figures that belong to somebody."""
    return _ASKED.search(text) is not None


def _with_x(text: str, row: Row) -> Row:
    """The check digit X of an identity card, also where only its end is said."""
    if len(row.digits) in (3, 5, 7, 17) and (
        match := re.match(r"[ ，、,]{0,2}(?:[xX]|叉|艾克斯)", text[row.end :])
    ):
        return Row(row.start, row.end + match.end(), row.digits + "X")
    return row


def _kind(text: str, row: Row, *, asked: bool, known: frozenset[str]) -> Kind | None:
    before, after = text[: row.start], text[row.end :]
    if len(row.digits) >= LONG:
        an_amount = _AMOUNT_AFTER.match(after) or _AMOUNT_BEFORE.search(before)
        innocent = an_amount or _is_no_number(row.digits, before, after)
        return None if innocent else long_kind(row.digits)
    if len(row.digits) < _SHORT or _COUNTED_AFTER.match(after) or is_service(row.digits):
        return None
    if _OFFICIAL_BEFORE.search(before) or _PAYING_BEFORE.search(before):
        return None
    named = asked or row.digits in known or any(words.search(before) for words in _NAMED)
    return "last_digits" if named else None


def is_service(digits: str) -> bool:
    """Whether this is the number of a service or an authority, which may be read by everybody."""
    return _SERVICE.fullmatch(digits) is not None


def _is_no_number(digits: str, before: str, after: str) -> bool:
    """A date, a service line, a file number of an authority."""
    if is_service(digits) or _is_date(digits) or _OFFICIAL_AFTER.match(after):
        return True
    return len(digits) < 16 and _OFFICIAL_BEFORE.search(before) is not None


def _is_date(digits: str) -> bool:
    if len(digits) != 8 or digits[:2] not in ("19", "20"):
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def long_kind(digits: str) -> Kind:
    """What seven figures and more most likely are; rows with a figure too many or too few are `digits`."""
    if is_id_card(digits):
        return "id_card"
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits) or _NORTH_AMERICA.fullmatch(digits):
        return "phone"
    return "bank_card" if len(digits) >= 15 and is_bank_card(digits) else "digits"
