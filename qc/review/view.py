"""A ticket as its events tell it. Pure: the same events give the same view, wherever they are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from qc.review.types import Item, Rating, Ruling, Verdict
from qc.sampling.scorecards import Card, CardScore, score_card
from transcription.types import Speaker

# A scorecard by its name and version.
CardVersion = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Machine:
    """One finding of the machine, as far as decisions about it need it."""

    id: int
    category: str
    kind: str
    status: str


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of the call. `collector` is who spoke for the house, None where unknown; `duration_s` in
    seconds."""

    collector: str | None
    duration_s: float
    findings: tuple[Machine, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict, with who gave it."""

    verdict: Verdict
    by: str
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class MissedFinding:
    """Something the machine did not find; seconds from the beginning of the call."""

    number: int
    category: str
    start: float
    end: float
    role: Speaker
    comment: str
    by: str

    @property
    def item(self) -> Item:
        """What verdicts about it name."""
        return Item("missed", self.number)

    def same_as(self, other: "MissedFinding") -> bool:
        """Whether another reviewer means the same: one category, at one time."""
        return self.category == other.category and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Review:
    """One person's review. `done`: nothing of it changes any more."""

    reviewer: str
    said: Mapping[Item, Said] = field(default_factory=dict)
    missed: tuple[MissedFinding, ...] = ()
    ratings: Mapping[str, Rating] = field(default_factory=dict)
    card: CardVersion | None = None
    done: bool = False

    def verdict(self, item: Item) -> Verdict | None:
        """What the person says of it; a missed finding of their own is true until they take it back."""
        said = self.said.get(item)
        if said is not None:
            return said.verdict
        return "true" if any(each.item == item for each in self.missed) else None

    @property
    def standing(self) -> tuple[MissedFinding, ...]:
        """The missed findings that were not taken back."""
        return tuple(each for each in self.missed if self.verdict(each.item) != "false")


@dataclass(frozen=True, slots=True)
class TicketView:
    """Where a ticket stands. `round` counts reopenings: reviews, appeal and rulings are those of the present
    one. `reviews` are all that were begun in it, by person; those of the two who have the seats count
    (`first`, `second`). `grounds` are what was appealed, `rulings` the answers, `ruled_by` who gave them.
    `card` is the scorecard that the plan asks for, `cards` are those that the reviews began with."""

    id: int
    state: str
    version: int
    call: Call
    reviewer: str | None = None
    second_reviewer: str | None = None
    plan: str | None = None
    reviews: Mapping[str, Review] = field(default_factory=dict)
    adjudicated: Mapping[Item, Said] = field(default_factory=dict)
    adjudicator: str | None = None
    shared_at: datetime | None = None
    appeal_until: datetime | None = None
    words: str | None = None
    acknowledged_at: datetime | None = None
    grounds: Mapping[Item, str] = field(default_factory=dict)
    rulings: Mapping[Item, tuple[Ruling, str]] = field(default_factory=dict)
    ruled_by: str | None = None
    final_at: datetime | None = None
    round: int = 1
    card: Card | None = None
    card_version: int = 0
    cards: Mapping[CardVersion, Card] = field(default_factory=dict)

    @property
    def first(self) -> Review | None:
        """The review of the first reviewer, once begun."""
        return self.reviews.get(self.reviewer or "")

    @property
    def second(self) -> Review | None:
        """The review of the second reviewer, once begun."""
        return self.reviews.get(self.second_reviewer or "")

    def review_of(self, person: str) -> Review | None:
        """The person's own review; an empty one where the person is to review and has not begun."""
        if person not in (self.reviewer, self.second_reviewer):
            return None
        return self.reviews.get(person) or Review(person)

    @property
    def blind(self) -> bool:
        """Whether two people review and are not both done: neither sees anything of the other."""
        if self.second_reviewer is None:
            return False
        return not (self.first and self.first.done and self.second and self.second.done)

    @property
    def accusing(self) -> tuple[Item, ...]:
        """The machine's findings against the collector, each of which needs a verdict."""
        return tuple(Item("finding", each.id) for each in self.call.findings if each.kind == "violation")

    def undecided(self, review: Review | None) -> tuple[Item, ...]:
        """What a review has yet to say something about."""
        return tuple(item for item in self.accusing if review is None or review.verdict(item) is None)

    def unrated(self, review: Review | None) -> tuple[str, ...]:
        """The items of the plan's scorecard that a review has yet to rate: of the version that it began
        with, or of the newest one. Nothing where the plan asks for no scorecard."""
        if self.card is None:
            return ()
        if review is None or review.card is None or review.card[0] != self.card.name:
            return tuple(item.id for item in self.card.items)
        items = self.cards.get(review.card, self.card).items
        return tuple(item.id for item in items if item.id not in review.ratings)

    def rated(self, review: Review) -> CardScore | None:
        """What a review's scorecard comes to; None while an item is not rated."""
        card = None if review.card is None else self.cards.get(review.card)
        if card is None or any(item.id not in review.ratings for item in card.items):
            return None
        return score_card(card, review.ratings)

    @property
    def differing(self) -> tuple[Item, ...]:
        """What two reviewers saw differently; nothing where only one reviews."""
        first, second = self.first, self.second
        if self.second_reviewer is None or first is None or second is None:
            return ()
        known = [Item("finding", each.id) for each in self.call.findings]
        found = [item for item in known if first.verdict(item) != second.verdict(item)]
        for mine, others in ((first, second), (second, first)):
            for one in mine.standing:
                if not any(one.same_as(other) for other in others.standing):
                    found.append(one.item)
        return tuple(found)

    @property
    def took_part(self) -> frozenset[str]:
        """Everybody who had a say in the result."""
        people = {self.reviewer, self.second_reviewer, self.adjudicator}
        return frozenset(each for each in people if each is not None)


def human(view: TicketView) -> dict[Item, Said]:
    """What people say of each item before any appeal: the one review, or what two agree on, with the third
    person's word on the rest. What nobody decided is not in it."""
    first = view.first
    if first is None:
        return {}
    found = _of_review(view, first)
    for item in view.differing:
        found.pop(item, None)
        if item in view.adjudicated:
            found[item] = view.adjudicated[item]
    return found


def _of_review(view: TicketView, review: Review) -> dict[Item, Said]:
    items = [Item("finding", each.id) for each in view.call.findings] + [m.item for m in review.missed]
    found = {}
    for item in items:
        verdict = review.verdict(item)
        if verdict is not None:
            found[item] = review.said.get(item) or Said(verdict, review.reviewer)
    return found


def final(view: TicketView) -> dict[Item, Said]:
    """What counts in the end: what people said, and what the appeal changed of it."""
    found = human(view)
    for item, (ruling, reason) in view.rulings.items():
        if ruling == "overturned":
            found[item] = Said("false", view.ruled_by or "", reason)
    return found


def all_missed(view: TicketView) -> dict[Item, MissedFinding]:
    """The missed findings of both reviews, by item."""
    reviews = [each for each in (view.first, view.second) if each is not None]
    return {one.item: one for review in reviews for one in review.missed}


def against(view: TicketView) -> tuple[Item, ...]:
    """What stands against the collector now, in order: appeals are about these."""
    signals = {Item("finding", each.id) for each in view.call.findings if each.kind != "violation"}
    return tuple(
        sorted(item for item, said in final(view).items() if said.verdict == "true" and item not in signals)
    )
