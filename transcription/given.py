"""A transcript that was given instead of heard: `transcript.json` (docs/formats.md)."""

import json
import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Never, cast, get_args

from store.errors import TranscriptError
from transcription.text.simplify import simplify
from transcription.types import RoleDecision, Speaker, Transcript, Utterance, Word

MAX_BYTES = 64 * 1024 * 1024
SUPPORTED_LANGUAGES = ("zh", "en")
_SPEAKERS = get_args(Speaker)
# Clocks of two channels, and rounding, may disagree by this much without the order being wrong.
_ORDER_SLACK_S = 1.0


def load_transcript(path: Path) -> Transcript:
    """Read a transcript file; its text is taken as said (confidence 1.0, engine `given`).

    Raises:
        TranscriptError: `transcript.unreadable` or `transcript.bad_value`; `where` names the file, the
            utterance and the field.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            _refuse("transcript.unreadable", str(path), f"it is larger than {MAX_BYTES} bytes")
        data = json.loads(path.read_bytes())
    except OSError as error:
        _refuse("transcript.unreadable", str(path), error.strerror or "it cannot be opened")
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        _refuse("transcript.unreadable", str(path), f"it is not JSON in UTF-8 ({error})")
    return parse_transcript(data, str(path))


def parse_transcript(data: object, where: str) -> Transcript:
    """Check a decoded `transcript.json`; `where` names its source in errors.

    Raises:
        TranscriptError: `transcript.bad_value`.
    """
    if not isinstance(data, Mapping):
        _refuse("transcript.bad_value", where, "it must be an object with `utterances`")
    language = data.get("language")
    if language is not None and not isinstance(language, str):
        _refuse("transcript.bad_value", f"{where}: language", "it must be a code such as zh or en")
    items = data.get("utterances")
    if not isinstance(items, list):
        _refuse("transcript.bad_value", f"{where}: utterances", "it must be a list")
    utterances = tuple(_utterance(item, index, where) for index, item in enumerate(items))
    _check_order(utterances, where)
    return Transcript(
        language=language,
        engine="given",
        model="",
        utterances=utterances,
        problems=problems_of(language, utterances),
        roles=_roles(utterances),
    )


def _roles(utterances: tuple[Utterance, ...]) -> RoleDecision:
    """Who the speakers are is taken as given; it is as sure as the file says of what it is least sure of."""
    known = [utterance.role_trust for utterance in utterances if utterance.speaker != "unknown"]
    return RoleDecision("given", min(known)) if known else RoleDecision("unknown", 0.0)


def problems_of(language: str | None, utterances: tuple[Utterance, ...]) -> tuple[str, ...]:
    """Reason codes for what keeps these utterances from being judged in full."""
    problems = []
    if not any(utterance.text for utterance in utterances):
        problems.append("transcript.empty")
    if language is None:
        problems.append("language.unknown")
    elif language not in SUPPORTED_LANGUAGES:
        problems.append("language.unsupported")
    if any(utterance.speaker == "unknown" for utterance in utterances):
        problems.append("roles.unknown")
    return tuple(problems)


def _utterance(item: object, index: int, where: str) -> Utterance:
    place = f"{where}: utterances[{index}]"
    if not isinstance(item, Mapping):
        _refuse("transcript.bad_value", place, "it must be an object")
    speaker = item.get("speaker")
    if speaker not in _SPEAKERS:
        _refuse("transcript.bad_value", f"{place}.speaker", f"it must be one of {', '.join(_SPEAKERS)}")
    text = item.get("text")
    if not isinstance(text, str):
        _refuse("transcript.bad_value", f"{place}.text", "it must be text")
    start = _number(item, "start", place, low=0.0)
    end = _number(item, "end", place, low=start)
    return Utterance(
        id=index,
        speaker=cast(Speaker, speaker),
        start=start,
        end=end,
        text=simplify(text),
        confidence=_number(item, "confidence", place, low=0.0, high=1.0, default=1.0),
        words=_words(item.get("words"), place),
        role_trust=_number(item, "role_trust", place, low=0.0, high=1.0, default=1.0),
    )


def _words(items: object, place: str) -> tuple[Word, ...]:
    if items is None:
        return ()
    if not isinstance(items, list):
        _refuse(
            "transcript.bad_value", f"{place}.words", "it must be a list of [text, start, end, confidence]"
        )
    words = []
    for index, item in enumerate(items):
        spot = f"{place}.words[{index}]"
        if not isinstance(item, list) or len(item) != 4 or not isinstance(item[0], str):
            _refuse("transcript.bad_value", spot, "it must be [text, start, end, confidence]")
        fields: dict[str, Any] = dict(zip(("start", "end", "confidence"), item[1:], strict=True))
        start = _number(fields, "start", spot, low=0.0)
        end = _number(fields, "end", spot, low=start)
        confidence = _number(fields, "confidence", spot, low=0.0, high=1.0)
        words.append(Word(simplify(item[0]), start, end, confidence))
    return tuple(words)


def _number(
    item: Mapping[str, Any],
    field: str,
    place: str,
    *,
    low: float,
    high: float = math.inf,
    default: float | None = None,
) -> float:
    value = item.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        _refuse("transcript.bad_value", f"{place}.{field}", "it must be a number")
    if not low <= value <= high:
        limit = f"at least {low:g}" if math.isinf(high) else f"between {low:g} and {high:g}"
        _refuse("transcript.bad_value", f"{place}.{field}", f"it is {value:g} and must be {limit}")
    return float(value)


def _check_order(utterances: tuple[Utterance, ...], where: str) -> None:
    for before, after in pairwise(utterances):
        if after.start < before.start - _ORDER_SLACK_S:
            _refuse(
                "transcript.bad_value",
                f"{where}: utterances[{after.id}].start",
                f"it is {after.start:g}, before the {before.start:g} of the utterance above it",
                "Sort the utterances by their start.",
            )


def _refuse(code: str, where: str, problem: str, mend: str = "docs/formats.md shows the format.") -> Never:
    raise TranscriptError(problem, code=code, where=where, mend=mend)
