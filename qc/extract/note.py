"""The collector's note as typed facts: its outcome in one word, what it says of each matter, and the payments
that it names. Read by the same readers as the conversation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.metadata import Note
from qc.extract.fold import fold
from qc.extract.note_words import MATTERS, OUTCOMES, SAID_BY_OUTCOME
from qc.extract.promises import sentences
from qc.extract.terms import Terms, read_terms

_CLAUSE = re.compile(r"[^，;]+")
# In these clauses a sum or a day is that of a payment made, a debt, or another call.
_NO_PAYMENT = re.compile(
    r"(?:已|称|曾)[^，。;]{0,14}(?:还|缴|交|付|结)(?!待)|异议|去电|回电|再联系|"
    r"联系|短信|核[实查]|申请|待定|待核|提交|登记|发放|到期前|手续费|会员费|服务费"
    r"|\b(?:paid|asked|requested|call back|call on|due date|plan|fee|disput|claims?)\b"
)


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """A note as it was understood.

    `word` is the outcome as written, `outcome` the one of the known list that it means, or None. `matters`
    are those that the text speaks of (`qc.extract.note_words`), `covered` those and what the outcome says by
    itself.
    `payments` are the payments that it says were promised.
    """

    word: str | None
    outcome: str | None
    text: str
    matters: frozenset[str]
    covered: frozenset[str]
    payments: tuple[Terms, ...]


def read_note(note: Note, language: str, today: date | None) -> NoteFacts:
    """Understand a note.

    Args:
        note: as given with the call.
        language: of the call: `zh` or `en`; the note's own text decides where it is in Chinese.
        today: the day of the call, by which it is read (明天).
    """
    text = fold(note.text)
    outcome = known_outcome(note.outcome)
    matters = frozenset(name for name, words in MATTERS.items() if words.search(text))
    chinese = any("一" <= char <= "鿿" for char in text)
    spoken = "zh" if chinese or (language != "en" and not text) else "en"
    promised = outcome == "promise_to_pay" or "promise" in matters
    payments = _payments(text, spoken, today) if promised else ()
    return NoteFacts(
        word=note.outcome,
        outcome=outcome,
        text=note.text,
        matters=matters,
        covered=matters | SAID_BY_OUTCOME.get(outcome or "", frozenset()),
        payments=tuple(payments),
    )


def known_outcome(word: str | None) -> str | None:
    """The outcome of the known list that a word means; None for other words."""
    return None if word is None else OUTCOMES.get(word.strip().lower().replace(" ", "_"), None)


def _payments(text: str, language: str, today: date | None) -> Sequence[Terms]:
    found: list[Terms] = []
    for sentence in sentences(text):
        dead = [
            match.span()
            for match in _CLAUSE.finditer(sentence)
            if _NO_PAYMENT.search(match.group()) and not re.search(r"承诺|答应|\bwill pay", match.group())
        ]
        groups = read_terms(sentence, language, today, loose=True, dead=dead, owed_too=True)
        found += [terms for terms in groups if not _only_rest(terms)]
    return found


def _only_rest(terms: Terms) -> bool:
    """余款待定: no payment was named."""
    return (
        terms.sum is not None and terms.sum.share == "rest" and terms.sum.low is None and terms.when is None
    )
