"""Guards: reasons why matched words accuse nobody. Pure functions of the text around the match."""

from collections.abc import Callable

from qc.context import tables
from qc.language.base import GuardName
from qc.matching.text import NormalText

_REACH = 14  # characters before a match in which a Chinese denial counts, where no punctuation was written


def _before(text: NormalText, start: int, reach: int | None = None) -> str:
    """The clause before the match; recognisers write few commas, so it reaches back at most so far."""
    begin = text.clause_start(start)
    if reach is not None:
        begin = max(begin, start - reach)
    return text.text[begin:start]


def _sentence_before(text: NormalText, start: int) -> str:
    begin, _ = text.sentence(start)
    return text.text[begin:start]


def _sentence_after(text: NormalText, end: int) -> str:
    _, finish = text.sentence(max(end - 1, 0))
    return text.text[end:finish]


def negated(text: NormalText, start: int, end: int, language: str) -> bool:
    """A denial stands close before the match in its clause: "不会让你…", "we will not …"."""
    if language == "en":
        before = _before(text, start)
        return bool(tables.NEGATED_EN.search(before)) and not tables.NOT_NEGATED_EN.search(before)
    before = _before(text, start, _REACH)
    if not tables.NEGATED_ZH.search(before) or tables.NOT_NEGATED_ZH.search(before):
        return False
    return not tables.RHETORICAL_ZH.search(before + text.text[start:end] + _sentence_after(text, end))


def quoting(text: NormalText, start: int, end: int, language: str) -> bool:
    """The words are another's: in quotation marks, after "您说…", or before "…这样的话"."""
    if any(opened <= start and end <= closed for opened, closed in text.quoted):
        return True
    if language == "en":
        return bool(tables.QUOTING_EN.search(_sentence_before(text, start)))
    if tables.QUOTED_AFTER_ZH.search(text.text[end:]):
        return True
    return bool(tables.QUOTING_ZH.search(_sentence_before(text, start)))


def question(text: NormalText, start: int, end: int, language: str) -> bool:
    """The sentence of the match asks."""
    after = _sentence_after(text, end)
    if after.endswith("?") or text.text[start:end].endswith("?"):
        return True
    before = _sentence_before(text, start)
    if language == "en":
        return bool(tables.ASKING_EN.search(before))
    return after.rstrip("。!").endswith(("吗", "么", "嘛")) or bool(tables.ASKING_ZH.search(before))


def hypothetical(text: NormalText, start: int, _end: int, language: str) -> bool:
    """The sentence supposes: "如果…", "if …"."""
    table = tables.HYPOTHETICAL_EN if language == "en" else tables.HYPOTHETICAL_ZH
    return bool(table.search(_sentence_before(text, start)))


def warning_against(text: NormalText, start: int, _end: int, language: str) -> bool:
    """The speaker warns the listener not to do it: "千万别…", "never …"."""
    if language == "en":
        return bool(tables.WARNING_EN.search(_before(text, start)))
    return bool(tables.WARNING_ZH.search(_before(text, start, _REACH)))


GUARDS: dict[GuardName, Callable[[NormalText, int, int, str], bool]] = {
    "negated": negated,
    "quoting": quoting,
    "question": question,
    "hypothetical": hypothetical,
    "warning_against": warning_against,
}
