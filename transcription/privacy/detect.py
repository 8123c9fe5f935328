"""Personal data in a whole call: each utterance with what was asked before it and what is known by then."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from transcription.privacy import english, known_names, names, numbers, places
from transcription.privacy.figures import Row, rows
from transcription.privacy.times import seconds
from transcription.privacy.types import Found, Span, without_overlaps
from transcription.types import Utterance

_LOOK_BACK: Final = 3
_SHORT_ANSWER: Final = 6
# A row as long as a mobile number is one by itself.
_WHOLE: Final = 11


@dataclass(frozen=True, slots=True)
class Known:
    """What is known to be somebody's in a call: names as they are written, and rows of digits."""

    names: frozenset[str] = field(default_factory=frozenset)
    digits: frozenset[str] = field(default_factory=frozenset)


NOTHING: Final = Known()


def known_of(names_: Iterable[str | None], numbers_: Iterable[str | None] = ()) -> Known:
    """What the records of a call say: the names and numbers of both sides, where they are given."""
    written = {name.strip() for name in names_ if name and len(name.strip()) > 1}
    digits = {re.sub(r"\D", "", number) for number in numbers_ if number}
    return Known(frozenset(written), frozenset(d[-11:] for d in digits if len(d) >= numbers.LONG))


def find_in_text(
    text: str, known: Known = NOTHING, *, digits_asked: bool = False, name_asked: bool = False
) -> list[Found]:
    """Personal data in one text, in order, not overlapping."""
    found = [
        *known_names.find(text, known.names),
        *numbers.find(text, asked=digits_asked, known=known.digits),
        *names.find(text, asked=name_asked),
        *english.find(text),
        *places.find(text),
    ]
    return without_overlaps(found)


class Heard(NamedTuple):
    """The personal data in a call: where it stands, and what it makes known."""

    spans: tuple[Span, ...]
    known: Known

    def of(self, utterance: int) -> list[Span]:
        """Those in one utterance."""
        return [span for span in self.spans if span.utterance == utterance]


def find(utterances: Sequence[Utterance], known: Known = NOTHING) -> Heard:
    """Personal data in a call.

    Args:
        utterances: all of a transcript.
        known: what the records of the call say.
    """
    found = [_in_turn(utterances, at, known) for at in range(len(utterances))]
    told = _told(utterances, found)
    everything = Known(known.names | told.names, known.digits | told.digits)
    for at, utterance in enumerate(utterances):
        found[at] += known_names.find(utterance.text, told.names - known.names)
        if told.digits - known.digits:
            found[at] += numbers.find(utterance.text, known=everything.digits)
    for at, each in _rows_over_turns(utterances):
        found[at].append(each)
    spans = tuple(
        Span(
            each.kind,
            utterance.id,
            each.start,
            each.end,
            *seconds(utterance, each.start, each.end),
            each.sure,
        )
        for utterance, mine in zip(utterances, found, strict=True)
        for each in without_overlaps(mine)
    )
    return Heard(spans, everything)


def _told(utterances: Sequence[Utterance], found: Sequence[Sequence[Found]]) -> Known:
    """What is somebody's anywhere in the call: said again without a word about it, it still is."""
    said_names: set[str] = set()
    digits: set[str] = set()
    for utterance, mine in zip(utterances, found, strict=True):
        for each in mine:
            said = utterance.text[each.start : each.end]
            if each.kind == "name" and each.sure and len(said) > 1:
                said_names.add(said)
            elif each.kind == "last_digits":
                digits.update(row.digits for row in rows(said))
    return Known(frozenset(said_names), frozenset(digits))


def _in_turn(utterances: Sequence[Utterance], at: int, known: Known) -> list[Found]:
    text = utterances[at].text
    asked = [each.text for each in _asked_before(utterances, at)]
    return find_in_text(
        text,
        known,
        digits_asked=any(map(numbers.asks, asked)),
        name_asked=any(map(names.asks, asked)),
    )


def _asked_before(utterances: Sequence[Utterance], at: int) -> list[Utterance]:
    """What the other side said just before; a short sound of one's own in between changes nothing."""
    mine, said = utterances[at].speaker, []
    for earlier in reversed(utterances[max(0, at - _LOOK_BACK) : at]):
        if earlier.speaker != mine or mine == "unknown":
            said.append(earlier)
        elif len(earlier.text) > _SHORT_ANSWER:
            break
    return said


def _rows_over_turns(utterances: Sequence[Utterance]) -> Iterable[tuple[int, Found]]:
    """Numbers read out in groups, with a 嗯 of the other side after each."""
    by_speaker: dict[str, list[tuple[int, Row]]] = {}
    for at, utterance in enumerate(utterances):
        here = rows(utterance.text)
        groups = by_speaker.setdefault(utterance.speaker, [])
        goes_on = bool(here) and not re.search(r"\w", utterance.text[: here[0].start])
        if groups and not (goes_on and at - groups[-1][0] <= _LOOK_BACK):
            yield from _number_of(groups)
            groups.clear()
        if here and goes_on and groups:
            groups.append((at, here[0]))
        ends_so = here and not re.search(r"\w", utterance.text[here[-1].end :])
        if ends_so and (not groups or len(here) > 1) and len(here[-1].digits) < _WHOLE:
            groups.append((at, here[-1]))
        elif groups and here and re.search(r"\w", utterance.text[here[0].end :]):
            yield from _number_of(groups)
            groups.clear()
    for groups in by_speaker.values():
        yield from _number_of(groups)


def _number_of(groups: Sequence[tuple[int, Row]]) -> Iterable[tuple[int, Found]]:
    digits = "".join(row.digits for _, row in groups)
    if len(groups) > 1 and numbers.LONG <= len(digits) <= 20 and not numbers.is_service(digits):
        kind = numbers.long_kind(digits)
        for at, row in groups:
            yield at, Found(kind, row.start, row.end, sure=kind != "digits")
