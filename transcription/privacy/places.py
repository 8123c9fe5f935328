"""Addresses, e-mail addresses, accounts of messengers, number plates."""

import re
from typing import Final

from transcription.privacy.types import Found, without_overlaps

_FIGURES: Final = "0-9零〇一二三四五六七八九两十百千幺甲乙丙丁A-Za-z"
_SPOT: Final = rf"[{_FIGURES}]{{1,6}}(?:号楼|号院|号|弄|栋|幢|楼|座|层|单元|室|组|队|户|巷|门)"
_AREA: Final = (
    r"(?:北京|上海|天津|重庆|(?:黑龙江|内蒙古|[河湖]南|[河湖]北|山[东西]|[江广]西"
    r"|[江广]东|江苏|浙江|安徽|福建|海南|四川|贵州|云南|陕西|甘肃|青海"
    r"|辽宁|吉林|西藏|宁夏|新疆|台湾|香港|澳门))(?:省|市|自治区)?"
)
_PLACE: Final = (
    r"[一-鿿]{1,7}?(?:省|自治区|市|州|盟|区|县|旗|镇|乡|街道|村|屯|庄|路|街|大道|巷"
    r"|弄|胡同|小区|花园|公寓|苑|大厦|广场|家园|社区|新城|新村|里|坊"
    r"|城中村|工业园|宿舍|花苑|雅苑|华庭|名城|公馆|湾)"
)
_STEPS: Final = re.compile(
    rf"(?:{_AREA})?(?:{_PLACE}|{_SPOT})(?:[，, ]?(?:的)?(?:{_PLACE}|{_SPOT}|大道|路|街|巷))+"
)
_LIVING: Final = re.compile(
    rf"(?:住在|家住|住|地址是?|住址是?|家在|搬到了?|寄到|寄给|户籍是?|户口在|老家在?"
    rf"|租在|租的|送到|老家是)[：:，, ]?"
    rf"(?P<place>(?:{_AREA})?(?:{_PLACE}|{_SPOT}){{1,8}}|{_AREA}[一-鿿]{{2,4}}(?=[，。,.]))"
)
_LEAD: Final = re.compile(
    r"^.*(?:住在|家住|住的是|住|地址(?:是|改成|填)?|家在|搬到了?|寄到|寄给|送到|位于"
    r"|就在|还在|老家是?|户籍是?|户口在|在|到|是|去|来|从|的)(?=.{3})"
)
_SURE: Final = re.compile(r"省|路|街|大道|弄|胡同|小区|花园|公寓|苑|村|镇|乡|栋|幢|单元|室|号楼|县")
_NOT_AN_ADDRESS: Final = re.compile(
    r"^[零一二三四五六七八九十\d]+号楼?$|法院|银行|营业厅|派出所|公安|检察院|人民"
    r"|催收|仲裁|门店|分行|支行|网点"
)
_ENGLISH_STREET: Final = re.compile(
    r"\b(?:\d+|(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty)[ -]?){1,4})"
    r" (?:[NSEW]\.? |(?:north|south|east|west) )?(?:[A-Za-z]+ ){1,3}?"
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|boulevard|blvd|way|place|parkway)\b"
    r"(?:,? (?:apartment|apt|unit|suite|number)\.? ?#?\w+)?",
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(
    r"[\w.+-]{1,64}\s*(?:@|艾特|\bat\b)\s*[A-Za-z0-9][A-Za-z0-9-]{0,62}"
    r"(?:\s*(?:\.|点|\bdot\b)\s*(?:com|cn|net|org|edu|gov|io|co)\b)+"
    r"|(?:[A-Za-z零一二三四五六七八九幺]|\d){3,40}(?:艾特|@)\s*(?:qq|q q|一六三|幺六三"
    r"|163|126|新浪|sina|网易)\s*(?:邮箱)?(?:点|\.)?\s*(?:com|cn)?",
    re.IGNORECASE | re.ASCII,
)
_ACCOUNT: Final = re.compile(
    r"(?:微信|威信|薇信|vx|wx|wechat|QQ|扣扣|支付宝|抖音|快手|whatsapp|telegram|line)\s*(?:号码?"
    r"|账号|账户|id|名)?"
    r"(?:[是为：:，, ]|叫|就是|加我?|搜|我的|的|是我|is|my)*\s*"
    r"(?P<id>[A-Za-z][A-Za-z0-9_-]{4,19}|(?:[A-Za-z]\s?)*[0-9零一二三四五六七八九幺](?:["
    r" ，、-]?[A-Za-z0-9零一二三四五六七八九幺_]){4,15})",
    re.IGNORECASE,
)
_NO_ACCOUNT: Final = re.compile(r"(?:app|official|pay|wallet|store)$", re.IGNORECASE)
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE: Final = re.compile(
    rf"[{_PROVINCES}]\s?[A-HJ-NP-Za-hj-np-z](?:[ ·•，,、-]?[A-HJ-NP-Za-hj-np-z0-9零一二三四五六七八九幺洞"
    rf"拐]){{5,6}}(?![A-Za-z0-9])"
)


def find(text: str) -> list[Found]:
    """Places and accounts in one text."""
    return without_overlaps(
        [
            *(Found("email", match.start(), match.end()) for match in _EMAIL.finditer(text)),
            *(Found("plate", match.start(), match.end()) for match in _PLATE.finditer(text)),
            *(Found("address", match.start(), match.end()) for match in _ENGLISH_STREET.finditer(text)),
            *(
                Found("account", *match.span("id"))
                for match in _ACCOUNT.finditer(text)
                if not _NO_ACCOUNT.search(match["id"])
            ),
            *_addresses(text),
        ]
    )


def _addresses(text: str) -> list[Found]:
    found = []
    for match in _STEPS.finditer(text):
        lead = _LEAD.match(match.group())
        start = match.start() + (lead.end() if lead else 0)
        said = text[start : match.end()]
        if len(said) >= 4 and _SURE.search(said) and not _NOT_AN_ADDRESS.search(said):
            found.append(Found("address", start, match.end()))
    for match in _LIVING.finditer(text):
        if len(match["place"]) >= 3 and not _NOT_AN_ADDRESS.search(match["place"]):
            found.append(Found("address", *match.span("place"), sure=False))
    return found
