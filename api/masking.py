"""What people are shown of personal data: the one place where it is hidden before anything is handed out.

Text goes through `mask_text`, a whole result file through `masked`. Names and numbers that the call itself
makes known are hidden wherever they come up, in a quotation as in the transcript.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, Final

from complaint_warnings.ledger.rows import mask_number
from transcription.privacy.detect import NOTHING, Heard, Known, find, known_of
from transcription.privacy.mask import hide, mask_name, mask_one, mask_text
from transcription.privacy.types import NUMBER_KINDS, Kind, Span
from transcription.types import Utterance, Word

__all__ = ["Heard", "mask_name", "mask_number", "mask_text"]

# Kinds of spoken numbers that may be somebody's (transcription.types.SpokenNumber).
PERSONAL_KINDS: Final = ("phone", "digits")
_DIGIT_RUN = re.compile(r"[0-9]{7,}")
# Ids, hashes, times, and the names of programs: they keep their form where they are named as such.
_IDENTIFIERS: Final = frozenset(
    {
        "sha256", "id", "external_id", "rule", "source", "started_at", "at", "model", "diting", "engine",
        "kind", "category", "codec", "product", "client", "currency", "timezone", "language", "team", "cite",
        "band", "status", "severity", "speaker", "how", "outcome", "created_at", "date",
        "date_from", "type", "level", "relation", "direction", "file", "packs", "name",
    }
)  # fmt: skip
# Those whose name is hidden; staff are named in the records.
_OUTSIDERS: Final = frozenset({"customer", "debtor"})
_KEPT: Final = 1024


def mask_digits(text: str) -> str:
    """Hides the middle of long rows of digits, but leaves Chinese numerals alone: for what rules look for,
    where a row of numerals is a pattern and no number."""
    return _DIGIT_RUN.sub(lambda found: mask_one("phone", found.group()), text)


class _Remembered:
    """What was found in the transcripts asked for last: they never change, and pages ask for them often."""

    def __init__(self) -> None:
        self._found: OrderedDict[int, Heard] = OrderedDict()
        self._lock = Lock()

    def get(self, utterances: Sequence[Utterance], known: Known) -> Heard:
        key = hash((tuple((said.speaker, said.text, said.start, said.words) for said in utterances), known))
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        heard = find(utterances, known)
        with self._lock:
            self._found[key] = heard
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
        return heard


_REMEMBERED: Final = _Remembered()


def heard_in(utterances: Sequence[Utterance], record: Mapping[str, Any]) -> Heard:
    """The personal data in a transcript.

    Args:
        record: the call's record (docs/formats.md): the names and numbers in it are known.
    """
    return _REMEMBERED.get(utterances, known_in_record(record))


def known_in_record(record: Mapping[str, Any]) -> Known:
    """The names and numbers that a call's record gives."""
    people = [record.get(side) or {} for side in ("agent", "customer")]
    return known_of((each.get("name") for each in people), (each.get("number") for each in people))


def masked(result: Mapping[str, Any]) -> Any:
    """A result file (docs/formats.md) with all personal data partly hidden. Positions in texts stay valid."""
    call, transcript = result.get("call") or {}, result.get("transcript") or {}
    said = transcript.get("utterances") or []
    utterances = [utterance_of(each) for each in said]
    heard = heard_in(utterances, call)
    shown = {
        key: _masked(value, key, heard.known)
        for key, value in result.items()
        if key not in ("findings", "transcript")
    }
    if "transcript" in result:
        shown["transcript"] = _masked({**transcript, "utterances": []}, "transcript", heard.known)
        shown["transcript"]["utterances"] = [_said(each, heard) for each in said]
    if "findings" in result:
        texts = {each["id"]: (each["text"], hide(each["text"], heard.of(each["id"]))) for each in said}
        shown["findings"] = [masked_finding(each, heard.known, texts) for each in result["findings"]]
    return {key: shown[key] for key in result}


def masked_details(details: Mapping[str, Any]) -> Any:
    """What an audit entry or a trial of weights tells, with personal data partly hidden."""
    return _masked(details, "details")


def masked_finding(
    finding: Mapping[str, Any], known: Known, texts: Mapping[int, tuple[str, str]] | None = None
) -> dict[str, Any]:
    """A finding with personal data partly hidden.

    Args:
        texts: the utterances as said and as shown: a quotation is shown as they are.
    """
    shown: dict[str, Any] = {key: _masked(value, key, known) for key, value in finding.items()}
    around = [texts[at] for at in finding.get("utterances", ()) if at in texts] if texts else []
    for key in ("heard", "matched"):
        for said, hidden in around:
            place = said.find(finding[key]) if finding.get(key) else -1
            if place >= 0:
                shown[key] = hidden[place : place + len(finding[key])]
                break
    return shown


def utterance_of(given: Mapping[str, Any]) -> Utterance:
    """An utterance of a result file, or of a stored transcript."""
    words = tuple(Word(*word) for word in given.get("words") or ())
    return Utterance(given["id"], given["speaker"], given["start"], given["end"], given["text"], words=words)


def _said(given: Mapping[str, Any], heard: Heard) -> dict[str, Any]:
    """One utterance of a result file."""
    spans = heard.of(given["id"])
    shown = {
        key: _masked(value, key, heard.known)
        for key, value in given.items()
        if key not in ("words", "numbers")
    }
    shown["text"] = hide(given["text"], spans)
    if "words" in given:
        hidden = _words_hidden(given, spans)
        shown["words"] = [
            [_stars(word[0]) if at in hidden else word[0], *word[1:]]
            for at, word in enumerate(given["words"])
        ]
    if "numbers" in given:
        shown["numbers"] = [_number(each, spans) for each in given["numbers"]]
    return {key: shown[key] for key in given}


def _words_hidden(given: Mapping[str, Any], spans: Sequence[Span]) -> set[int]:
    """The words that personal data falls into, all of them where text and words do not fit together: no
    two of them may put it together again."""
    if not spans:
        return set()
    letters = [at for at, char in enumerate(given["text"]) if char.isalnum()]
    owners = [at for at, word in enumerate(given["words"]) for char in word[0] if char.isalnum()]
    if len(letters) != len(owners):
        return set(range(len(given["words"])))
    inside = {place for span in spans for place in range(span.start, span.end)}
    return {owner for place, owner in zip(letters, owners, strict=True) if place in inside}


def _number(given: Mapping[str, Any], spans: Sequence[Span]) -> dict[str, Any]:
    """A number beside the words: its value is hidden where its words are."""
    start, end = given["span"]
    touched: set[Kind] = {span.kind for span in spans if span.start < end and start < span.end}
    if not touched and given["kind"] not in PERSONAL_KINDS:
        return dict(given)
    kind: Kind = "phone" if given["kind"] == "phone" else next(iter(touched & NUMBER_KINDS), "digits")
    if not touched and given["kind"] == "digits" and mask_text(given["text"]) == given["text"]:
        return dict(given)
    value = mask_number(given["value"]) if kind == "phone" else mask_one(kind, given["value"])
    return {**given, "text": mask_one(kind, given["text"]), "value": value}


def _stars(word: str) -> str:
    return "".join("*" if char.isalnum() else char for char in word)


def _masked(value: Any, name: str, known: Known = NOTHING) -> Any:
    if isinstance(value, Mapping):
        if name in _OUTSIDERS:
            value = {**value, **({"name": mask_name(value["name"])} if value.get("name") else {})}
        return {key: _masked(each, key, known) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(each, name, known) for each in value]
    if not isinstance(value, str) or name in _IDENTIFIERS or name.endswith("_id"):
        return value
    if name == "number":
        return mask_number(value)
    return mask_digits(value) if name == "matched" else mask_text(value, known)
