"""Sentences that recognisers learnt from subtitles and write where nobody speaks.

Some never occur in a call; others could be a small part of what somebody says, and are invented only when
they are all there is. Texts are simplified before they come here; traditional forms need no entries.
"""

import re
from typing import Literal

Stock = Literal["certain", "whole", "part"]

# Nobody says these on the telephone, wherever they stand. A subscription or a forwarded message may well be
# talked about: those words need company.
_CERTAIN = re.compile(
    r"请.{0,6}(订阅|点赞|打赏)|订阅.{0,6}(点赞|转发|打赏)|点赞.{0,4}(订阅|转发|关注)|(记得|帮忙|大家).{0,3}(订阅|点赞)"
    r"|(订阅|关注).{0,2}(我|我们|咱们|本)的?频道|明镜|点点栏目|打赏支持|小铃铛|独播剧场|索兰娅|杨茜茜"
    r"|字幕.{0,3}(由|志愿|组|制作|提供|校对|翻译|时间轴|by|作词|作曲)|(中文|简体|繁体|中英).{0,2}字幕|字幕[-—–、]+字幕|本字幕"
    r"|(作曲|作词|编曲|演唱|制作人|监制).{0,6}(作曲|作词|编曲|演唱|制作人|监制|李|王|张|陈|周)|词曲"
    r"|(本期|这期|下期|下集|本集|上集).{0,2}(视频|节目)|(视频|节目|频道).{0,4}(再见|到这里|观看|收看)|下[期集].{0,6}再见"
    r"|未经(许可|授权|作者).{0,6}(转载|翻唱)|版权所有|仅供学习交流"
    r"|amara\.org|opensubtitles|subs? by|subtitles? (by|from)"
    r"|(transcribed|transcription|transcripts?|captions?|captioned|captioning) (by|provided)"
    r"|(like|comment|share) and subscribe|(please|to) subscribe( to (my|our|the|this) channel)?[.!]?$"
    r"|subscribe to (my|our|the|this) channel|hit the (like|bell)|notification bell"
    r"|(in|see you) (in )?the next (video|episode)|for watching|copyright|all rights reserved|©|♪",
    re.IGNORECASE,
)
# Invented when they are all that was heard; in a longer text somebody may have said something like it.
# "Thank you for answering" and "for your support" are what agents do say.
_WHOLE = re.compile(
    r"(我们|咱们|那)?下[期集]再?见|(谢谢|感谢|多谢)(大家|各位|你们|您)?的?(观看|收看|聆听)"
    r"|(谢谢|感谢|多谢)((大家|各位|你们)的?)?收听|(谢谢|感谢|多谢)(大家|各位)的?(支持|关注)?"
    r"|大家(好|再见|晚安)|thank you for listening|see you( guys)? next video|www\.[\w.]+",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"(字幕|订阅|点赞|作曲|作词|编曲|音乐|掌声|笑声|全剧终|未完待续|(please)?subscribe|theend|music|applause|laughter"
    r"|silence|foreign|blankaudio|inaudible)+",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[\W_]+")
# The share of a text that may stand beside a phrase that is all there is.
_REST = 0.34


def stock_phrase(text: str) -> Stock | None:
    """What a simplified text holds of such sentences.

    `certain`: one that is never said in a call. `whole`: nothing, or hardly anything, but one that is
    invented when it stands alone. `part`: such a one within a longer text. None: neither.
    """
    if _CERTAIN.search(text):
        return "certain"
    plain = _PLAIN.sub("", text)
    if _ALONE.fullmatch(plain):
        return "whole"
    found = [_PLAIN.sub("", match.group()) for form in (plain, text) for match in _WHOLE.finditer(form)]
    if not found:
        return None
    return "whole" if max(map(len, found)) >= (1 - _REST) * len(plain) else "part"
