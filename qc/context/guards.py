"""Guards: reasons why matched words accuse nobody. Pure functions of what stands around the match, and for
`read_back` of what the other side said just before. Each is measured by tests/qc/context."""

import re
from collections.abc import Callable, Sequence

from qc.context import en, zh
from qc.context.around import Around
from qc.language.base import GuardName
from qc.matching.text import NormalText

_ECHOED = 4  # characters that must stand in what the other side said
_PRONOUNS = str.maketrans({"您": "你", "俺": "我"})

Guard = Callable[[Around, str], bool]


def negated(said: Around, language: str) -> bool:
    """A denial stands close before the match in its clause: "不会让你…", "we will not …"."""
    if language == "en":
        return bool(en.NEGATED.search(said.clause)) and not en.NOT_NEGATED.search(said.before)
    if zh.NEGATED_AFTER.search(said.after):
        return True
    if not zh.NEGATED.search(said.near) or zh.NOT_NEGATED.search(said.near):
        return False
    if zh.UNWILLING.search(said.near) and zh.ALL_THE_SAME.search(said.rest):
        return False
    return not (zh.RHETORICAL_CUE.search(said.near) and zh.RHETORICAL.search(said.after))


def quoting(said: Around, language: str) -> bool:
    """The words are another's: in quotation marks, after "您说…", or before "…这样的话"."""
    if said.is_quoted:
        return True
    if language == "en":
        return bool(en.QUOTING.search(said.clause)) and not en.NOT_QUOTING.search(said.before)
    if zh.QUOTED_AFTER.search(said.rest):
        return True
    if zh.NOT_QUOTING.search(said.before) or zh.ENDORSED.search(said.rest):
        return False
    return bool(zh.QUOTING.search(said.before))


def read_back(said: Around, language: str) -> bool:
    """The speaker repeats what the other side said, or reads its message aloud: "您说…，我记下了"."""
    if language == "en":
        told = en.TOLD.search(said.before) and en.CONFIRMED.search(said.rest)
        echoed = en.ECHO.search(said.rest) and _echoes(said.words, said.heard)
        cues = (en.REPEATED, en.NOTED, en.READ_OUT)
        return bool(told or echoed) or any(cue.search(said.before) for cue in cues)
    if zh.OWN_LETTER.search(said.before):
        return False
    if any(cue.search(said.before) for cue in (zh.NOTED, zh.READ_OUT)) or zh.RETELLS.search(said.words):
        return True
    if zh.OWN_WORDS.search(said.before):
        return False
    repeated = zh.REPEATED.search(said.before) or zh.LED_IN.search(said.before)
    if repeated and (zh.CONFIRMED.search(said.rest) or zh.RETOLD.search(said.before)):
        return True
    return bool(zh.ECHO.search(said.rest)) and _echoes(said.words, said.heard)


def _echoes(words: str, heard: Sequence[NormalText]) -> bool:
    """Whether the other side has just said the same words."""
    told = words.translate(_PRONOUNS)
    return len(told) >= _ECHOED and any(told in turn.text.translate(_PRONOUNS) for turn in heard)


def corrected(said: Around, language: str) -> bool:
    """The speaker takes the words back in the same breath: "我还清了，不是，我是说还了一半"."""
    if language == "en":
        return bool(en.CORRECTED.search(said.rest))
    if zh.CORRECTED.search(said.rest):
        return True
    contrast = zh.CONTRAST.search(said.rest)
    return contrast is not None and contrast.group(1) in said.words


def question(said: Around, language: str) -> bool:
    """The sentence of the match asks."""
    if said.after.endswith("?") or said.words.endswith("?"):
        return True
    if language == "en":
        return bool(en.ASKING.search(said.before)) and not en.NOT_ASKING.search(said.before)
    if zh.NOT_ASKING.search(said.before):
        return False
    asked = zh.ASKED_AFTER.search(said.after) or zh.ASKED_INSIDE.search(said.words)
    return bool(asked or zh.ASKING.search(said.before))


def hypothetical(said: Around, language: str) -> bool:
    """The words are supposed: "如果有人…", "if they …". What would follow is not: "如果你不还我就…"."""
    if language == "en":
        return _supposed(en.SUPPOSED, en.CONSEQUENCE, said.clause)
    if zh.SUPPOSED_AFTER.search(said.rest) or zh.SUPPOSED_INSIDE.search(said.words):
        return True
    if zh.FOLLOWS.search(said.words) or zh.REGRET.search(said.rest):
        return False
    return _supposed(zh.SUPPOSED, zh.CONSEQUENCE, said.before)


def _supposed(cue: re.Pattern[str], consequence: re.Pattern[str], before: str) -> bool:
    found = cue.search(before)
    return found is not None and not consequence.search(found.group("rest") or "")


def warning_against(said: Around, language: str) -> bool:
    """The speaker warns the listener not to do it: "千万别…", "never …"."""
    if language == "en":
        return bool(en.WARNING.search(said.clause)) and not en.NOT_WARNING.search(said.clause)
    if said.near.endswith(("小心", "当心")) and zh.THREATENED.search(said.words):
        return False
    if zh.ENCOUNTER.search(said.before) and zh.ADVISED_AFTER.search(said.after):
        return True
    if zh.WARNED_AFTER.search(said.after):
        return True
    return bool(zh.WARNING.search(said.near)) and not zh.NOT_WARNING.search(said.near)


GUARDS: dict[GuardName, Guard] = {
    "negated": negated,
    "quoting": quoting,
    "read_back": read_back,
    "corrected": corrected,
    "question": question,
    "hypothetical": hypothetical,
    "warning_against": warning_against,
}
