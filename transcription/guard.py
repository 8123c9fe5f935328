"""Guard against invented text. A sentence nobody said would be a false accusation.

Speech recognisers write fluent text for silence, noise and music, and repeat themselves. Every reading
passes here before a rule sees it; what is refused is kept for audit and never matched.
"""

import math
import re
import zlib
from dataclasses import dataclass

from transcription.engines.engine import Reading
from transcription.text.simplify import simplify
from transcription.voice.rate import spoken_characters

# Nobody speaks faster than this; the fastest real telephone speech measured is below 8 characters per second.
MAX_RATE = 10.0
# Slower than this, words were left out.
MIN_RATE = 2.0
_MIN_RATE_SPEECH_S = 2.5
# Mean log probability per token below which text is a guess.
MIN_LOG_PROBABILITY = -1.6
# With the engine itself doubting that anybody spoke, text needs to be surer.
NO_SPEECH = 0.6
MIN_LOG_PROBABILITY_NO_SPEECH = -1.0
DOUBTFUL_LOG_PROBABILITY = -0.9
MAX_COMPRESSION = 2.4
_COMPRESSION_FROM_BYTES = 60

_STOCK = re.compile(
    r"请.{0,6}(订阅|点赞|转发|打赏)|订阅.{0,6}(频道|点赞)|点赞.{0,4}(订阅|转发)|明镜|点点栏目|打赏支持"
    r"|字幕(由|志愿|组|制作|提供|by)|(中文|简体)字幕|谢谢(大家的?)?(观看|收看|收听)|感谢(您的?)?(观看|收看|收听)"
    r"|下(期|次|集)(视频|节目)?再见|优优独播剧场|作曲|作词|词曲|编曲|amara\.org|by索兰娅"
    r"|thanks? (you )?(so much )?for watching|subscribe to (my|our|the) channel|like and subscribe"
    r"|see you (in the )?next (video|time)|subtitles? by|transcri(bed|ption) by|copyright ©?",
    re.IGNORECASE,
)
# A sentence said twice, a phrase three times, a few characters four times, one character eight times.
_LOOPS = re.compile(r"(.{7,})\1|(.{4,6}?)\2{2,}|(.{2,3}?)\3{3,}|(.)\4{7,}")
_DOUBLED = re.compile(r"(.{3,}?)\1+")
_NOT_SPOKEN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard thinks of a reading. `reason` is why it is refused, None when it is accepted.

    A doubtful reading is worth hearing again another way. `score` orders readings of the same clip:
    the higher, the more likely what was said.
    """

    reason: str | None
    doubtful: bool
    score: float


def judge(reading: Reading, speech_s: float) -> Verdict:
    """Judge a reading of a clip that holds `speech_s` seconds of detected speech.

    Reasons: `empty`, `stock_phrase`, `repetition`, `too_fast`, `low_confidence`, `no_speech`.
    """
    text = simplify(reading.text)
    plain = _NOT_SPOKEN.sub("", text).lower()
    sureness = reading.log_probability if reading.log_probability is not None else 0.0
    reason = _refusal(reading.no_speech, text, plain, sureness, speech_s)
    odd = _DOUBLED.fullmatch(plain) is not None or _too_slow(plain, speech_s)
    doubtful = reason is not None or odd or sureness < DOUBTFUL_LOG_PROBABILITY
    return Verdict(reason, doubtful, sureness - 3.0 * odd - 6.0 * (reason is not None))


def confidence(reading: Reading) -> float:
    """How sure the engine is of the words, 0..1; 0.5 where it does not say."""
    if reading.words:
        return math.fsum(word.confidence for word in reading.words) / len(reading.words)
    return math.exp(min(0.0, reading.log_probability)) if reading.log_probability is not None else 0.5


def _refusal(no_speech: float | None, text: str, plain: str, sureness: float, speech_s: float) -> str | None:
    unlikely_speech = (no_speech or 0.0) > NO_SPEECH
    checks = (
        ("empty", not plain),
        ("stock_phrase", _STOCK.search(text) is not None),
        ("repetition", _repeats(plain)),
        ("too_fast", spoken_characters(plain) > MAX_RATE * speech_s + 3),
        ("no_speech", unlikely_speech and sureness < MIN_LOG_PROBABILITY_NO_SPEECH),
        ("low_confidence", sureness < MIN_LOG_PROBABILITY),
    )
    return next((reason for reason, found in checks if found), None)


def _repeats(plain: str) -> bool:
    if _LOOPS.search(plain):
        return True
    data = plain.encode()
    return len(data) >= _COMPRESSION_FROM_BYTES and len(data) / len(zlib.compress(data)) > MAX_COMPRESSION


def _too_slow(plain: str, speech_s: float) -> bool:
    return speech_s >= _MIN_RATE_SPEECH_S and spoken_characters(plain) < MIN_RATE * speech_s
