"""What of a call could not be judged. Unknown is never clean."""

from qc.call import NO_CONVERSATION, Call
from qc.compile import PackSet

# Where nobody was reached it is no wonder that nobody speaks.
EXPLAINED = ("transcript.empty", "audio.no_speech", "audio.silent", "language.unknown", "roles.unknown")
UNKNOWN_SHARE = 0.2  # of the utterances without a known speaker, from which the roles count as unknown

_UNTIMED_ZH = "时段与频次无法判定"
_UNTIMED_EN = "hours and frequency cannot be judged."
_SENTENCES: dict[str, tuple[str, str]] = {
    "transcript.empty": ("没有可用的转写文本", "There is no usable text of the call."),
    "language.unknown": ("无法判断通话语种", "The language of the call could not be told."),
    "language.unsupported": ("没有适用于该语种的规则包", "No loaded rule pack judges this language."),
    "audio.silent": ("录音无声", "The recording is silent."),
    "audio.no_speech": ("录音中无人说话", "Nobody speaks in the recording."),
    "speech.unheard": ("大部分语音没有可信的文本", "Much of the speech has no text that can be trusted."),
    "roles.assumed": ("声道与角色的对应关系是推定的", "Which side is the agent was only assumed."),
    "roles.likely_swapped": (
        "坐席与客户的声道可能标反：双方说的话各像对方说的。请听录音，确属标反则运行 diting roles swap CALL",
        "Agent and customer are probably exchanged: what each says fits the other. "
        "Listen to the recording; if they are, run: diting roles swap CALL",
    ),
    "roles.unknown": ("无法区分坐席与客户", "It is not known who is the agent and who the customer."),
    "roles.not_carried": (
        "此前由人工确定的角色无法对应到新的转写，需要重新确定",
        "Who is who was decided for an earlier transcript and cannot be carried over: decide again.",
    ),
    "speakers.more_than_two": (
        "通话中途有人转接或换人接听，此后的话由另一人所说，但仍按原角色检查，请人工核听",
        "Somebody else took the phone during the call; what they say counts for that side. Listen to it.",
    ),
    "time.missing": (f"通话开始时间缺失，{_UNTIMED_ZH}", f"The time of the call is missing: {_UNTIMED_EN}"),
    "time.no_zone": (
        f"通话开始时间没有时区，{_UNTIMED_ZH}",
        f"The time of the call says no zone: {_UNTIMED_EN}",
    ),
    "time.unreadable": (
        f"通话开始时间无法识别，{_UNTIMED_ZH}",
        f"The time of the call cannot be read: {_UNTIMED_EN}",
    ),
    "time.future": (
        f"通话开始时间晚于当前时间，{_UNTIMED_ZH}",
        f"The time of the call is yet to come: {_UNTIMED_EN}",
    ),
    "time.ambiguous": (
        f"通话开始时间落在夏令时回拨的一小时内，可能是两个时刻之一，{_UNTIMED_ZH}",
        f"The time of the call came twice that night, when the clocks were set back: {_UNTIMED_EN}",
    ),
    "time.nonexistent": (
        f"通话开始时间在其时区并不存在（夏令时拨快），{_UNTIMED_ZH}",
        f"The clocks of its zone never showed the time of the call: {_UNTIMED_EN}",
    ),
    "time.contradictory": (
        f"通话记录中的两个开始时间互相矛盾（多半是时区设置有误），{_UNTIMED_ZH}",
        f"The record gives two times of the call that contradict each other: {_UNTIMED_EN}",
    ),
    "history.unclear": (
        "此前通话的记录不全（时间或是否接通不明），频次或联系第三人的条件无法完全判定",
        "Earlier calls are not fully on record (when, or whether connected): how often the debtor was "
        "called, or whether somebody else might be, cannot be judged for sure.",
    ),
    "timezone.missing": (
        f"客户所在时区未知，{_UNTIMED_ZH}",
        f"The customer's time zone is unknown: {_UNTIMED_EN}",
    ),
}


def reasons(call: Call, packs: PackSet) -> tuple[tuple[str, str], ...]:
    """Code and sentence of everything that could not be judged, in a fixed order."""
    codes: list[str] = []
    reached = NO_CONVERSATION.isdisjoint(call.transcript.problems)
    said = [said for said in call.utterances if said.kind == "speech" and said.text.strip()]
    language = call.transcript.language
    if not said:
        codes += ["transcript.empty"] if reached else []
    elif language is None:
        codes.append("language.unknown")
    if said and language is not None and language not in packs.languages:
        codes.append("language.unsupported")
    unknown = sum(utterance.speaker == "unknown" for utterance in said)
    if said and unknown > len(said) * UNKNOWN_SHARE:
        codes.append("roles.unknown")
    if call.record.started_at is None:
        codes.append(call.record.time_problem or "time.missing")
    elif call.untimed_facts:
        codes.append("timezone.missing")
    codes += sorted(call.unclear)
    codes += [code for code in call.transcript.problems if reached or code not in EXPLAINED]
    return tuple((code, _sentence(code, call.language)) for code in dict.fromkeys(codes))


def _sentence(code: str, language: str) -> str:
    zh, en = _SENTENCES.get(code, (f"转写存在问题（{code}）", f"The transcript has the problem {code}."))
    return en if language == "en" else zh
