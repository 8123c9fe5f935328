"""Taking out of spoken text what says who somebody is, before it is sent to another program.

Better too much than too little: a model can judge a sentence without the name in it. Long runs of digits
go whatever they are, names by letters and by sound (李建国 is heard as 李建过 too), addresses by their words.
"""

import re
from collections.abc import Iterable

from ingest.metadata import CallRecord
from qc.matching.syllables import syllables

NAME, NUMBER, ACCOUNT, ADDRESS = "〔姓名〕", "〔号码〕", "〔账号〕", "〔地址〕"

_DIGIT = "0-9０-９零〇一二两三四五六七八九幺"
_SPOKEN_EN = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|ten|eleven|twelve|thirteen|fourteen"
    "|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
# Six digits and more: shorter ones are the numbers of public services (12378), or amounts.
_NUMBERS = (
    re.compile(rf"[{_DIGIT}](?:[ \-，、]?[{_DIGIT}]){{5,}}[xX]?"),
    re.compile(rf"\b(?:{_SPOKEN_EN}|\d+)(?:[ ,-]+(?:{_SPOKEN_EN}|\d+)){{5,}}\b", re.IGNORECASE),
    re.compile(r"[一-鿿][A-Za-z](?=[A-Za-z0-9]*\d)[A-Za-z0-9]{5,6}(?![A-Za-z0-9])"),  # number plates
)
_ACCOUNTS = (
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,32})+", re.ASCII),
    re.compile(r"(?:https?://|www\.)\S{1,200}", re.IGNORECASE),
    re.compile(r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*[0-9_])(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z0-9_-]{6,40}"),
)
_PLACE = r"[一-鿿]{1,8}?"
_SPOT = rf"[{_DIGIT}十百甲乙丙丁A-Za-z]{{1,6}}"
_ADDRESSES = (
    # …省…市…区…路…号…栋…单元…室: two of its steps and more
    re.compile(
        rf"(?:{_PLACE}(?:省|自治区|市|州|盟|区|县|旗|镇|乡|街道|村|屯|路|街|大道|巷|弄|胡同|小区|花园|公寓|苑|大厦)"
        rf"|{_SPOT}(?:号楼|号院|号|弄|栋|幢|楼|层|单元|室|组|队)){{2,}}"
    ),
    re.compile(
        r"\b\d+ (?:[A-Za-z]+ ){1,3}"
        r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|boulevard|blvd|way)\b",
        re.IGNORECASE,
    ),
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_TITLE = "先生|女士|小姐|太太|经理|主任|总|师傅|老师|老板|大哥|大姐|哥|姐|叔|姨|大爷|大妈|阿姨|医生|警官|律师"
_NAMES = (
    re.compile(rf"[{_SURNAMES}][一-鿿]{{0,2}}?(?=(?:{_TITLE}))"),
    re.compile(rf"(?<=[叫姓是])[{_SURNAMES}][一-鿿]{{1,2}}(?=[，。？！,.?!吗吧呢啊的]|$)"),
    re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][a-z]+(?: [A-Z][a-z]+)?"),
)


class Redactor:
    """Takes personal data out of what was said in one call.

    Args:
        record: its names are taken out wherever they are said.
    """

    def __init__(self, record: CallRecord) -> None:
        self._names = tuple(_known_names(record))

    def __call__(self, text: str) -> str:
        """`text` with marks such as 〔姓名〕 in place of personal data."""
        for mark, patterns in ((ADDRESS, _ADDRESSES), (NUMBER, _NUMBERS), (ACCOUNT, _ACCOUNTS)):
            for pattern in patterns:
                text = pattern.sub(mark, text)
        text = self._without_names(text)
        for pattern in _NAMES:
            text = pattern.sub(NAME, text)
        return text

    def _without_names(self, text: str) -> str:
        for name in self._names:
            text = re.sub(re.escape(name), NAME, text, flags=re.IGNORECASE)
            text = _without_sound(text, name)
        return text


def _known_names(record: CallRecord) -> Iterable[str]:
    """The names of both sides, and the given name alone of a Chinese one, longest first."""
    for name in (record.customer.name, record.agent.name):
        if not name or len(name) < 2:
            continue
        yield name
        yield from [part for part in name.split() if len(part) > 1 and part != name]
        if len(name) >= 3 and " " not in name:
            yield name[1:]


def _without_sound(text: str, name: str) -> str:
    """The text without what sounds exactly like a Chinese name."""
    if not re.fullmatch(r"[一-鿿]{2,6}", name):
        return text
    wanted, said = syllables(name), syllables(text)
    out, at = "", 0
    while at < len(text):
        if said[at : at + len(wanted)] == wanted:
            out, at = out + NAME, at + len(wanted)
        else:
            out, at = out + text[at], at + 1
    return out
