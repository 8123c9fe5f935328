"""What is asked of a search: words that must all be there, "phrases", -words that must not, OR between two,
and speaker:customer. Anything else is taken for words."""

import re
from dataclasses import dataclass, replace
from typing import Final

from store.errors import BadInputError
from transcription.search.tokens import HIDDEN, Token, fold, plain, query_words, units
from transcription.types import Speaker

LENGTH_MAX: Final = 200
TERMS_MAX: Final = 16
_SPEAKERS: Final[dict[str, Speaker]] = {
    "customer": "customer",
    "debtor": "customer",
    "客户": "customer",
    "债务人": "customer",
    "agent": "agent",
    "collector": "agent",
    "坐席": "agent",
    "催收员": "agent",
    "unknown": "unknown",
    "未知": "unknown",
}
_QUOTES: Final = str.maketrans("“”„＂：｜－", '"""":|-')
_PIECES: Final = re.compile(r'(-?)(?:(?:speaker|说话人):(\S+)|"([^"]*)"|([^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase: `words` of the index that it needs; `plain` is how it stands in the text."""

    plain: str
    words: tuple[Token, ...]

    @property
    def exact(self) -> bool:
        """Whether the words of the index alone tell that it is there."""
        return len(self.words) == 1


@dataclass(frozen=True, slots=True)
class Query:
    """Of each group one term at least, none of `without`, all said by `speaker` (None: by anybody)."""

    groups: tuple[tuple[Term, ...], ...]
    without: tuple[Term, ...] = ()
    speaker: Speaker | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        """All that may be found."""
        return tuple(term for group in self.groups for term in group)


def parse(text: str) -> Query:
    """What the text asks for.

    Raises:
        BadInputError: `search.empty`, `search.only_excluded`, `search.too_much`, `search.speaker`,
            `search.number`.
    """
    if len(text) > LENGTH_MAX:
        raise _refused("search.too_much", f"a search may be {LENGTH_MAX} characters long")
    groups: list[tuple[Term, ...]] = []
    read, joining = Query(()), False
    for minus, speaker, phrase, word in _PIECES.findall(text.translate(_QUOTES)):
        if speaker:
            read = replace(read, speaker=_speaker(speaker))
            continue
        if word in {"OR", "|"} and not minus:
            joining = bool(groups)
            continue
        term = _term(phrase or word)
        if term is None:
            continue
        if minus:
            read = replace(read, without=(*read.without, term))
        elif joining:
            groups[-1] = (*groups[-1], term)
        else:
            groups.append((term,))
        joining = False
    return _checked(replace(read, groups=tuple(groups)))


def _checked(read: Query) -> Query:
    if not read.groups:
        if read.without:
            raise _refused(
                "search.only_excluded", "a search names something that is said, not only what is not"
            )
        raise _refused("search.empty", "there is nothing to look for")
    if len(read.terms) + len(read.without) > TERMS_MAX:
        raise _refused("search.too_much", f"a search may have {TERMS_MAX} words and phrases")
    return read


def _term(text: str) -> Term | None:
    parts = units(text)
    if any(part.text == HIDDEN for part in parts):
        raise _refused("search.number", "numbers of seven digits or more are not searched for")
    return Term(plain(parts), query_words(parts)) if parts else None


def _speaker(name: str) -> Speaker:
    if name.lower() not in _SPEAKERS:
        raise _refused("search.speaker", "this is nobody who speaks in a call")
    return _SPEAKERS[name.lower()]


_MEND: Final = {
    "search.empty": "Give a word, or a phrase between quotes.",
    "search.only_excluded": "Add a word without a minus sign.",
    "search.too_much": "Look for less at once.",
    "search.speaker": "Write speaker:agent, speaker:customer or speaker:unknown.",
    "search.number": "Find the person's calls by case or collector (GET /api/v1/calls).",
}


def _refused(code: str, message: str) -> BadInputError:
    return BadInputError(message, code=code, where="q", mend=_MEND[code])


def spans(text: str, query: Query) -> list[tuple[int, int]]:
    """Where in the text the terms of a query stand, as places of characters (`start`, before `end`), in order
    and apart."""
    characters = {" ", *fold(text)}
    terms = [term for term in query.terms if characters.issuperset(term.plain)]  # few turns have any
    if not terms:
        return []
    parts = units(text)
    at: list[int] = []
    for place, part in enumerate(parts):
        at += [place] * (len(part.text) if part.chinese else len(part.text) + 2)
    within, found = plain(parts), []
    for term in terms:
        start = within.find(term.plain)
        while start >= 0:
            end = start + len(term.plain)
            found.append((parts[at[start]].start, parts[at[end - 1]].end))
            start = within.find(term.plain, start + 1)
    return _merged(sorted(found))


def _merged(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
