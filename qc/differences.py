"""What a note and the recording differ in, and how it is said in Chinese and English."""

from dataclasses import dataclass
from datetime import date

from qc.extract.facts import Promise
from qc.extract.note import NoteFacts
from qc.extract.terms import Terms
from qc.language.reconcile import Aspect


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which the note and the recording differ: `aspect` and `what` as rules ask for it, what the
    note says (`noted`) and what was `said`, in Chinese and English, and the utterances that show it."""

    aspect: Aspect
    what: str
    sure: bool
    noted: tuple[str, str]
    said: tuple[str, str]
    utterances: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is known of the call beside its facts: whether both sides really talked, and where the debt was
    disclosed to somebody else. `trusted`: it is known that the first real words are the customer's."""

    talked: bool
    first_words: int | None
    trusted: bool = True
    disclosed: tuple[int, ...] = ()
    disclosed_surely: bool = False


def noted_promise(note: NoteFacts) -> tuple[str, str]:
    """What the note says of the promise."""
    text = note.text or note.word or ""
    return text, text


def noted_sum(payment: Terms) -> tuple[str, str]:
    """The sum in the note."""
    text = str(payment.sum.low) if payment.sum else ""
    return text, text


def noted_days(payment: Terms) -> tuple[str, str]:
    """The days in the note."""
    when = payment.when
    text = _span(when.first, when.last) if when else ""
    return text, text


def _span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


def said_sum(promise: Promise) -> tuple[str, str]:
    """The sum that was promised."""
    amount = (
        promise.amount
        if promise.amount is not None or not promise.instalments
        else promise.instalments.amount
    )
    text = f"{amount}/{promise.amount_to}" if promise.amount_to else str(amount)
    return text, text


def said_days(promise: Promise) -> tuple[str, str]:
    """The days for which payment was promised."""
    text = _span(promise.date_from, promise.date)
    return text, text


def said_promise(promise: Promise) -> tuple[str, str]:
    """The promise in one sentence."""
    parts = [part for part in (said_days(promise)[0] or promise.when, str(promise.amount or "")) if part]
    text = " ".join(parts)
    return f"客户承诺还款 {text}".strip(), f"the customer promised to pay {text}".strip()
