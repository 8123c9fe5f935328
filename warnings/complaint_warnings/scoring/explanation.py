"""The remarks to an indicator: in which calls it was heard, how, how sure, how long ago."""

from collections.abc import Sequence

from complaint_warnings.scoring.indicators import Hit
from complaint_warnings.scoring.weights import EmotionWeights
from complaint_warnings.scoring.wording import remark
from complaint_warnings.types import HeardIn, ItemEvidence, Language

_PLACES: tuple[HeardIn, ...] = ("both", "apart", "disagree", "words", "voice")  # the most telling first


def explain(
    name: str,
    some: Sequence[Hit],
    *,
    hard: bool,
    age_days: int,
    language: Language,
    by: EmotionWeights,
) -> tuple[str, ...]:
    """Remarks on `name` from the hits it rests on; `age_days` is the age of the youngest, `by`
    what the points of a state are multiplied by."""
    remarks = [_where(some, language), *_said_by_items(some, language)]
    if name.startswith("emotion."):
        remarks += _heard_in(some, by, language)
    if name.startswith("conduct."):
        categories = sorted({category for hit in some for category in hit.categories})
        remarks.append(", ".join(categories) or remark("band_critical", language))
    if not any(hit.certain for hit in some):
        remarks.append(remark("unsure_hard" if hard else "unsure", language))
    if age_days >= 1:
        remarks.append(remark("faded", language, str(age_days)))
    return tuple(remarks)


def _where(some: Sequence[Hit], language: Language) -> str:
    references = sorted({hit.of.reference for hit in some})
    kind = "item" if isinstance(some[0].of, ItemEvidence) else "call"
    if len(references) > 1:
        return remark(f"{kind}s", language, ("、" if language == "zh" else ", ").join(references))
    places = sorted({place for hit in some for place in hit.places})
    at = f" {places[0]:.1f} s" if places else ""
    return remark(kind, language, references[0] + at)


def _said_by_items(some: Sequence[Hit], language: Language) -> list[str]:
    """What the newest item says of itself, such as the figures of a monitor."""
    items = [hit.of for hit in some if isinstance(hit.of, ItemEvidence)]
    said = [item.why_zh if language == "zh" else item.why_en for item in items]
    return [text for text in said if text][-1:]


def _heard_in(some: Sequence[Hit], by: EmotionWeights, language: Language) -> list[str]:
    """Whether words or voice told a state, how the voice went on, and what the points are multiplied by."""
    places = {hit.heard_in for hit in some}
    place = next((each for each in _PLACES if each in places), None)
    if place == "words" and "voice" in places:
        place = "apart"
    remarks = []
    if place is not None:
        remarks.append(remark(f"heard_{place}", language) + _times(by.factor(place, None), language))
    trend = next((hit.trend for hit in some if hit.trend is not None), None)
    if trend is not None:
        remarks.append(remark(f"voice_{trend}", language) + _times(by.factor(None, trend), language))
    return remarks


def _times(factor: float, language: Language) -> str:
    return "" if factor == 1 else remark("times", language, f"{factor:g}")
