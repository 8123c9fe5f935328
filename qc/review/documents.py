"""What people write down with each action: strict, frozen documents, kept in the events as they are."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from qc.review.types import Item, Rating, Ruling, Verdict
from qc.taxonomy import CATEGORIES
from transcription.types import Speaker

_BREAKS = "\n\t"


def _writable(text: str) -> str:
    if all(c.isprintable() or c in _BREAKS for c in text):
        return text
    raise ValueError("the text holds control characters")


def _known(category: str) -> str:
    if category in CATEGORIES:
        return category
    raise ValueError(f"there is no category {category}")


Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(_writable)
]
Short = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_writable)
]
Number = Annotated[int, Field(ge=1, lt=2**31)]


class Document(BaseModel):
    """Base of the documents: nothing unknown is taken, nothing is bent to fit."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    def people(self) -> tuple[str, ...]:
        """Ids of the persons that the document names; the door looks them up."""
        return ()


class _OfItem(Document):
    """Something said of a finding or of one that was missed."""

    finding: Number | None = Field(default=None, description="id of a finding of the machine")
    missed: Number | None = Field(default=None, description="number of a missed finding")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.finding is None) == (self.missed is None):
            raise ValueError("name a finding or a missed one")
        return self

    @property
    def item(self) -> Item:
        """What it is about."""
        if self.finding is not None:
            return Item("finding", self.finding)
        return Item("missed", self.missed or 0)


class Empty(Document):
    """An action that may carry a remark and nothing else."""

    comment: Words | None = None


class Reason(Document):
    """An action that needs a reason."""

    reason: Words


class Assign(Document):
    """Who reviews the call, and who does so a second time and blindly."""

    reviewer: Short
    second_reviewer: Short | None = None
    comment: Words | None = None

    def people(self) -> tuple[str, ...]:
        """The reviewers."""
        return (self.reviewer, *([self.second_reviewer] if self.second_reviewer else []))


class Second(Document):
    """Who reviews the call once more, without seeing the first review."""

    reviewer: Short
    comment: Words | None = None

    def people(self) -> tuple[str, ...]:
        """The second reviewer."""
        return (self.reviewer,)


class Decision(_OfItem):
    """Is it so? The last word of a reviewer counts; a missed finding of one's own is taken back by false."""

    verdict: Verdict
    comment: Words | None = None


class Missed(Document):
    """Something the machine did not find. Seconds from the beginning of the call."""

    category: Annotated[str, AfterValidator(_known)]
    start: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    end: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    role: Speaker = "agent"
    comment: Words

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError("the end must come after the start")
        return self


class Rate(Document):
    """Points for one item of a scorecard (`item`, `rating`), or for several at once (`ratings`); `n/a` where
    one does not apply. Without `card` it is the one that the review began with, else the one of the ticket's
    plan; without `version` the one that the review began with, else the newest."""

    card: Short | None = None
    version: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    item: Short | None = None
    rating: Rating | None = None
    ratings: Annotated[dict[Short, Rating], Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        if (self.item is None) != (self.rating is None):
            raise ValueError("an item goes with its rating")
        if (self.item is None) == (self.ratings is None):
            raise ValueError("give `item` and `rating`, or `ratings`")
        return self

    @property
    def given(self) -> Mapping[str, Rating]:
        """The ratings by item."""
        if self.item is not None and self.rating is not None:
            return {self.item: self.rating}
        return self.ratings or {}


class Judgement(_OfItem):
    """The third person's word on one thing that the two reviewers saw differently."""

    verdict: Verdict
    comment: Words | None = None


class Adjudication(Document):
    """The third person's word on everything that differs."""

    decisions: tuple[Judgement, ...] = Field(min_length=1, max_length=200)


class Share(Document):
    """The result goes to the collector, with a word to them."""

    words: Words | None = None


class Ground(_OfItem):
    """Why one finding is wrong, in the collector's words."""

    reason: Words


class Appeal(Document):
    """What the collector does not accept."""

    grounds: tuple[Ground, ...] = Field(min_length=1, max_length=200)


class ItemRuling(_OfItem):
    """Whether one finding stands (`upheld`) or falls (`overturned`)."""

    ruling: Ruling
    reason: Words


class AppealDecision(Document):
    """The answer to everything that was appealed."""

    rulings: tuple[ItemRuling, ...] = Field(min_length=1, max_length=200)


class Reopen(Document):
    """A final result is looked at anew, from the beginning."""

    reason: Words
    reviewer: Short | None = Field(default=None, description="somebody else than before")

    def people(self) -> tuple[str, ...]:
        """The new reviewer."""
        return (self.reviewer,) if self.reviewer else ()
