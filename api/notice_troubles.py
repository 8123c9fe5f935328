"""What is wrong with a channel, in plain words, and what to do about it."""

import re
from typing import Final

from api.words import Words
from complaint_warnings.notices.types import ChannelType, Result

_SIGN: Final = Words(
    "签名不符：机器人“加签”的密钥与渠道 sign 所指的密钥不同，或本机时钟不准。",
    "The signature does not fit: the robot's signing secret differs from that named by `sign`, or "
    "this clock is wrong.",
)
_TOKEN: Final = Words(
    "没有这个机器人：token 不对，或机器人已被移出群。token 是 Webhook 地址末尾的一段，不是整个地址。",
    "There is no such robot: a wrong token, or it was taken out of the group. The token is the end of "
    "its address only.",
)
_KEYWORD: Final = Words(
    "机器人设了“自定义关键词”而消息里没有：把“案件”和“通知”加进关键词，或改用加签。",
    "The robot asks for keywords that the message has not: add 案件 and 通知 to them, or use a signing "
    "secret instead.",
)
_ADDRESS: Final = Words(
    "机器人设了 IP 白名单，不含本机的出口地址：把它加进去。",
    "The robot lists the addresses it takes messages from, and ours is not among them: add it.",
)
_DINGTALK: Final = Words(
    "机器人的安全设置不符，三者之一：加签密钥与 sign 不同；自定义关键词不在消息里；"
    "IP 白名单不含本机。见上面钉钉的原话。",
    "The robot's safety settings do not fit, one of three: another signing secret than `sign`, a "
    "keyword that the message has not, or an address not listed.",
)

# By the numbers that the platforms answer with.
_ROBOTS: Final[dict[tuple[str, int], Words]] = {
    ("dingtalk", 310000): _DINGTALK,
    ("dingtalk", 300001): _TOKEN,
    ("wecom", 93000): _TOKEN,
    ("feishu", 19001): _TOKEN,
    ("feishu", 19021): _SIGN,
    ("feishu", 19022): _ADDRESS,
    ("feishu", 19024): _KEYWORD,
}
_CODES: Final[dict[str, Words]] = {
    "notices.secret": Words(
        "渠道所指的密钥找不到：写进 DITING_NOTICES_SECRETS（JSON），"
        "或放进 DITING_NOTICES_SECRETS_DIR 下的同名文件。",
        "A secret that the channel names is not there: put it into DITING_NOTICES_SECRETS (JSON) or a "
        "file of that name in DITING_NOTICES_SECRETS_DIR.",
    ),
    "notice.address": Words(
        "对方是内网地址，而渠道的 networks 没有允许：确属本单位服务器时写进 networks。",
        "The other side is inside the house, and the channel's `networks` do not allow it: name its "
        "network there if it is yours.",
    ),
    "notice.unreachable": Words(
        "连不上对方：检查地址、DNS、防火墙和出网代理策略（本产品不走代理）。",
        "The other side cannot be reached: check the address, DNS and firewall (no proxy is used).",
    ),
    "notice.timeout": Words(
        "对方没有在限时内答复：检查对方是否正常，或调大 total_seconds。",
        "The other side did not answer in time: see whether it works, or raise `total_seconds`.",
    ),
    "notice.not_safe": Words(
        "无法建立可信的加密连接：证书与 host 不符或已过期，"
        "或 security 写错（starttls 一般用 587，tls 用 465）。",
        "No safe connection: a certificate that is old or not of this `host`, or the wrong `security` "
        "(starttls: 587, tls: 465).",
    ),
    "notice.sign_in": Words(
        "邮件服务器拒绝登录：检查 username 与密钥；不少邮箱要用“授权码”而不是登录密码。",
        "The mail server refuses the sign-in: check `username` and its secret; many providers want an "
        "app password.",
    ),
    "notice.no_address": Words(
        "没有收件地址：给渠道写 mailbox，或给人员设邮箱（diting people set ID --email），测试时用 --to ID。",
        "Nobody to write to: give the channel a `mailbox`, or the person an address (diting people "
        "set ID --email) and use --to ID.",
    ),
    "notice.busy": Words(
        "对方要求暂停（发送太快）：稍后再试，或调低 per_minute。",
        "The other side wants a pause (too many messages): try later, or lower `per_minute`.",
    ),
    "notice.refused": Words(
        "对方不会再接收：地址已停用、消息过大或邮箱不存在。检查渠道的地址。",
        "The other side will never take it: gone, too large, or no such mailbox. Check the channel's "
        "address.",
    ),
    "notice.bad_answer": Words(
        "答复的不是这种机器人：检查 type 与 url。", "What answered is no such robot: check `type` and `url`."
    ),
    "notice.robot": Words(
        "机器人拒绝了消息：按上面的错误号在平台文档中查，多为 token、签名、关键词或 IP 白名单。",
        "The robot refused the message: look its number up; it is mostly the token, signature, "
        "keywords or listed addresses.",
    ),
    "notice.failed": Words(
        "对方答复了失败状态：401/403 多为地址或鉴权不对，404 为地址写错，5xx 看对方日志。",
        "The other side answered with a failure: 401/403 is mostly the address or its key, 404 a "
        "wrong address, 5xx is in its log.",
    ),
}
_NUMBER: Final = re.compile(r"the robot says (-?\d+)")


def trouble(kind: ChannelType, result: Result) -> Words | None:
    """What a failed attempt by a channel of this type means; None for a code that has no words."""
    number = _NUMBER.match(result.detail) if result.code == "notice.robot" else None
    by_number = _ROBOTS.get((kind, int(number[1]))) if number else None
    return by_number or _CODES.get(result.code)
