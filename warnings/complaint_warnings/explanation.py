"""The remarks to an indicator: in which calls it was heard, how, how sure, how long ago."""

from collections.abc import Sequence

from complaint_warnings.indicators import Hit
from complaint_warnings.types import Language
from complaint_warnings.wording import remark


def explain(
    name: str, some: Sequence[Hit], *, hard: bool, age_days: int, language: Language
) -> tuple[str, ...]:
    """Remarks on `name` from the hits it rests on; `age_days` is the age of the youngest."""
    remarks = [_where(some, language)]
    if name.startswith("emotion."):
        remarks += _heard_in(some, language)
    if name.startswith("conduct."):
        categories = sorted({category for hit in some for category in hit.categories})
        remarks.append(", ".join(categories) or remark("band_critical", language))
    if not any(hit.certain for hit in some):
        remarks.append(remark("unsure_hard" if hard else "unsure", language))
    if age_days >= 1:
        remarks.append(remark("faded", language, str(age_days)))
    return tuple(remarks)


def _where(some: Sequence[Hit], language: Language) -> str:
    calls = sorted({hit.call.call for hit in some})
    if len(calls) > 1:
        return remark("calls", language, ("、" if language == "zh" else ", ").join(calls))
    places = sorted({place for hit in some for place in hit.places})
    at = f" {places[0]:.1f} s" if places else ""
    return remark("call", language, calls[0] + at)


def _heard_in(some: Sequence[Hit], language: Language) -> list[str]:
    words, voice = any(hit.in_words for hit in some), any(hit.in_voice for hit in some)
    if words and voice:
        return [remark("words_and_voice", language)]
    if words or voice:
        return [remark("words" if words else "voice", language)]
    return []
