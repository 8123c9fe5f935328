"""Whose story it is: turns that may speak of somebody, or something, else. Only ever a reason for doubt.

`我同事那张卡被盗刷了` disputes nothing, and a dog's operation is no illness of the customer's. Who tells of
relatives tells of oneself: an ill mother is a special circumstance.
"""

import re

_OTHERS = re.compile(
    r"邻居|隔壁|同事|朋友|同学|工友|老乡|亲戚|客户|供应商|厂家|别人|人家|电视|新闻|抖音|视频里|网上|听说"
    r"|(?:我家|家里|养的?|那头|这头|那条|这条|[一二三两几]头|[一二三两几]只)(?:的)?(?:小|老)?(?:狗|猫|猪|牛|羊|鸡|鸭|鹅|马|鱼|兔)"
    r"|(?:狗|猫|猪|牛|羊|鸡|鸭|鹅|蟹|虾|鱼|机器|车子?|电脑|手机|设备)[^。?!]{0,6}(?:病|手术|住院|死|瘟|坏|大修)"
)
_OWN = re.compile(
    r"我(?:自己|本人|也|的)?(?:的)?(?:身份证|名字|名义|证件|信息|签名|卡|账户)|不是我|我没|我不认|冒用|冒充我"
)


def of_others(text: str) -> bool:
    """Whether a turn (normalised Mandarin text) may tell of others and names nothing of one's own."""
    return _OTHERS.search(text) is not None and _OWN.search(text) is None
