"""What counts as personal data, and where some was found."""

from typing import Final, Literal, NamedTuple, get_args

Kind = Literal[
    "name",
    "phone",
    "id_card",
    "bank_card",
    "last_digits",
    "digits",
    "address",
    "email",
    "account",
    "plate",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
# Those that are read out figure by figure.
NUMBER_KINDS: Final[frozenset[Kind]] = frozenset({"phone", "id_card", "bank_card", "last_digits", "digits"})


class Found(NamedTuple):
    """Personal data in one text: `start:end` are characters. `sure` is False where only the way it is said
    speaks for it."""

    kind: Kind
    start: int
    end: int
    sure: bool = True


class Span(NamedTuple):
    """Personal data in one utterance of a call. `start_s` and `end_s` are seconds in the recording."""

    kind: Kind
    utterance: int
    start: int
    end: int
    start_s: float
    end_s: float
    sure: bool = True


def without_overlaps(found: "list[Found]") -> "list[Found]":
    """In order of place. Of two that overlap the longer stays, and takes in what the other one covers."""
    merged: list[Found] = []
    for each in sorted(found, key=lambda item: (item.start, -item.end)):
        if merged and each.start < merged[-1].end:
            last = merged[-1]
            leading = last if last.end - last.start >= each.end - each.start else each
            sure = last.sure or each.sure
            merged[-1] = Found(leading.kind, last.start, max(last.end, each.end), sure)
        else:
            merged.append(each)
    return merged
