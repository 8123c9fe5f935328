"""Why a turn is like the examples of a bank: its probability, the limits, and the nearest examples."""

from dataclasses import dataclass

from qc.call import Call
from qc.conditions.base import Condition, Scope
from qc.conditions.likeness import LikeBank
from qc.likeness.nearest import Neighbour, bank_examples
from transcription.types import Speaker

_SHOWN = 2  # so many examples of each kind


@dataclass(frozen=True, slots=True)
class Likeness:
    """The turn of the window that is most like a bank. `report_at` is the probability (0..1) from which it is
    a finding, `certain_at` that from which it is certain (None: never). `belong` are the nearest examples
    of the bank, `apart` the nearest of those that are much like it and do not belong."""

    utterance: int
    speaker: Speaker
    text: str
    probability: float
    report_at: float
    certain_at: float | None
    belong: tuple[Neighbour, ...]
    apart: tuple[Neighbour, ...]


def likest(bare: Condition, call: Call, scope: Scope) -> Likeness | None:
    """How like the bank the likest turn is; None where the condition asks no bank, or nobody spoke."""
    window = [at for at in call.window(scope.side, scope.where) if call.texts[at].text]
    if not isinstance(bare, LikeBank) or not window:
        return None
    scored = call.likeness
    about = scored.about(bare.bank)
    at = max(window, key=lambda place: (scored.probability(place, bare.bank), -place))
    text = scored.texts[at]
    return Likeness(
        at,
        call.utterances[at].speaker,
        call.utterances[at].text,
        round(scored.probability(at, bare.bank), 2),
        about.report_at if bare.at_least is None else bare.at_least,
        about.certain_at,
        bank_examples(bare.bank, True).nearest(text, _SHOWN),
        bank_examples(bare.bank, False).nearest(text, _SHOWN),
    )
