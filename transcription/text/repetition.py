"""Text that goes in circles: a decoder's loop, or somebody who says "yes, yes, yes"."""

import re
import zlib
from typing import Literal

from transcription.voice.cues.rate import spoken_characters

Repetition = Literal["loop", "twice"]

MAX_COMPRESSION = 2.4
_COMPRESSION_FROM_BYTES = 60
# A sentence said twice, a phrase three times, a few characters four times, one character five times; a
# numeral eight times, for numbers hold such rows.
_SENTENCE = re.compile(r"(.{7,})\1")
_LOOPS = re.compile(
    r"(.{7,})\1\1|(.{4,6}?)\2{2,}|(.{2,3}?)\3{3,}|([^\d零一二三四五六七八九])\4{4,}|(.)\5{7,}"
)
_ONE_THING = re.compile(r"(.+?)\1{2,}.?")
_DOUBLED = re.compile(r"(.{3,}?)\1+")
# What people do say again and again, in one breath.
_ECHOES = (
    "对|好|嗯|恩|喂|行|是|哦|噢|哎|诶|不|没|要|有|来|等|滚|没有|不是|不要|不用|不行|没事|好的|是的|对的|知道|可以|谢谢|再见|拜拜|你好|您好"
    "|等等|等下|听到|yes|yeah|yep|no|ok|okay|hello|right|sure|sorry|please|bye"
)
_ECHO = re.compile(rf"(?P<once>{_ECHOES})(?P=once)+")
# Nobody says a whole sentence twice at this many characters per second.
_MAX_ECHOES = 12
_MAX_ECHO_RATE = 8.0
_MAX_TWICE_RATE = 5.5


def repetition(plain: str, speech_s: float) -> Repetition | None:
    """Look for repetition in lower-case letters and characters only, said in `speech_s` seconds.

    `loop`: nobody speaks like this. `twice`: all of it is the same thing said again: possible, but
    recognisers do it more often than people. None: neither, or a short answer said several times.
    """
    rate = spoken_characters(plain) / speech_s if speech_s > 0 else float("inf")
    rest = _ECHO.sub(_once, plain) if rate <= _MAX_ECHO_RATE else plain
    if _LOOPS.search(rest) or _compresses(rest) or (_SENTENCE.search(rest) and rate > _MAX_TWICE_RATE):
        return "loop"
    return "twice" if _DOUBLED.fullmatch(rest) or _SENTENCE.search(rest) else None


def says_one_thing(plain: str) -> bool:
    """Whether lower-case letters and characters are the same thing three times or more, and nothing else."""
    return _ONE_THING.fullmatch(plain) is not None


def _once(match: re.Match[str]) -> str:
    said = len(match.group()) // len(match["once"])
    return match["once"] if said <= _MAX_ECHOES else match.group()


def compression_ratio(text: str) -> float:
    """How many times smaller the text becomes when it is compressed: the more it repeats, the higher."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def _compresses(plain: str) -> bool:
    return len(plain.encode()) >= _COMPRESSION_FROM_BYTES and compression_ratio(plain) > MAX_COMPRESSION
