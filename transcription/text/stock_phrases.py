"""Sentences that recognisers learnt from subtitles and write where nobody speaks.

Some never occur in a call; others could be a small part of what somebody says, and are invented only when
they are all there is. Texts are simplified before they come here; traditional forms need no entries.
"""

import re
from typing import Literal

Stock = Literal["certain", "whole", "part"]

# Nobody says these on the telephone, wherever they stand.
_CERTAIN = re.compile(
    r"请.{0,6}(订阅|点赞|转发|打赏)|订阅.{0,6}(频道|点赞|转发)|(频道|记得|帮忙|大家).{0,3}(订阅|点赞)|点赞.{0,4}(订阅|转发|关注)"
    r"|明镜|点点栏目|打赏支持|小铃铛|优优独播剧场|独播剧场|索兰娅|杨茜茜"
    r"|字幕.{0,3}(由|志愿|组|制作|提供|校对|翻译|时间轴|by|作词|作曲)|(中文|简体|繁体|中英).{0,2}字幕|字幕[-—–、]+字幕"
    r"|(作曲|作词|词曲|编曲|演唱|制作人|监制).{0,6}(作曲|作词|词曲|编曲|演唱|制作人|监制|李|王|张|陈|周)|词曲"
    r"|(本期|这期|下期|下集|本集|上集).{0,2}(视频|节目)|(视频|节目|频道).{0,4}(再见|到这里|观看|收看)|下[期集].{0,6}再见"
    r"|未经(许可|授权|作者).{0,6}(转载|翻唱|使用)|版权所有|仅供学习交流|本字幕"
    r"|amara\.org|opensubtitles|subs? by|subtitles? (by|from)|transcri(bed|ption|pts?) (by|provided)|caption(s|ed|ing) by"
    r"|(subscribe|like and subscribe|hit the (like|bell)|notification bell|my channel|our channel|this channel)"
    r"|in the next (video|episode)|thanks? (you )?(so much |very much )?for watching|watching (this|my|our) video"
    r"|copyright|all rights reserved|www\.[a-z]+|©|♪",
    re.IGNORECASE,
)
# Invented when they are all that was heard; in a longer text somebody may have said something like it.
_WHOLE = re.compile(
    r"(我们|咱们|那)?下[期集](再)?见|(谢谢|感谢|多谢)(大家|各位|你们|您)?的?(观看|收看|聆听)|(谢谢|感谢|多谢)(大家|各位|你们)?的?收听"
    r"|(谢谢|感谢|多谢)(大家|各位)的?(支持|关注)?|大家(好|再见|晚安)|字幕|订阅|点赞|作曲|作词|编曲|音乐|掌声|笑声|全剧终|未完待续"
    r"|(please )?subscribe|thank you for listening|the end|music|applause|laughter|silence|foreign|blankaudio|inaudible"
    r"|(see you|i'?ll see you)( guys)?( in the)? next (time|week|video)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[\W_]+")
# The part of a text that may be left beside a phrase that is all there is.
_REST = 0.34


def stock_phrase(text: str) -> Stock | None:
    """What a simplified text holds of such sentences.

    `certain`: one that is never said in a call. `whole`: nothing, or hardly anything, but one that is
    invented when it stands alone. `part`: such a one within a longer text. None: neither.
    """
    if _CERTAIN.search(text):
        return "certain"
    plain = _PLAIN.sub("", text).lower()
    spaced = " ".join(_PLAIN.sub(" ", text).lower().split())
    longest = max(
        (len(match.group()) for form in (plain, spaced) for match in _WHOLE.finditer(form)), default=0
    )
    if not longest:
        return None
    return "whole" if longest >= (1 - _REST) * max(len(plain), 1) else "part"
