"""Tables of sampling: plans, draws with their population, and the calls drawn. Rows are never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class SamplingPlanRow(Base):
    """One version of a plan; the newest of a name counts."""

    __tablename__ = "sampling_plan"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    document: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]


class SamplingDrawRow(Base):
    """One draw: `part` is `plan`, `random` (calls that nothing was found in) or `follow_up` (of a coaching
    task). `strata` holds for each stratum its name, how many calls it had and which (`members`, packed), and
    how many were drawn: with `seed`, `rules` (size and allocation) and `method` it can be drawn again.
    `pending` calls of the period were not judged yet: they could not be drawn."""

    __tablename__ = "sampling_draw"
    __table_args__ = (
        UniqueConstraint("name", "part", "period_start"),
        CheckConstraint("part IN ('plan', 'random', 'follow_up')", name="part"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("sampling_plan.id"))
    name: Mapped[str] = mapped_column(String(80))
    part: Mapped[str] = mapped_column(String(10))
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    seed: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(40))
    filters: Mapped[dict[str, Any]]
    rules: Mapped[dict[str, Any]]
    strata: Mapped[list[dict[str, Any]]]
    population: Mapped[int]
    pending: Mapped[int]
    drawn: Mapped[int]
    drawn_by: Mapped[str] = mapped_column(String(200))
    drawn_at: Mapped[datetime]


class SamplingPickRow(Base):
    """A call that was drawn; `place` is its place in its stratum's order. `second_review`: a second person
    reviews it blindly, too."""

    __tablename__ = "sampling_pick"
    __table_args__ = (UniqueConstraint("draw_id", "call_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("sampling_draw.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    stratum: Mapped[str] = mapped_column(String(1000))
    place: Mapped[int]
    second_review: Mapped[bool]


class ScorecardRow(Base):
    """One version of a scorecard; the newest of a name counts for new reviews."""

    __tablename__ = "scorecard"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    document: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]
