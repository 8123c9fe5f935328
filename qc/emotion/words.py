"""What is said to people of how somebody sounded, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

from qc.emotion.manner import Heard, Manner
from transcription.voice.types import Limit

Both = tuple[str, str]

MANNERS: Final[Mapping[Manner, Both]] = {
    "calm": ("平静", "calm"),
    "unsettled": ("略有起伏", "a little unsettled"),
    "raised": ("升高", "raised"),
    "agitated": ("激动", "agitated"),
    "trembling": ("颤抖", "trembling"),
    "withdrawn": ("低落", "withdrawn"),
}
LIMITS: Final[Mapping[Limit, Both]] = {
    "short_speech": (
        "话太少，不足以了解其平静时的声音",
        "too little speech to know this speaker's calm voice",
    ),
    "noise": ("声音与线路噪声相差不大", "hardly louder than the noise of the line"),
    "crosstalk": ("双方同时说话或有串音", "both spoke at once, or the other side comes through"),
    "agc": ("线路自动调节音量，响度不作依据", "the line evens out loudness: it does not count"),
    "clipped": ("声音过大而失真", "too loud for the recorder, and distorted"),
    "one_channel": ("双方在同一声道，按声音区分", "both on one channel, told apart by their sound"),
    "no_times": ("时间取自所给的转写文本，未必与录音相符", "given times, which may not fit the sound"),
}
# What the words say beside a voice that tells a state: nothing, or a milder one.
WORDS_BESIDE: Final[Mapping[str, Both]] = {
    "calm": (
        "言辞平静；单凭声音不能断定是何情绪。",
        "The words are calm; a voice alone does not tell which feeling it is.",
    ),
    "dissatisfied": ("言辞不满，声音更激动。", "The words are of discontent, the voice of more."),
    "questioning": ("言辞质疑，声音更激动。", "The words are of doubt, the voice of more."),
}
NO_CALM_VOICE: Final[Both] = (
    "客户大半通话言辞激动，没有平静的话可比，声音是否平静无从得知。",
    "The customer's words are upset in most of the call: what their calm voice is like cannot be known.",
)
# Where little rose, how much of what did says nothing.
_LITTLE: Final[tuple[Manner, ...]] = ("calm", "unsettled")


def voice(heard: Heard, agrees: bool | None) -> Both | None:
    """One sentence on a voice beside words: 声音平静（…），与言辞不一致。 None where nothing is known of it.

    Args:
        heard: how it sounded.
        agrees: whether that fits the words; None: it tells neither way.
    """
    named = MANNERS.get(heard.manner)
    if named is None:
        return None
    ends = {True: ("，与言辞一致", ", as the words"), False: ("，与言辞不一致", ", unlike the words")}
    zh, en = ends.get(agrees, ("", "")) if agrees is not None else ("", "")
    measured_zh, measured_en = measures(heard)
    return (
        f"声音{named[0]}（{measured_zh}）{zh}。" if measured_zh else f"声音{named[0]}{zh}。",
        f"The voice is {named[1]} ({measured_en}){en}." if measured_en else f"The voice is {named[1]}{en}.",
    )


def measures(heard: Heard) -> Both:
    """How far the voice lies above the speaker's own calm voice, and why that may be wrong; empty where it
    was not measured."""
    zh, en = [], []
    if heard.sd is not None:
        zh.append(f"{'高' if heard.sd >= 0 else '低'}于本人平时 {abs(heard.sd):.1f} 个标准差")
        en.append(
            f"{abs(heard.sd):.1f} SD {'above' if heard.sd >= 0 else 'below'} the speaker's own calm voice"
        )
    if heard.manner not in _LITTLE:
        for value, unit_zh, unit_en in (
            (heard.louder, "音量 {:+.1f} dB", "{:+.1f} dB"),
            (heard.higher, "音高 {:+.1f} 个半音", "{:+.1f} semitones"),
        ):
            if value is not None:
                zh.append(unit_zh.format(value))
                en.append(unit_en.format(value))
    if heard.limits and zh:
        doubts = [LIMITS[limit] for limit in heard.limits]
        zh[-1] += f"；可能有误：{'；'.join(each[0] for each in doubts)}"
        en[-1] += f"; it may be wrong: {'; '.join(each[1] for each in doubts)}"
    return "，".join(zh), ", ".join(en)
