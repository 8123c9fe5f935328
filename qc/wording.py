"""What a rule looked for, in words that a reviewer can read, in the language of the call."""

from datetime import time

from qc.hits import Hit
from qc.language.condition import CueTest, Fact, Where
from qc.language.facts import Frequency
from qc.language.timing import OverlapTest, RateTest, SilencePlace, SilenceTest
from transcription.types import CueKind, Speaker

LONGEST = 60
_LONGEST_PART = 18
_SAID = ("letters", "sound", "regex")
_SPEAKERS: dict[Speaker, tuple[str, str]] = {"agent": ("坐席", "agent"), "customer": ("客户", "customer")}
_CUES: dict[CueKind, tuple[str, str]] = {
    "raised_voice": ("音量升高", "raised voice"),
    "agitation": ("语气激动", "agitation"),
    "trembling": ("声音颤抖", "trembling voice"),
    "withdrawal": ("语气低落", "flat voice"),
    "escalation": ("情绪升级", "escalation"),
    "overlap": ("同时说话", "overlap"),
    "interruption": ("打断", "interruption"),
    "backchannel": ("应答声", "sign of listening"),
    "dead_air": ("静默", "silence"),
    "hold": ("告知后等待", "announced hold"),
    "slow_response": ("回应迟缓", "slow response"),
    "monologue": ("长时间独白", "monologue"),
    "speech_rate": ("语速", "speech rate"),
}
# Units of cues, in Chinese and English, as they follow a number.
_UNITS = {
    "s": ("秒", "s"),
    "sd over own baseline": ("个标准差", "SD over own baseline"),
    "sd": ("个标准差", "SD"),
    "signs": ("项迹象", "signs"),
    "characters/s": ("字/秒", "characters/s"),
}


def after(cause: Hit, then: Hit, speakers: tuple[Speaker | None, Speaker | None], language: str) -> str:
    """`then` after `cause`, said by `speakers`: 客户“不是我办的”之后坐席“今天还款”."""
    earlier, later = _said_by(cause, speakers[0], language), _said_by(then, speakers[1], language)
    return f"{later} after {earlier}" if language == "en" else f"{earlier}之后{later}"


def _said_by(hit: Hit, speaker: Speaker | None, language: str) -> str:
    """Who said what; findings of other rules and the like stand by their own name."""
    if hit.how not in _SAID or hit.measured[0]:
        return _cut(hit.measured[language == "en"] or hit.matched)
    who = _SPEAKERS[speaker][language == "en"] if speaker in _SPEAKERS else ""
    space = " " if who and language == "en" else ""
    return f"{who}{space}“{_cut(hit.matched)}”"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_PART else text[: _LONGEST_PART - 1] + "…"


def times(hit: Hit, number: int, speaker: Speaker | None, language: str) -> str:
    """The same thing so many times."""
    said = _said_by(hit, speaker, language)
    return f"{number} times: {said}" if language == "en" else f"{number} 次{said}"


def window(where: Where | None, language: str) -> str:
    """The part of the call in which something had to be said: 开场 30 秒或 6 句内."""
    if where is None or not (where.opening or where.ending):
        return "whole call" if language == "en" else "全程"
    seconds = where.first_seconds if where.opening else where.last_seconds
    utterances = where.first_utterances if where.opening else where.last_utterances
    if language == "en":
        lengths = [f"{seconds:g} s"] if seconds is not None else []
        lengths += [f"{utterances} utterances"] if utterances is not None else []
        return f"{'first' if where.opening else 'last'} {' or '.join(lengths)}"
    lengths = [f"{seconds:g} 秒"] if seconds is not None else []
    lengths += [f"{utterances} 句"] if utterances is not None else []
    return f"{'开场' if where.opening else '最后'} {'或 '.join(lengths)}内"


def cue(test: CueTest, unit: str, language: str) -> str:
    """The cue and how strong, long and often it had to be: 静默 ≥ 15 秒."""
    english = language == "en"
    shown, seconds = _UNITS.get(unit, (unit, unit))[english], _UNITS["s"][english]
    limits = [f"≥ {test.min_value:g} {shown}".strip()] if test.min_value is not None else []
    limits += [f"≤ {test.max_value:g} {shown}".strip()] if test.max_value is not None else []
    limits += [f"≥ {test.min_seconds:g} {seconds}"] if test.min_seconds is not None else []
    limits += [f"{test.times} {'times' if english else '次'}"] if test.times > 1 else []
    named = _CUES[test.kind][english]
    return f"{named} {(', ' if english else '，').join(limits)}".strip()


def measured(value: float, unit: str) -> tuple[str, str]:
    """What a cue amounts to, in Chinese and English: 2.8 个标准差."""
    zh, en = _UNITS.get(unit, (unit, unit))
    return f"{value:g} {zh}".strip(), f"{value:g} {en}".strip()


def fact(wanted: Fact, measured: tuple[str, str], language: str) -> str:
    """What the record was held against: the limit where there is one, else the fact itself."""
    if wanted.hours is not None:
        over = wanted.hours.past_minutes
        after = "" if over is None else f", +{over:g} min" if language == "en" else f"，超出 {over:g} 分钟"
        return f"{_clock(wanted.hours.from_)}–{_clock(wanted.hours.to)}{after}"
    if wanted.third_party_before is not None:
        dials, days = wanted.third_party_before.dials, wanted.third_party_before.days
        if language == "en":
            return f"{dials} failed dials by the day before, or {days} days in a row"
        return f"前一日止连续 {dials} 次或连续 {days} 天未接通"
    if wanted.frequency is not None:
        return _limit(wanted.frequency, language == "en")
    return measured[language == "en"]


_SILENCES: dict[SilencePlace, tuple[str, str]] = {
    "anywhere": ("静默", "silence"),
    "within_turn": ("说话中停顿", "silence within a turn"),
    "between_turns": ("接话前静默", "silence before the turn"),
    "before_answer": ("提问后静默", "silence after a question"),
}


def silence(test: SilenceTest, language: str) -> str:
    """The silence, how long and how often: 提问后静默 ≥ 10 秒."""
    english = language == "en"
    often = (f", {test.times} times" if english else f"，{test.times} 次") if test.times > 1 else ""
    return f"{_SILENCES[test.place][english]} ≥ {test.min_seconds:g} {'s' if english else '秒'}{often}"


def overlap(test: OverlapTest, language: str) -> str:
    """Talking over the other, how long and how often: 同时说话 ≥ 1 秒，2 次."""
    english = language == "en"
    seconds = "s" if english else "秒"
    limits = [f"≥ {test.min_seconds:g} {seconds}"] if test.min_seconds is not None else []
    limits += [f"{test.times} {'times' if english else '次'}"] if test.times > 1 else []
    total = test.total_seconds
    if total is not None:
        limits.append(f"≥ {total:g} s in all" if english else f"共 ≥ {total:g} 秒")
    return f"{_CUES['overlap'][english]} {(', ' if english else '，').join(limits)}".rstrip()


def rate(test: RateTest, language: str) -> str:
    """The limit of the speech rate: 语速 > 7 字/秒."""
    limit = f"> {test.faster_than:g}" if test.faster_than is not None else f"< {test.slower_than:g}"
    return f"speech rate {limit} syllables/s" if language == "en" else f"语速 {limit} 字/秒"


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _limit(frequency: Frequency, english: bool) -> str:
    if frequency.connected_per_day is not None:
        number = frequency.connected_per_day
        return f"at most {number} conversations a day" if english else f"每日接通不超过 {number} 次"
    if frequency.attempts_per_day_number is not None:
        number = frequency.attempts_per_day_number
        return f"at most {number} attempts a day" if english else f"同一号码每日拨打不超过 {number} 次"
    if frequency.attempts_in_days is not None:
        number, days = frequency.attempts_in_days.attempts, frequency.attempts_in_days.days
        return f"at most {number} calls in {days} days" if english else f"{days} 日内不超过 {number} 次"
    days = frequency.rest_after_talk_days or 0
    return f"no call for {days} days after talking" if english else f"通话后 {days} 日内不再致电"
