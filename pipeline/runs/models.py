"""The table of ended runs."""

from sqlalchemy import Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class StageRunRow(Base):
    """One ended run of a stage, or the sum of many alike. It names no call.

    `outcome`: `done`, `retried` (it is tried again), `gave_up`. `code` is the error, empty when done. `up_to`
    is the bound of the histogram that the run stayed below, None above the last. `seconds` is the time the
    runs took, `audio_seconds` the length of the recordings that were transcribed in them.
    """

    __tablename__ = "stage_run"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    stage: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(80), default="")
    up_to: Mapped[float | None] = mapped_column(Float)
    runs: Mapped[int] = mapped_column(default=1)
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    audio_seconds: Mapped[float] = mapped_column(Float, default=0.0)
