"""Silence: dead air, and holds that somebody announced or that the line plays music in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transcription.types import Because, Cue, LineSound, Speaker, Transcript, Utterance
from transcription.voice.talk.syllables import syllables

# Every silence from here on is reported with its length; the rules say how much is too much.
MIN_SILENCE_S = 10.0
# Who was asked to wait will wait so long; who was only told that the other will have a look, so long; and
# where a time was named, that time and half as much again.
LONGEST_HOLD_S = 120.0
LONGEST_LOOK_S = 30.0
_PATIENCE = 1.5
# A hold is announced in the last words before it: the request, and a "fine" to it.
_BEFORE_S = 20.0
_LAST_WORDS = 3
# Less sound than this, without words, is a breath or a knock rather than speech.
_SPEECH_S = 0.5
# The line tells that somebody is on hold when it plays or rings for this share of the silence.
_ON_LINE = 0.3
_WAITING: dict[str, str] = {"music": "线路播放音乐", "ringback": "线路播放回铃音"}

# Requests to wait, and words that only tell what somebody is about to do.
_REQUEST_ZH = re.compile(
    r"稍[等候]|等等|[等候](?:一下|一等|一会|一小会|我|会儿?|下)|请[您你]?等|[别甭]挂|不要挂|先不挂|不挂(?:断|机|电话)"
    r"|保持(?:线路|通话)|(?:马上|一会儿?|这就|很快)就?(?:回来|过来)|(?:半|一|两|二|三|五|十|几)分钟"
    r"|(?:等|要|需要|给我)[^，。]{0,4}(?:秒钟?|分钟)|转接|帮[您你]转"
)
_DOING_ZH = re.compile(
    r"看看|(?:查|查询|核对|核实|核查|确认|看|找|翻|记|问|请示|登记|调)一下|我(?:来|先|去|再|这边)?(?:查查|问问|找找)"
    r"|(?:帮|给|替)[您你](?:查|看|问|找|核|调)|去(?:拿|找|叫|喊|取|问|开)|拿[支个][笔本]"
)
# The same by sound, for recognisers write other characters.
_REQUEST_SOUND_ZH = re.compile(
    r"\b(?:shao (?:deng|hou)|deng yi (?:xia|hui|deng)|deng deng|bie gua|(?:bu yao|bie) guai? ji)\b"
)
_DOING_SOUND_ZH = re.compile(r"\b(?:cha(?: xi?u?ng?)?|kan|zhao|wen|he dui|he shi|que ren|deng ji) yi xia\b")
_REQUEST_EN = re.compile(
    r"\b(?:hold (?:on|please|the line)|please hold|on hold|(?:brief|short|quick) hold|hang on|bear with me"
    r"|stand by|(?:one|a|just a|another) (?:moment|second|sec|minute|min)|be right back|moment please"
    r"|(?:couple|few)(?: of)? (?:minutes|moments|seconds)|wait (?:a|please|here|one)|don't hang up"
    r"|stay on the line|transfer(?:ring)? you)\b",
    re.IGNORECASE,
)
_DOING_EN = re.compile(
    r"\blet me (?:pull|check|look|see|get|find|grab|ask|confirm|transfer|bring|open|verify)\b", re.IGNORECASE
)
_THANKS = re.compile(
    r"久等|thank(?:s| you) for (?:waiting|holding|your patience)|sorry (?:for|about) the wait", re.I
)
_TIME = re.compile(
    r"(半|一|两|二|三|四|五|六|七|八|九|十|\d{1,2}|one|two|three|four|five|ten|a couple of|a few)个?[ -]?"
    r"(秒|分钟|小时|seconds?|minutes?)",
    re.IGNORECASE,
)
_UNITS = {"秒": 1.0, "分钟": 60.0, "小时": 3600.0, "second": 1.0, "minute": 60.0}
_COUNTS = dict(zip("半一两二三四五六七八九十", (0.5, 1.0, 2.0, *map(float, range(2, 11))), strict=True)) | {
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "ten": 10.0,
    "a couple of": 2.0,
    "a few": 3.0,
}


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody speaks from `start` to `end` (seconds). `doubtful`: a sound broke it that had no words."""

    start: float
    end: float
    doubtful: bool = False

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return round(self.end - self.start, 2)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why somebody waits: who announced it in which utterance, or `line`, what the line plays; and how long
    a wait that covers."""

    speaker: Speaker
    utterance: Utterance | None
    allowed_s: float
    line: LineSound | None = None


def silences(transcript: Transcript) -> list[Cue]:
    """Silences of both sides between the first and the last speech: `hold` where one was announced, and
    `dead_air` where none was, or where it goes on for longer than was announced."""
    return [cue for silence in quiet(transcript) for cue in _cues(silence, transcript)]


def quiet(transcript: Transcript, at_least: float = MIN_SILENCE_S) -> list[Silence]:
    """All silences of at least so many seconds; what machines say, and speech without words, ends one too."""
    speech = sorted(
        [(said.start, said.end, True) for said in transcript.utterances]
        + [(start, end, end - start >= _SPEECH_S) for _, start, end in transcript.unheard]
    )
    found, silent_from, doubtful = [], speech[0][0] if speech else 0.0, False
    for start, end, sure in speech:
        if not sure:
            doubtful = doubtful or start > silent_from
            continue
        if round(start - silent_from, 2) >= at_least:
            found.append(Silence(silent_from, start, doubtful))
        silent_from, doubtful = max(silent_from, end), False
    return found


def announced(transcript: Transcript, silence: Silence) -> Hold | None:
    """Who had asked to wait before a silence, or what the line plays meanwhile; None when nothing tells."""
    before = [
        said
        for said in transcript.utterances
        if said.end <= silence.start + 0.01 and silence.start - said.end <= _BEFORE_S
    ]
    last = sorted(before, key=lambda each: each.end)[-_LAST_WORDS:]
    for said in reversed(last):
        allowed_s = _allowed(said.text)
        if allowed_s is not None:
            return Hold(said.speaker, said, allowed_s)
    for sound in transcript.line:
        covered = min(sound.end, silence.end) - max(sound.start, silence.start)
        if sound.kind in _WAITING and covered >= _ON_LINE * silence.seconds:
            return Hold("unknown", None, LONGEST_HOLD_S, sound)
    return None


def _allowed(text: str) -> float | None:
    """How long a wait the words cover, in seconds; None where they are about no wait."""
    asked = asks_to_wait(text)
    if not asked and not _tells_what_is_done(text):
        return None
    named = _TIME.search(text.lower())
    if named is not None:
        count, unit = named[1], named[2].rstrip("s")
        seconds = (_COUNTS[count] if count in _COUNTS else float(count)) * _UNITS[unit]
        return max(LONGEST_LOOK_S, _PATIENCE * seconds)
    return LONGEST_HOLD_S if asked else LONGEST_LOOK_S


def asks_to_wait(text: str) -> bool:
    """Whether somebody asks the other to wait; also where a recogniser wrote other characters of the same
    sound."""
    return (
        _REQUEST_ZH.search(text) is not None
        or _REQUEST_EN.search(text) is not None
        or _REQUEST_SOUND_ZH.search(" ".join(syllables(text))) is not None
    )


def _tells_what_is_done(text: str) -> bool:
    return (
        _DOING_ZH.search(text) is not None
        or _DOING_EN.search(text) is not None
        or _DOING_SOUND_ZH.search(" ".join(syllables(text))) is not None
    )


def _cues(silence: Silence, transcript: Transcript) -> Iterator[Cue]:
    after = next((said for said in transcript.utterances if said.start >= silence.end), None)
    hold = announced(transcript, silence)
    if hold is None:
        yield _dead_air(silence, after)
        return
    yield _hold(silence, hold)
    if silence.seconds > hold.allowed_s:
        covered = Because(
            f"事先说明只够等 {hold.allowed_s:.0f} 秒",
            f"what was announced covers a wait of {hold.allowed_s:.0f} s",
        )
        yield _dead_air(silence, after, covered)


def _hold(silence: Silence, hold: Hold) -> Cue:
    ids = () if hold.utterance is None else (hold.utterance.id,)
    said = hold.utterance.text.strip() if hold.utterance else ""
    why = Because(f"事先说明：“{said}”", f'announced: "{said}"') if said else Because()
    if hold.line:
        why = Because(_WAITING[hold.line.kind], f"the line plays {hold.line.kind}")
    sure = hold.line.confidence if hold.line else 0.9
    return Cue(
        "hold",
        hold.speaker,
        silence.start,
        silence.end,
        silence.seconds,
        "s",
        ids,
        confidence=round(sure, 2),
        because=why,
    )


def _dead_air(silence: Silence, after: Utterance | None, because: Because | None = None) -> Cue:
    confidence = 1.0
    reasons = [because] if because else []
    if silence.doubtful:
        confidence = 0.7
        reasons.append(Because("其间有一声无词的短音", "a short sound without words was heard meanwhile"))
    if not because and after is not None and _THANKS.search(after.text):
        confidence = 0.6
        reasons.append(
            Because(
                "随后感谢等待：可能事先说明过而未听清",
                "thanks for waiting follow: perhaps it was announced in words that were misheard",
            )
        )
    ids = () if after is None else (after.id,)
    return Cue(
        "dead_air",
        "unknown",
        silence.start,
        silence.end,
        silence.seconds,
        "s",
        ids,
        confidence=confidence,
        because=Because.of(reasons),
    )
