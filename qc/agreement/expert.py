"""How far a reviewer agrees with an expert on the same calls. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from qc.agreement.kappa import Kappa, kappa

Answers = Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Hits:
    """Of one category (or all): calls in which both found it, only the reviewer did, only the expert did."""

    name: str
    both: int
    reviewer_only: int
    expert_only: int

    @property
    def precision(self) -> float | None:
        """Of what the reviewer found, the share that the expert found; None where they found nothing."""
        found = self.both + self.reviewer_only
        return self.both / found if found else None

    @property
    def recall(self) -> float | None:
        """Of what the expert found, the share that the reviewer found; None where the expert found
        nothing."""
        there = self.both + self.expert_only
        return self.both / there if there else None


@dataclass(frozen=True, slots=True)
class Compared:
    """A reviewer against the expert over the calls that both answered. `kappa` is over every call and
    category that either found anywhere: was it there or not."""

    person: str
    calls: int
    same: int
    all: Hits
    categories: tuple[Hits, ...]
    kappa: Kappa


def compare(person: str, theirs: Answers, expert: Answers, *, least: int) -> Compared:
    """Hold a reviewer's answers against the expert's, call by call."""
    calls = sorted(theirs.keys() & expert.keys())
    names = sorted({name for call in calls for name in theirs[call] | expert[call]})
    categories = tuple(_hits(name, calls, theirs, expert) for name in names)
    both = sum(each.both for each in categories)
    reviewer_only = sum(each.reviewer_only for each in categories)
    expert_only = sum(each.expert_only for each in categories)
    neither = len(calls) * len(names) - both - reviewer_only - expert_only
    return Compared(
        person=person,
        calls=len(calls),
        same=sum(theirs[call] == expert[call] for call in calls),
        all=Hits("all", both, reviewer_only, expert_only),
        categories=categories,
        kappa=kappa([[both, reviewer_only], [expert_only, neither]], least=least),
    )


def _hits(name: str, calls: list[int], theirs: Answers, expert: Answers) -> Hits:
    pairs = [(name in theirs[call], name in expert[call]) for call in calls]
    return Hits(name, pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True)))
