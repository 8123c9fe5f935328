"""Numbers in what was said: found and written one way, beside the words as spoken.

The text is walked through once; at each place where a number may begin, readers with bounded patterns are
asked in a fixed order, and the first that knows it decides how far it goes. What no reader is sure of is
left to the words.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from ingest.metadata import CallRecord
from transcription.text import chinese_numbers, english_numbers
from transcription.text.punctuation import close_up, punctuate
from transcription.text.readers import Reader, Saying
from transcription.types import SpokenNumber, Transcript


@dataclass(frozen=True, slots=True)
class _Language:
    """Where a number may begin, who reads it, and what is skipped when nobody can."""

    begins: re.Pattern[str]
    skip: re.Pattern[str]
    readers: Sequence[Reader]
    idiom: Callable[[str, int], int | None]


_LANGUAGES = {
    "zh": _Language(
        chinese_numbers.BEGINS, chinese_numbers.RUN, chinese_numbers.READERS, chinese_numbers.idiom_end
    ),
    "en": _Language(
        english_numbers.BEGINS, english_numbers.RUN, english_numbers.READERS, english_numbers.idiom_end
    ),
}


def find_numbers(text: str, language: str, today: date | None = None) -> tuple[SpokenNumber, ...]:
    """All numbers in `text` that can be told, in order, not overlapping.

    Args:
        text: an utterance as transcribed, numbers in words or in figures.
        language: `zh` or `en`; in other languages nothing is found.
        today: the day of the call where it was made. Without it, days counted from it (明天, next Friday)
            are left out.
    """
    told = _LANGUAGES.get(language)
    found: list[SpokenNumber] = []
    place = 0
    while told is not None and (match := told.begins.search(text, place)):
        at = match.start()
        past = told.idiom(text, at)
        number = None if past is not None else _first(told.readers, Saying(text, at, today))
        if number is not None:
            found.append(number)
            place = number.end
        else:
            place = past if past is not None else max(_run_end(told.skip, text, at), match.end())
    return tuple(found)


def finish(transcript: Transcript, today: date | None) -> Transcript:
    """A recognised transcript made fit to read: spaces and sentence ends mended, numbers found.

    `today` is the day of the call where it was made, if known.
    """
    language = transcript.language or ""
    utterances = tuple(
        replace(
            utterance,
            text=punctuate(utterance.text, language),
            words=tuple(word._replace(text=close_up(word.text)) for word in utterance.words),
        )
        for utterance in transcript.utterances
    )
    return with_numbers(replace(transcript, utterances=utterances), today)


def with_numbers(transcript: Transcript, today: date | None) -> Transcript:
    """The transcript with the numbers of every utterance."""
    language = transcript.language or ""
    utterances = tuple(
        replace(utterance, numbers=find_numbers(utterance.text, language, today))
        for utterance in transcript.utterances
    )
    return replace(transcript, utterances=utterances)


def call_date(record: CallRecord | None) -> date | None:
    """The day of the call on the customer's calendar, or on that of the recorder's own zone; None where
    the time of the call is not known."""
    if record is None or record.started_at is None:
        return None
    try:
        zone = ZoneInfo(record.customer.timezone) if record.customer.timezone else None
    except (ValueError, OSError, KeyError):
        zone = None
    return (record.started_at.astimezone(zone) if zone else record.started_at).date()


def _first(readers: Sequence[Reader], saying: Saying) -> SpokenNumber | None:
    return next((number for reader in readers if (number := reader(saying)) is not None), None)


def _run_end(run: re.Pattern[str], text: str, at: int) -> int:
    """Past the whole row of numerals that nobody could read: its rest would be read wrongly."""
    match = run.match(text, at)
    return match.end() if match else at
