"""Promises while a call goes on: what is said later completes, corrects or adds to what was said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qc.extract.facts import By, Condition, Instalments, Promise
from qc.extract.money import Sum
from qc.extract.terms import Terms, together
from qc.extract.when import When


@dataclass(slots=True)
class Draft:
    """A promise as far as it is known."""

    by: By
    utterances: list[int]
    sum: Sum | None = None
    when: When | None = None
    instalments: Instalments | None = None
    condition: Condition | None = None
    time: str | None = None
    certain: bool = True
    sure: bool = True
    withdrawn: bool = False

    @classmethod
    def of(cls, terms: Terms, by: By, utterances: Sequence[int | None]) -> "Draft":
        """A promise of these terms."""
        said = [each for each in utterances if each is not None]
        return cls(by, said, terms.sum, terms.time, terms.instalments)

    def fits(self, terms: Terms) -> bool:
        """Whether the terms name the same payment: something in common, and nothing against it."""
        common = bool(self.sum and terms.sum) or bool(self.when and terms.when)
        return common and _sums_agree(self.sum, terms.sum) and _times_agree(self.when, terms.when)

    def promise(self, currency: str) -> Promise:
        """The promise as a value."""
        found, when = self.sum, self.when
        low: Decimal | None = found.low if found else None
        high: Decimal | None = found.high if found and found.high != found.low else None
        first: date | None = when.first if when and not when.past else None
        last: date | None = when.last if when and not when.past else None
        return Promise(
            utterances=tuple(sorted(set(self.utterances))),
            certainty="certain" if self.certain else "unsure",
            by=self.by,
            amount=low,
            amount_to=high,
            share=found.share if found else None,
            currency=currency,
            date_from=first,
            date=last,
            doubtful_date=bool(when and when.doubtful),
            when=when.text if when else None,
            time=self.time,
            instalments=self.instalments,
            condition=self.condition,
            withdrawn=self.withdrawn,
        )


def add(drafts: list[Draft], new: Draft, *, more: bool, confirmed: bool) -> None:
    """Add a promise to those known, or to one of them.

    Args:
        drafts: changed in place.
        new: what was said last.
        more: it is one of several payments, or asked for as a further one.
        confirmed: the customer agreed to terms that were read to them.
    """
    live = [draft for draft in drafts if not draft.withdrawn]
    for known in reversed(live):
        if known.condition == "if" and new.condition != "if":
            continue
        if (
            _sums_agree(known.sum, new.sum)
            and _times_agree(known.when, new.when)
            and not _splits(known, new, more)
        ):
            _complete(known, new, confirmed)
            return
    changed = _replaced(live, new, more)
    if changed is not None:
        _correct(changed, new)
        return
    drafts.append(new)


def _splits(known: Draft, new: Draft, more: bool) -> bool:
    """Whether terms that could go together are two payments: 五百 now, 剩下的 next month; or nothing in
    common while several payments are spoken of."""
    if new.sum is not None and new.sum.share == "rest" and (known.sum is None or known.sum.share != "rest"):
        return True
    nothing_common = not (known.sum and new.sum) and not (known.when and new.when)
    return more and nothing_common and bool(known.sum or known.when) and bool(new.sum or new.when)


def _replaced(live: Sequence[Draft], new: Draft, more: bool) -> Draft | None:
    """The promise that the new one changes in one respect: the last word counts."""
    if more or (new.sum is not None and new.sum.share == "rest"):
        return None
    for known in reversed(live):
        if known.condition == "if" and new.condition != "if":
            continue
        same_sum = _sums_agree(known.sum, new.sum)
        same_time = _times_agree(known.when, new.when)
        one_each = not (known.when and new.when) or not (known.sum and new.sum)
        if same_sum != same_time or (one_each and not (same_sum and same_time)):
            return known
    return None


def _correct(known: Draft, new: Draft) -> None:
    """What was said last counts."""
    known.sum = new.sum or known.sum
    known.when = new.when or known.when
    known.time = new.time or known.time
    known.instalments = new.instalments or known.instalments
    known.condition, known.certain, known.sure, known.by = new.condition, new.certain, new.sure, new.by
    known.utterances = [*known.utterances, *new.utterances]


def _complete(known: Draft, new: Draft, confirmed: bool) -> None:
    """The same payment, said again or more fully."""
    known.sum = _fuller(known.sum, new.sum)
    if known.when and new.when:
        known.when = together(known.when, new.when) or new.when
    else:
        known.when = known.when or new.when
    known.time = known.time or new.time
    known.instalments = known.instalments or new.instalments
    if confirmed and new.certain:
        known.condition = None if known.condition in ("accepted", "if") else known.condition
        known.certain = True
    elif new.certain and known.condition != "if":
        known.certain = True
        known.condition = new.condition or (None if known.condition == "accepted" else known.condition)
    known.utterances = [*known.utterances, *new.utterances]


def _fuller(known: Sum | None, new: Sum | None) -> Sum | None:
    if known is None or new is None:
        return known or new
    if known.low is None:
        return new if new.low is not None else known
    return new if new.low is not None and known.approximate and not new.approximate else known


def _sums_agree(one: Sum | None, other: Sum | None) -> bool:
    if one is None or other is None:
        return True
    if one.low is None or other.low is None or one.high is None or other.high is None:
        return one.share == other.share or "rest" not in (one.share, other.share)
    return one.low <= other.high and other.low <= one.high


def _times_agree(one: When | None, other: When | None) -> bool:
    return one is None or other is None or together(one, other) is not None
