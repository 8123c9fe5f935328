"""The creditor on whose behalf the agent calls, by the names that people say: `<client>` in phrases."""

import re

from qc.matching.text import fold_text

CLIENT = "client"
PLACEHOLDER = f"<{CLIENT}>"
SAMPLE = {"zh": ("某某银行",), "en": ("some bank",)}  # stands for it where rules are checked without a call
_MOST_READ, _LONGEST = 200, 40  # characters of what an outside system sent
_ENDS_ZH = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|股份公司|控股|集团|公司|信用卡中心|信用卡部|卡中心|总行|[一-鿿]{2,6}分行)$"
)
_ENDS_EN = re.compile(r"(?:^|\s)(?:n a|na|inc|incorporated|llc|ltd|limited|corp|corporation|company|co|plc)$")
_SPOKEN_ZH = (("消费金融", "消金"), ("消费金融", "消费"), ("小额贷款", "小贷"), ("融资租赁", "租赁"))
_COUNTRY_ZH = re.compile(r"^中国(?=.{3})")


def client_names(client: str | None, language: str) -> tuple[str, ...]:
    """The client's name as written and its common shortenings, folded, longest first; letters and digits
    only, as it comes from outside and phrases have signs. Empty where there is none.

    >>> client_names("云杉银行股份有限公司信用卡中心", "zh")
    ('云杉银行股份有限公司信用卡中心', '云杉银行股份有限公司', '云杉银行')
    """
    plain = "".join(char for char in fold_text((client or "")[:_MOST_READ]) if char.isalnum() or char == " ")
    plain = plain.strip()[:_LONGEST].strip()
    names = [plain] if len(plain) > 1 else []
    ends = _ENDS_EN if language == "en" else _ENDS_ZH
    for name in names:  # grows while it is walked: endings may follow one another
        shorter = ends.sub("", name).strip()
        if len(shorter) > 2 and shorter not in names:
            names.append(shorter)
    if language != "en":
        names += [name.replace(long, short) for name in names for long, short in _SPOKEN_ZH if long in name]
        names += [_COUNTRY_ZH.sub("", name) for name in names if _COUNTRY_ZH.search(name)]
    return tuple(sorted(dict.fromkeys(names), key=len, reverse=True))
