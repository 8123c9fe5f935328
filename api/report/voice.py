"""How it was said, in words: for the report and the terminal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from api import words
from api.report.timeline import clock
from api.words import Words

# What is heard in one voice, and what between the two; signs of listening and mere overlap are no news.
VOICE_CUES = ("raised_voice", "agitation", "trembling", "withdrawal", "escalation")
TALK_CUES = ("interruption", "dead_air", "hold", "slow_response", "monologue", "speech_rate")
SPEAKER_ORDER = ("agent", "customer", "unknown")

_UNKNOWN = Words("无法测量", "not measured")
_NOTHING = Words("—", "—")


class Cell(NamedTuple):
    """A figure of the table; `at` is the second of the call where it can be heard."""

    text: Words
    at: float | None = None


@dataclass(frozen=True, slots=True)
class CueLine:
    """One cue in words. `sure` is its confidence in percent; `because` says what was measured and why it
    may be wrong, in the language of the call; `doubts` the latter in short."""

    kind: str
    what: Words
    who: Words
    start: float
    end: float
    time: str
    figure: str
    sure: int | None
    because: str
    doubts: tuple[Words, ...]
    utterance: int | None


@dataclass(frozen=True, slots=True)
class VoiceView:
    """Everything to show of how it was said.

    `rows` have one cell for each of `speakers`; `together` are figures of both; `doubts` say whose measures
    may be wrong, and why; `unheard` what nobody listened for.
    """

    speakers: tuple[Words, ...]
    rows: tuple[tuple[Words, tuple[Cell, ...]], ...]
    together: tuple[tuple[Words, str], ...]
    doubts: tuple[tuple[Words, Words], ...]
    cues: tuple[CueLine, ...]
    measured: bool
    unheard: Words


def build(result: Mapping[str, Any]) -> VoiceView | None:
    """Works it out of a result object; None where nothing is known of the voices."""
    voice = result.get("voice")
    if voice is None:
        return None
    talk = {turns["speaker"]: turns for turns in voice["interaction"]["turns"]}
    sound = {speaker["speaker"]: speaker for speaker in voice["speakers"]}
    present = [speaker for speaker in SPEAKER_ORDER if speaker in talk or speaker in sound]
    return VoiceView(
        speakers=tuple(words.named(words.SPEAKERS, speaker) for speaker in present),
        rows=tuple(
            (name, tuple(figure(sound.get(speaker, {}), talk.get(speaker, {})) for speaker in present))
            for name, figure in (*(_OF_SOUND if sound else ()), *_OF_TALK)
        ),
        together=_together(voice["interaction"]),
        doubts=_doubts(voice, present),
        cues=cue_lines(result),
        measured=any(speaker["calm_from"] for speaker in voice["speakers"]),
        unheard=_unheard(voice),
    )


def _unheard(voice: Mapping[str, Any]) -> Words:
    """What was not listened for; older results do not say so, and never heard it either."""
    kinds = [words.named(words.CUES, kind) for kind in voice.get("not_listened_for", ("trembling",))]
    overlapping = "one_channel" in voice["interaction"].get("limits", ())
    return Words(
        f"未监听：{'、'.join(kind.zh for kind in kinds)}（包括哭泣），没有发现不等于没有。"
        + ("双方在同一声道，抢话也无法发现。" if overlapping else ""),
        f"Not listened for: {', '.join(kind.en.lower() for kind in kinds)} (crying too): that none was found"
        " says nothing." + (" On one channel interruptions cannot be found either." if overlapping else ""),
    )


def cue_lines(result: Mapping[str, Any]) -> tuple[CueLine, ...]:
    """The cues of a result object that are worth telling, in order of time."""
    limits = {
        voice["utterance"]: voice["limits"] for voice in (result.get("voice") or {}).get("utterances", ())
    }
    return tuple(
        CueLine(
            kind=cue["kind"],
            what=words.named(words.CUES, cue["kind"]),
            who=_who(cue["speaker"]),
            start=cue["start"],
            end=cue["end"],
            time=f"{clock(cue['start'])}–{clock(cue['end'])}",
            figure=_cue_figure(cue),
            sure=_percent(cue.get("confidence")),
            because=cue.get("because", ""),
            doubts=_cue_doubts(cue, limits),
            utterance=next(iter(cue.get("utterances", ())), None),
        )
        for cue in result["cues"]
        if cue["kind"] in VOICE_CUES or cue["kind"] in TALK_CUES
    )


def _cue_doubts(cue: Mapping[str, Any], limits: Mapping[int, Sequence[str]]) -> tuple[Words, ...]:
    """What may be wrong with any of the utterances that a cue of the voice rests on."""
    if cue["kind"] not in VOICE_CUES:
        return ()
    found = dict.fromkeys(limit for each in cue.get("utterances", ()) for limit in limits.get(each, ()))
    return tuple(words.named(words.VOICE_LIMITS, limit) for limit in found)


def _who(speaker: str) -> Words:
    """Silence is nobody's."""
    return words.SPEAKERS[speaker] if speaker in ("agent", "customer") else _NOTHING


def _cue_figure(cue: Mapping[str, Any]) -> str:
    if cue["unit"].startswith("sd"):
        return f"{cue['value']:+.1f} sd"
    return f"{cue['value']:.1f} {cue['unit']}"


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)


def hertz(semitones: float) -> int:
    """A pitch in semitones above 100 Hz, in Hz."""
    return round(100 * 2 ** (semitones / 12))


def _seconds(value: float | None) -> Cell:
    return Cell(_NOTHING) if value is None else Cell(_same(f"{value:.1f} s"))


def _count(value: int | None) -> Cell:
    return Cell(_NOTHING if value is None else _same(str(value)))


def _same(text: str) -> Words:
    return Words(text, text)


def _calm(sound: Mapping[str, Any], _talk: Mapping[str, Any]) -> Cell:
    source = sound.get("calm_from")
    return Cell(_UNKNOWN if source is None else words.named(words.CALM_FROM, source))


def _pitch(sound: Mapping[str, Any], _talk: Mapping[str, Any]) -> Cell:
    pitch = sound.get("calm_pitch")
    return Cell(_UNKNOWN if pitch is None else _same(f"{hertz(pitch)} Hz"))


def _share(_sound: Mapping[str, Any], talk: Mapping[str, Any]) -> Cell:
    return Cell(_same(f"{talk['share']:.0%} · {clock(talk['talk_s'])}") if talk else _NOTHING)


def _trend(sound: Mapping[str, Any], _talk: Mapping[str, Any]) -> Cell:
    trend = sound.get("trend")
    return Cell(words.named(words.TRENDS, trend) if trend else _UNKNOWN)


def _peak(sound: Mapping[str, Any], _talk: Mapping[str, Any]) -> Cell:
    peak = sound.get("peak")
    return Cell(_UNKNOWN) if peak is None else Cell(_same(f"{peak:+.1f} sd"), sound["peak_at"])


_Figure = Callable[[Mapping[str, Any], Mapping[str, Any]], Cell]
_OF_SOUND: tuple[tuple[Words, _Figure], ...] = (
    (Words("测到的语音", "Speech measured"), lambda sound, _: _seconds(sound.get("measured_s"))),
    (Words("平静时的声音", "Calm voice"), _calm),
    (Words("平静音高", "Calm pitch"), _pitch),
    (Words("情绪走势", "Course"), _trend),
    (Words("最激动", "Most stirred up"), _peak),
)
_OF_TALK: tuple[tuple[Words, _Figure], ...] = (
    (Words("说话占比", "Share of the talk"), _share),
    (Words("回应时间（中位）", "Time to answer (median)"), lambda _, talk: _seconds(talk.get("response_s"))),
    (Words("抢话", "Interruptions"), lambda _, talk: _count(talk.get("cut_in"))),
    (Words("应答声", "Signs of listening"), lambda _, talk: _count(talk.get("listened"))),
    (Words("最长独白", "Longest stretch alone"), lambda _, talk: _seconds(talk.get("longest_s"))),
)


def _together(interaction: Mapping[str, Any]) -> tuple[tuple[Words, str], ...]:
    return tuple(
        (name, f"{interaction[key]:.1f} s")
        for name, key in (
            (Words("同时说话", "Both at once"), "overlap_s"),
            (Words("无人说话", "Nobody spoke"), "silent_s"),
            (Words("其中告知后等待", "of it announced hold"), "hold_s"),
        )
    )


def _doubts(voice: Mapping[str, Any], present: Sequence[str]) -> tuple[tuple[Words, Words], ...]:
    """Whose measures may be wrong, and why; those of the two together under both."""
    limits = {speaker["speaker"]: speaker["limits"] for speaker in voice["speakers"]}
    found = [
        (words.named(words.SPEAKERS, speaker), words.named(words.VOICE_LIMITS, limit))
        for speaker in present
        for limit in limits.get(speaker, ())
    ]
    both = Words("双方", "Both")
    of_both = voice["interaction"].get("limits", ())
    return (*found, *((both, words.named(words.VOICE_LIMITS, limit)) for limit in of_both))
