"""The collector's note held against the recording. Pure.

A difference is `sure` only where both sides are plain: exact words of the customer, well heard, against a
known outcome or exact figures in the note. Everything else that differs is doubt, and vague against vague is
nothing. What a note may leave out without blame is written in docs/rules.md.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from qc.differences import (
    Conversation,
    Difference,
    noted_days,
    noted_promise,
    noted_sum,
    said_days,
    said_promise,
    said_sum,
)
from qc.extract.facts import (
    ComplaintIntent,
    Contact,
    Dispute,
    Fact,
    Hardship,
    Promise,
    Refusal,
    StopRequest,
    Vulnerable,
)
from qc.extract.note import NoteFacts
from qc.extract.terms import Terms

_NEAR = Decimal(1)  # 438 for 438.60 is rounded, not wrong
_AWEEK = timedelta(days=7)
_LEAST_GAP = timedelta(days=3)  # between two stretches of time before they are plainly different
_SPEAKS_FOR_ITSELF = ("refusal", "no_commitment", "no_answer", "wrong_number")
_DEBTOR_SPOKE = ("promise_to_pay", "refusal", "hardship", "no_commitment")


def differences(note: NoteFacts, facts: Sequence[Fact], call: Conversation) -> tuple[Difference, ...]:
    """All differences between a note and the facts of its call."""
    return (
        *_promises(note, facts, call),
        *_outcome(note, call),
        *_person(note, facts),
        *_left_out(note, facts),
        *_itself(note),
        *_claims(note, call),
    )


def _promises(note: NoteFacts, facts: Sequence[Fact], call: Conversation) -> Iterator[Difference]:
    made = [fact for fact in facts if isinstance(fact, Promise)]
    live = [promise for promise in made if not promise.withdrawn]
    noted = note.outcome == "promise_to_pay" or ("promise" in note.matters and note.outcome is None)
    if noted and not live:
        yield from _invented(note, facts, made, call)
    elif noted:
        yield from _terms_differ(note, live)
    elif "promise" not in note.covered and not note.payments:
        yield from _omitted(note, live)


def _invented(
    note: NoteFacts, facts: Sequence[Fact], made: Sequence[Promise], call: Conversation
) -> Iterator[Difference]:
    """A promise in the note, and none in the recording: contradicted, or merely not heard."""
    against = [fact for fact in facts if isinstance(fact, Refusal)]
    if against or made:
        where = against[0] if against else made[-1]
        sure = any(fact.certainty == "certain" for fact in against) or bool(made)
        said = (
            ("客户拒绝还款", "the customer refused")
            if against
            else ("客户否认或收回承诺", "the promise was denied or taken back")
        )
        yield Difference("promise", "denied", sure, noted_promise(note), said, where.utterances)
    elif call.talked:
        yield Difference(
            "promise", "invented", False, noted_promise(note), ("未听到承诺", "no promise was heard")
        )


def _omitted(note: NoteFacts, live: Sequence[Promise]) -> Iterator[Difference]:
    """A promise in the recording, and another outcome in the note."""
    plain = [promise for promise in live if not promise.vague and promise.condition != "if"]
    if not plain:
        return
    promise = max(plain, key=lambda each: (each.certainty == "certain", each.amount is not None))
    firm = promise.certainty == "certain"
    contradicts = note.outcome in _SPEAKS_FOR_ITSELF
    if not firm and note.outcome != "refusal":
        return
    if contradicts or note.outcome in ("callback", None):
        noted = (note.word or note.text or "无", note.word or note.text or "nothing")
        # A day alone may be of something else that the customer tells: 过完年在营业厅新办的.
        sure = firm and contradicts and (promise.amount is not None or promise.instalments is not None)
        yield Difference("promise", "omitted", sure, noted, said_promise(promise), promise.utterances)


def _terms_differ(note: NoteFacts, live: Sequence[Promise]) -> Iterator[Difference]:
    """Sums and days of the promises in the note that fit none of those made."""
    for payment in note.payments:
        if any(_sums_fit(payment, said) and _days_fit(payment, said) for said in live) or _is_total(
            payment, live
        ):
            continue
        same_day = [said for said in live if _days_fit(payment, said)]
        same_sum = [said for said in live if _sums_fit(payment, said)]
        nearest = (same_day or same_sum or live)[0]
        alone = len(same_day or same_sum or live) == 1 and not _is_noted(nearest, note.payments)
        if not _sums_fit(payment, nearest):
            sure = alone and _exact_sum(payment, nearest)
            yield Difference(
                "promise", "amount", sure, noted_sum(payment), said_sum(nearest), nearest.utterances
            )
        if not _days_fit(payment, nearest):
            sure = alone and _plain_days(payment, nearest)
            yield Difference(
                "promise", "date", sure, noted_days(payment), said_days(nearest), nearest.utterances
            )


def _is_noted(said: Promise, payments: Sequence[Terms]) -> bool:
    """Whether a payment of the note is this promise already: another in the note may have been promised in
    words that were not understood."""
    return any(_sums_fit(payment, said) and _days_fit(payment, said) for payment in payments)


def _sums_fit(payment: Terms, said: Promise) -> bool:
    """Whether the sums can be the same; a share, or no sum, can be any."""
    found = payment.sum
    parts = said.instalments
    low = said.amount if said.amount is not None or parts is None else parts.amount
    high = said.amount_to or low
    plan = payment.instalments.amount if payment.instalments else None
    noted_low, noted_high = (found.low, found.high) if found and found.low is not None else (plan, plan)
    if low is None or high is None or noted_low is None or noted_high is None:
        return True
    return noted_low - high < _NEAR and low - noted_high < _NEAR


def _is_total(payment: Terms, live: Sequence[Promise]) -> bool:
    """Whether the note gives several promises as one sum."""
    sums = [said.amount for said in live if said.amount is not None]
    if payment.sum is None or payment.sum.low is None or len(sums) < 2:
        return False
    return abs(sum(sums, Decimal(0)) - payment.sum.low) < _NEAR


def _days_fit(payment: Terms, said: Promise) -> bool:
    when = payment.when
    if when is None or when.first is None or when.last is None or said.date is None or said.date_from is None:
        return True
    return when.first <= said.date and said.date_from <= when.last


def _exact_sum(payment: Terms, said: Promise) -> bool:
    exact = payment.sum is not None and payment.sum.low == payment.sum.high and not payment.sum.approximate
    return exact and said.certainty == "certain" and said.amount is not None and said.amount_to is None


def _plain_days(payment: Terms, said: Promise) -> bool:
    """Whether two times are plainly different: two days, or stretches with days between them."""
    when = payment.when
    if when is None or when.first is None or when.last is None or said.date is None or said.date_from is None:
        return False
    gap = max(when.first - said.date, said.date_from - when.last)
    both_exact = when.exact and said.date_from == said.date
    confused = gap == _AWEEK or when.doubtful or said.doubtful_date
    return said.certainty == "certain" and not confused and (both_exact or gap > _LEAST_GAP)


def _outcome(note: NoteFacts, call: Conversation) -> Iterator[Difference]:
    if note.outcome == "no_answer" and call.talked and call.first_words is not None:
        word = note.word or ""
        said = ("录音中有实质通话", "the recording has a conversation")
        yield Difference("outcome", "no_answer", call.trusted, (word, word), said, (call.first_words,))


def _person(note: NoteFacts, facts: Sequence[Fact]) -> Iterator[Difference]:
    contact = next((fact for fact in facts if isinstance(fact, Contact)), None)
    if contact is None or contact.how != "said":
        return
    word = note.word or note.text
    certain = contact.certainty == "certain"
    if contact.person == "debtor" and note.outcome in ("wrong_number", "third_party"):
        disputed = any(isinstance(fact, Dispute) and fact.kind in ("identity", "fraud") for fact in facts)
        said = ("接听人确认是本人", "the person on the line confirmed to be the debtor")
        yield Difference("person", "debtor", certain and not disputed, (word, word), said, contact.utterances)
    elif contact.person not in ("debtor", "nobody") and certain and _names_debtor(note):
        said = ("接听人并非本人", "it was not the debtor who answered")
        yield Difference("person", "other", False, (word, word), said, contact.utterances)


def _names_debtor(note: NoteFacts) -> bool:
    elsewhere = {"third_party", "wrong_number", "dispute"} & note.covered
    return note.outcome in _DEBTOR_SPOKE and not elsewhere


_MATTERS: tuple[tuple[str, type[Fact], tuple[str, str]], ...] = (
    ("dispute", Dispute, ("客户提出异议", "the customer disputed the debt")),
    ("complaint", ComplaintIntent, ("客户表示要投诉", "the customer will complain")),
    ("stop_request", StopRequest, ("客户要求停止联系", "the customer asked for contact to stop")),
    ("hardship", Hardship, ("客户称经济困难", "the customer told of hardship")),
    ("vulnerable", Vulnerable, ("客户有特殊情况", "the customer told of special circumstances")),
)


def _left_out(note: NoteFacts, facts: Sequence[Fact]) -> Iterator[Difference]:
    """What was heard and neither the outcome nor the text of the note speaks of. Always in doubt: the note
    may have meant it with other words."""
    word = note.text or note.word or ""
    for name, kind, said in _MATTERS:
        heard = [fact for fact in facts if isinstance(fact, kind) and fact.certainty == "certain"]
        if heard and name not in note.covered:
            yield Difference("left_out", name, False, (word, word), said, heard[0].utterances)
    contact = next((fact for fact in facts if isinstance(fact, Contact)), None)
    if (
        contact is not None
        and contact.certainty == "certain"
        and contact.person not in ("debtor", "nobody")
        and not {"third_party", "wrong_number", "dispute"} & note.covered
    ):
        said = ("接听人并非本人", "it was not the debtor who answered")
        yield Difference("left_out", "third_party", False, (word, word), said, contact.utterances)


def _itself(note: NoteFacts) -> Iterator[Difference]:
    """The text of a note against its own outcome."""
    outcome, matters = note.outcome, note.matters
    against: tuple[str, str] | None = None
    if (
        outcome == "promise_to_pay"
        and ("no_promise" in matters or "refusal" in matters)
        and "promise" not in matters
    ):
        against = ("文字写明未承诺或拒绝", "its text says that nothing was promised")
    elif (
        outcome in ("refusal", "no_commitment")
        and "promise" in matters
        and "no_promise" not in matters
        and note.payments
    ):
        against = ("文字写明已承诺", "its text has a promise")
    elif outcome == "no_answer" and {"promise", "debtor_spoke"} & matters and "nobody" not in matters:
        against = ("文字写明有通话内容", "its text tells of a conversation")
    elif (
        outcome in ("wrong_number", "third_party") and {"promise"} & matters and "third_party" not in matters
    ):
        against = ("文字写明本人承诺", "its text has the debtor's promise")
    elif outcome not in (None, "no_answer") and "nobody" in matters and not matters - {"nobody"}:
        against = ("文字写明未接通", "its text says that nobody answered")
    if against is not None:
        word = note.word or ""
        yield Difference("note", "contradictory", True, (word, word), against)


def _claims(note: NoteFacts, call: Conversation) -> Iterator[Difference]:
    if "not_disclosed" in note.matters and call.disclosed:
        said = ("坐席已透露债务", "the agent disclosed the debt")
        yield Difference(
            "claim", "not_disclosed", call.disclosed_surely, (note.text, note.text), said, call.disclosed
        )
