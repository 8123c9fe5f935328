"""Scorecards 评分表: what a reviewer rates, with which weight, and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from qc.sampling.models import ScorecardRow
from qc.sampling.plan import Name, Title
from qc.sampling.reading import check_model, read_model
from qc.sampling.versions import add_version, list_newest, newest
from store.clock import Clock
from store.errors import BadInputError, NotFoundError

DEFAULT_CARD: Final = Path(__file__).parent / "cards" / "standard.yaml"
NOT_APPLICABLE: Final = "n/a"
Rating = float | Literal["n/a"]
_KIND: Final = "scorecard"
_MEND: Final = "docs/sampling.md lists the fields; the shipped card is a whole example."
_Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Said(_Part):
    """A longer text in both languages."""

    zh: _Line
    en: _Line


class Item(_Part):
    """One line of a card, rated from 0 to `best` in whole steps. A critical item that is rated below
    `pass_from` fails the whole card."""

    id: _Id
    title: Title
    help: Said | None = None
    weight: float = Field(gt=0, le=1000)
    best: int = Field(default=1, ge=1, le=10)
    pass_from: int = Field(default=1, ge=1, le=10)
    critical: bool = False
    not_applicable: bool = False

    @model_validator(mode="after")
    def _can_be_passed(self) -> Self:
        if self.pass_from > self.best:
            raise ValueError("pass_from is above best: nobody could pass")
        return self


class Section(_Part):
    """Items that belong together."""

    id: _Id
    title: Title
    items: tuple[Item, ...] = Field(min_length=1)


class Card(_Part):
    """A scorecard. Points go from 0 to 100. A failed critical item leaves `critical_cap` points at most (0:
    the whole card is 0). From `pass_mark` on a call has passed."""

    name: Name
    title: Title
    sections: tuple[Section, ...] = Field(min_length=1)
    critical_cap: float = Field(default=0, ge=0, lt=100)
    pass_mark: float = Field(default=80, gt=0, le=100)

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        for kind, ids in (
            ("section", [section.id for section in self.sections]),
            ("item", [item.id for item in self.items]),
        ):
            for each in ids:
                if ids.count(each) > 1:
                    raise ValueError(f"the {kind} {each} is there twice")
        if all(item.not_applicable for item in self.items):
            raise ValueError("at least one item must always apply: set not_applicable to false there")
        return self

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all sections, in order."""
        return tuple(item for section in self.sections for item in section.items)

    def document(self) -> dict[str, Any]:
        """The card as it is kept."""
        return self.model_dump(mode="json")


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What one item brought: `weight` is its share of the card in percent after those that do not apply were
    left out, `points` what it earned of that. None where it does not apply."""

    id: str
    rating: Rating
    weight: float | None
    points: float | None
    failed: bool


@dataclass(frozen=True, slots=True)
class CardScore:
    """What a card came to, 0 to 100; `uncapped` before failed critical items were looked at."""

    points: float
    uncapped: float
    passed: bool
    failed: tuple[str, ...]
    items: tuple[ItemScore, ...]


def load_file(path: Path) -> Card:
    """Read a card from a file.

    Raises:
        BadInputError: `scorecard.unreadable`, `scorecard.invalid`.
    """
    return read_model(path, Card, kind=_KIND, mend=_MEND)


def read_card(data: object) -> Card:
    """A card from a document.

    Raises:
        BadInputError: `scorecard.invalid`.
    """
    return check_model(data, Card, kind=_KIND, mend=_MEND)


def score_card(card: Card, ratings: Mapping[str, Rating]) -> CardScore:
    """The points of a fully rated card. Items that do not apply are left out: their weight goes to the
    others in proportion.

    Raises:
        BadInputError: `scorecard.rating`: an item is not rated, unknown, or rated as it cannot be.
    """
    unknown = sorted(set(ratings) - {item.id for item in card.items})
    if unknown:
        raise _wrong(unknown[0], f"the card {card.name} has no such item")
    for item in card.items:
        check_rating(item, ratings.get(item.id))
    counted = [item for item in card.items if ratings[item.id] != NOT_APPLICABLE]
    whole = sum(item.weight for item in counted)
    lines = tuple(_line(item, ratings[item.id], whole) for item in card.items)
    uncapped = round(sum(line.points or 0 for line in lines), 2)
    failed = tuple(line.id for line in lines if line.failed)
    points = min(uncapped, card.critical_cap) if failed else uncapped
    return CardScore(points, uncapped, not failed and points >= card.pass_mark, failed, lines)


def check_rating(item: Item, rating: object) -> None:
    """Refuse what an item cannot be rated.

    Raises:
        BadInputError: `scorecard.rating`.
    """
    if rating is None:
        raise _wrong(item.id, "the item is not rated")
    if rating == NOT_APPLICABLE:
        if not item.not_applicable:
            raise _wrong(item.id, "the item always applies")
    elif (
        isinstance(rating, bool) or not isinstance(rating, int | float) or rating not in range(item.best + 1)
    ):
        raise _wrong(item.id, f"the rating is no whole number from 0 to {item.best}")


def check_item(card: Card, name: str, rating: object) -> None:
    """Refuse an item that the card has not, or a rating that it cannot have.

    Raises:
        BadInputError: `scorecard.rating`.
    """
    for item in card.items:
        if item.id == name:
            check_rating(item, rating)
            return
    raise _wrong(name, f"the card {card.name} has no such item")


def _line(item: Item, rating: Rating, whole: float) -> ItemScore:
    if not isinstance(rating, int | float):
        return ItemScore(item.id, rating, None, None, False)
    weight = 100 * item.weight / whole
    failed = item.critical and rating < item.pass_from
    return ItemScore(item.id, rating, weight, weight * rating / item.best, failed)


def _wrong(item: str, message: str) -> BadInputError:
    return BadInputError(
        message,
        code="scorecard.rating",
        where=f"item {item}",
        mend=f"`diting scorecards show` has the items; what does not apply is rated {NOT_APPLICABLE}.",
    )


def add_card(session: Session, clock: Clock, card: Card, *, by: str) -> tuple[ScorecardRow, bool]:
    """Put a card on record, as the next version of its name; whether it is new. Reviews go on with the
    version that they began with.

    Raises:
        ConflictError: `version.changed`.
    """
    return add_version(session, clock, ScorecardRow, card.name, card.document(), by=by)


@cache
def _shipped() -> Card:
    return load_file(DEFAULT_CARD)


def load_card(session: Session, name: str, version: int | None = None) -> tuple[Card, int]:
    """A card and its version; default: the newest. The shipped card is there as version 0 as long as none of
    its name is on record.

    Raises:
        NotFoundError: `scorecard.unknown`.
    """
    if version is None:
        row = newest(session, ScorecardRow, name)
    else:
        row = session.scalar(
            select(ScorecardRow).where(ScorecardRow.name == name, ScorecardRow.version == version)
        )
    if row is not None:
        return Card.model_validate(row.document), row.version
    shipped = _shipped()
    if shipped.name == name and not version:
        return shipped, 0
    raise NotFoundError(
        f"there is no scorecard {name}" + ("" if version is None else f" of version {version}"),
        code="scorecard.unknown",
        mend="`diting scorecards list` names all.",
    )


def cards(session: Session) -> list[tuple[Card, int]]:
    """The newest version of every card by name, with its version; the shipped one among them."""
    found = {
        row.name: (Card.model_validate(row.document), row.version)
        for row in list_newest(session, ScorecardRow)
    }
    shipped = _shipped()
    found.setdefault(shipped.name, (shipped, 0))
    return [found[name] for name in sorted(found)]
