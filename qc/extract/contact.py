"""Who was on the line, and whether another call was agreed on."""

import re
from collections.abc import Sequence
from datetime import date

from qc.extract.facts import CallbackAgreed, Contact, Person
from qc.extract.promises import Turn
from qc.extract.terms import find_days
from qc.findings import Finding
from qc.parties import is_known
from transcription.text.numbers import find_numbers

_ASKS_NAME = {
    "zh": re.compile(
        r"(?:请问|您|你)?是[^，。?]{0,12}(?:先生|女士|小姐|本人|老师|大姐|大哥|叔|"
        r"阿姨|师傅|老板|护士)[^。?]{0,4}(?:吗|吧|么|\?)|是[^，。?]{1,6}(?:本人)?(?:吗|"
        r"吧|么)|是不是[^，。?]{1,8}"
    ),
    "en": re.compile(
        r"\b(?:is this|am i speaking (?:with|to)|may i speak (?:with|to)|can i speak (?:with|"
        r"to)|speaking with)\b"
    ),
}
_PLAINLY = {
    "zh": re.compile(
        r"^(?:嗯|哎|喂|啊|哦|对|是的?|，)*(?:我是|是我|我就是|就是我|本人|我本人|"
        r"是本人)(?![他她]|你|不|的?(?:妈|爸|爱人|老婆|老公|妻|丈夫|儿|女|姐|妹|哥|"
        r"弟|同事|朋友|家|前台|室友|邻居|老板|母|父|媳|表|堂|外|奶|爷))"
    ),
    "en": re.compile(r"\b(?:this is (?:he|she|me|him|her)|speaking|that's me|you got me|it's me)\b"),
}
_AGREES = {
    "zh": re.compile(
        r"^(?:嗯|哎|啊|哦|喂|，)*(?:是|是的|对|对的|没错|是啊|对啊|嗯嗯?)(?:$|[，。!?])(?!不是)"
    ),
    "en": re.compile(r"^(?:um |uh |well )?(?:yes|yeah|yep|yup|it is|yes it is|correct|that's right)\b"),
}
_WRONG = {
    "zh": re.compile(r"打错|没(?:有)?这(?:个)?人|不认识|号码?(?:换|不是)|换(?:人|号|主)|你找错|搞错人"),
    "en": re.compile(
        r"\bwrong (?:number|person)|no one (?:here )?by that name|don't know (?:him|"
        r"her|anyone|any)|nobody (?:here )?(?:by|named|called)|new number\b"
    ),
}
_RELATIONS: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "zh": (
        ("colleague", re.compile(
r"(?:他|她|其)(?:的)?(?:领导|主管|老板|师傅|工友)|我们(?:公司|单位|厂|店)|"
r"这(?:里|儿|边)?是[^，。]{0,8}(?:公司|单位|前台|厂|店)|前台|同事(?!说)|不在(?:公司|"
r"单位|办公室)|我们这(?:儿|里)上班"
)),
        ("mother", re.compile(r"(?:他|她|我是[^，。]{0,6})(?:的)?(?:妈|母亲)|我(?:儿子|闺女|女儿)")),
        ("father", re.compile(r"(?:他|她|我是[^，。]{0,6})(?:的)?(?:爸|父亲)")),
        ("spouse", re.compile(
r"(?:他|她)(?:的)?(?:老婆|老公|爱人|妻子|丈夫|媳妇|对象|家属)|我(?:老公|老婆|"
r"爱人|媳妇|先生|丈夫)"
)),
        ("sibling", re.compile(r"(?:他|她)(?:的)?(?:姐|妹|哥|弟)|我(?:姐|妹|哥|弟)")),
        ("child", re.compile(r"(?:他|她)(?:的)?(?:儿子|女儿|闺女)|我(?:爸|妈)")),
        ("friend", re.compile(r"朋友|同学|室友|邻居|房东")),
    ),
    "en": (
        ("colleague", re.compile(
r"\b(?:coworker|co-worker|colleague|works? (?:here|with)|his (?:boss|manager)|"
r"her (?:boss|manager)|front desk|reception)"
)),
        ("mother", re.compile(r"\b(?:his|her) (?:mom|mother)|\bmy son|\bmy daughter")),
        ("father", re.compile(r"\b(?:his|her) (?:dad|father)\b")),
        ("spouse", re.compile(r"\b(?:his|her) (?:wife|husband|spouse)|\bmy (?:husband|wife)\b")),
        ("sibling", re.compile(r"\b(?:his|her) (?:brother|sister)|\bmy (?:brother|sister)\b")),
        ("child", re.compile(r"\b(?:his|her) (?:son|daughter)|\bmy (?:dad|mom|father|mother)\b")),
        ("friend", re.compile(r"\b(?:friend|roommate|neighbor|landlord)\b")),
    ),
}  # fmt: skip
_OPENING = 8  # utterances in which people say who they are


def read_contact(
    turns: Sequence[Turn], language: str, findings: Sequence[Finding], relation: str, *, talked: bool
) -> Contact:
    """Who was on the line.

    Args:
        turns: what was said.
        language: `zh` or `en`.
        findings: of the stable rules; who denies being the debtor was found by them.
        relation: whose number it is, as the record says.
        talked: whether a person answered, as far as the recording tells.
    """
    lang = "en" if language == "en" else "zh"
    spoken = [turn for turn in turns if turn.speaker != "agent" and turn.text]
    if not spoken or not talked:
        sure = (not spoken and bool(turns)) or not talked
        return Contact(
            utterances=(), certainty="certain" if sure else "unsure", person="nobody", how="silence"
        )
    denied = [
        each for each in findings if each.category in ("not_debtor", "dispute.identity") and each.utterances
    ]
    confirmed = _confirmed(turns, lang)
    if denied:
        return _other(denied, turns, lang, relation, doubted=confirmed is not None)
    if confirmed is not None:
        return confirmed
    if is_known(relation) and relation != "debtor":
        return Contact(
            utterances=(), certainty="unsure", person=_kind(relation), relation=relation, how="record"
        )
    return Contact(utterances=(), certainty="unsure", person="debtor", how="record")


def _confirmed(turns: Sequence[Turn], lang: str) -> Contact | None:
    """The first words in which the customer says to be the debtor."""
    asked = False
    for turn in turns[:_OPENING]:
        if turn.speaker == "agent":
            asked = bool(_ASKS_NAME[lang].search(turn.text))
            continue
        plainly = _PLAINLY[lang].search(turn.text)
        if plainly or (asked and _AGREES[lang].search(turn.text)):
            sure = turn.sure and bool(plainly or asked)
            return Contact(utterances=(turn.id,), certainty="certain" if sure else "unsure", person="debtor")
        asked = False
    return None


def _other(
    denied: Sequence[Finding], turns: Sequence[Turn], lang: str, relation: str, *, doubted: bool
) -> Contact:
    utterances = tuple(sorted({finding.utterances[0] for finding in denied}))
    own = {turn.id: turn.text for turn in turns if turn.speaker != "agent"}
    words = " ".join(own.get(at, "") for at in utterances)
    certain = (
        any(each.status == "certain" and each.category == "not_debtor" for each in denied) and not doubted
    )
    opening = " ".join(text for text in list(own.values())[:4])
    said = next(
        (name for name, words_of in _RELATIONS[lang] if words_of.search(words) or words_of.search(opening)),
        None,
    )
    person: Person = "wrong_number" if _WRONG[lang].search(words) else _kind(said) if said else "not_debtor"
    if person == "not_debtor" and is_known(relation) and relation != "debtor":
        person, said = _kind(relation), relation
    return Contact(
        utterances=utterances, certainty="certain" if certain else "unsure", person=person, relation=said
    )


def _kind(relation: str) -> Person:
    if relation in ("colleague", "employer"):
        return "colleague"
    family = ("relative", "family", "mother", "father", "spouse", "sibling", "child", "parent")
    return "relative" if relation in family else "other"


_CALL_ME = {
    "zh": re.compile(
        r"(?:再|重新|晚点|晚些|等会儿?|回头|过会儿?)[^，。]{0,8}(?:打(?!官司|钱|款)|"
        r"联系|来电)(?:给?我|过来|吧|一个)?|(?:你|您)[^，。?!]{0,8}(?:再打|打给我|"
        r"给我打|打过来)"
    ),
    "en": re.compile(r"\bcall (?:me )?(?:back|again|later)|\bcall me\b|\btry me\b|\bring me\b"),
}
_CALL_YOU = {
    "zh": re.compile(r"(?:再|给您|跟您)[^，。]{0,6}(?:打(?:电话|给您|过来)?|联系|回电|回访|致电)"),
    "en": re.compile(
        r"\b(?:i'll|i will|we'll|we will|can i|may i|should i) (?:call|ring|try|phone|check back)\b"
    ),
}
_STOP = re.compile(r"别|不要|不许|不用|不准|再打我就|再打就|\b(?:don't|do not|stop|never|quit)\b")
_GRANTS = {
    "zh": re.compile(r"^(?:嗯|哦|啊|，)*(?:行|好|可以|嗯|成|中|没问题|好的)"),
    "en": re.compile(r"^(?:yes|yeah|okay|ok|sure|fine|that works|sounds good|alright)\b"),
}


def read_callback(turns: Sequence[Turn], language: str, today: date | None) -> CallbackAgreed | None:
    """The last call back that was agreed on: asked for by the customer, or granted to the agent."""
    lang = "en" if language == "en" else "zh"
    found: CallbackAgreed | None = None
    for index, turn in enumerate(turns):
        if _STOP.search(turn.text):
            continue
        if turn.speaker != "agent" and _CALL_ME[lang].search(turn.text):
            found = _callback(turn, lang, today, (turn.id,)) or found
        elif turn.speaker == "agent" and _CALL_YOU[lang].search(turn.text) and index + 1 < len(turns):
            answer = turns[index + 1]
            if (
                answer.speaker != "agent"
                and _GRANTS[lang].search(answer.text)
                and not _STOP.search(answer.text)
            ):
                found = _callback(turn, lang, today, (turn.id, answer.id)) or found
    return found


def _callback(
    turn: Turn, lang: str, today: date | None, utterances: tuple[int, ...]
) -> CallbackAgreed | None:
    days = [day for day in find_days(turn.text, lang, today) if not day.past]
    named = [day for day in days if not day.weak] or days
    times = [number.value for number in find_numbers(turn.text, lang, today) if number.kind == "time"]
    if not named and not times:
        return None
    day = named[0] if named else None
    return CallbackAgreed(
        utterances=utterances,
        certainty="certain" if turn.sure else "unsure",
        date_from=day.first if day else None,
        date=day.last if day else None,
        time=times[0] if len(times) == 1 and "/" not in times[0] else None,
        when=day.text if day else times[0],
    )
