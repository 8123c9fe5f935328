"""Somebody else takes the phone: a supervisor, a relative. Told from words alone.

Embeddings cannot tell a third voice from one speaker's shouting or from a changed line (docs/quality.md).
What can be told is a handover that is announced, "I'll put my husband on", when that side then answers
the phone anew.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from transcription.types import Transcript, Utterance

MORE_THAN_TWO = "speakers.more_than_two"
# What another person says still counts for the side, but with less certainty.
HANDED_OVER_TRUST = 0.6
# Later than this, a greeting has other reasons.
_LATEST_S = 90.0
# An answer to the phone is its first words.
_FIRST_LETTERS = 16

_PEOPLE_ZH = (
    r"(?:我们?)?(?:的|家|们)?(?:这边)?(?:主管|经理|领导|组长|上级|班长|同事|法务|律师|爱人|老公|老婆|丈夫|妻子|对象|媳妇"
    r"|妈|爸|儿子|女儿|哥|姐|弟|妹|婆婆|公公|室友|朋友|老板|店长)[妈爸哥姐弟妹]?|[他她](?:本人)?|本人"
)
_ANNOUNCED_ZH = re.compile(
    rf"(?:让|叫|喊|请|换)(?:{_PEOPLE_ZH})(?:来|过来)?(?:接|听|[跟和同][你您](?:说|讲|聊|谈|沟通))"
    rf"|(?:转|交|递|拿)接?[给到](?:{_PEOPLE_ZH})"
    rf"|(?:电话|手机)给(?:{_PEOPLE_ZH})"
    rf"|[你您](?:直接)?[跟和同](?:{_PEOPLE_ZH})[说讲谈聊](?:吧|好了|啊|一下|[，,。]|$)"
)
_ANSWERED_ZH = re.compile(
    r"^[哎诶嗯]?[，, ]*(?:喂|您好|你好|哪位|谁[呀啊]|我就是本人"
    r"|我是(?:他|她|这边|刚才|[^，。]{0,6}的?(?:主管|经理|领导|组长)))"
)
_PEOPLE_EN = (
    r"(?:my |our |the |a )?(?:supervisor|manager|team lead|colleague|lawyer|attorney|husband|wife|mother|mom"
    r"|father|dad|son|daughter|brother|sister|boss|roommate|boyfriend|girlfriend)|him|her"
)
_ANNOUNCED_EN = re.compile(
    r"\b(?:(?:let me|i'll) (?:get|put|transfer you to|hand you(?: over)? to)"
    r"|i'm (?:getting|putting|transferring you to)|here's|here is|talk to|speak (?:to|with)|hold on for)"
    rf" (?:{_PEOPLE_EN})\b",
    re.IGNORECASE,
)
_ANSWERED_EN = re.compile(
    r"^(?:yes[,.]? )?(?:hello|hi\b|hey\b|good (?:morning|afternoon|evening)|this is|yeah[,.]? who"
    r"|who's this|who is this)",
    re.IGNORECASE,
)


def note_handovers(transcript: Transcript) -> Transcript:
    """Trust the roles less from where another person took the phone, and say so; otherwise unchanged."""
    since = handovers(transcript.utterances, transcript.language)
    if not since:
        return transcript
    utterances = tuple(
        replace(said, role_trust=min(said.role_trust, HANDED_OVER_TRUST))
        if said.side in since and said.start >= since[said.side]
        else said
        for said in transcript.utterances
    )
    return replace(transcript, utterances=utterances, problems=(*transcript.problems, MORE_THAN_TWO))


def handovers(utterances: Sequence[Utterance], language: str | None) -> dict[int | None, float]:
    """From when on somebody else speaks, by side: an announced handover, then the phone answered anew."""
    announced, answered = (_ANNOUNCED_EN, _ANSWERED_EN) if language == "en" else (_ANNOUNCED_ZH, _ANSWERED_ZH)
    since: dict[int | None, float] = {}
    told: dict[int | None, float] = {}
    for said in utterances:
        if said.kind != "speech" or said.side in since:
            continue
        first_words = said.text.strip()[:_FIRST_LETTERS]
        if said.side in told and said.start - told[said.side] <= _LATEST_S and answered.search(first_words):
            since[said.side] = said.start
        elif announced.search(said.text):
            told[said.side] = said.end
    return since
