"""Verbs on ended runs. None of them commits.

Every run adds a row, so that no two workers ever wait for the same one; now and then the rows are summed up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from pipeline.runs.models import StageRunRow
from pipeline.states import Stage

Outcome = Literal["done", "retried", "gave_up"]

# A worker vanished with the call in hand: by itself, or because everything was ended.
CRASHED: Final = "stage.worker_lost"
INTERRUPTED: Final = "stage.interrupted"

# Judging takes milliseconds, listening to an hour of recording many minutes.
BOUNDS_S: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0)

_MERGE_FROM: Final = 2_000
_MERGE_AT_ONCE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Runs:
    """So many ended runs alike; see `StageRunRow`."""

    stage: str
    outcome: str
    code: str = ""
    up_to: float | None = None
    runs: int = 1
    seconds: float = 0.0
    audio_seconds: float = 0.0


def bound_of(seconds: float) -> float | None:
    """The first bound of the histogram that is not below `seconds`; None above the last."""
    return next((bound for bound in BOUNDS_S if seconds <= bound), None)


def note(
    session: Session,
    stage: Stage,
    outcome: Outcome,
    *,
    code: str = "",
    seconds: float = 0.0,
    audio_seconds: float = 0.0,
) -> None:
    """Leave behind that a run ended; it stands when the caller's transaction commits."""
    took = max(seconds, 0.0)  # the clock of a machine may be set back
    session.execute(
        insert(StageRunRow).values(
            stage=stage,
            outcome=outcome,
            code=code,
            up_to=bound_of(took),
            runs=1,
            seconds=took,
            audio_seconds=audio_seconds,
        )
    )


def summed(runs: Iterable[Runs]) -> list[Runs]:
    """Runs alike in one."""
    sums: dict[tuple[str, str, str, float | None], Runs] = {}
    for each in runs:
        key = (each.stage, each.outcome, each.code, each.up_to)
        before = sums.get(key)
        sums[key] = each if before is None else _both(before, each)
    return list(sums.values())


def _both(one: Runs, other: Runs) -> Runs:
    return replace(
        one,
        runs=one.runs + other.runs,
        seconds=one.seconds + other.seconds,
        audio_seconds=one.audio_seconds + other.audio_seconds,
    )


def totals(session: Session) -> list[Runs]:
    """All runs that ever ended, runs alike in one."""
    row = StageRunRow
    alike = (row.stage, row.outcome, row.code, row.up_to)
    query = select(*alike, func.sum(row.runs), func.sum(row.seconds), func.sum(row.audio_seconds))
    return [Runs(*found) for found in session.execute(query.group_by(*alike))]


def merge(session: Session, *, at_least: int = _MERGE_FROM) -> int:
    """Sum up rows where there are `at_least` so many; return how many were taken. Who reads meanwhile sees
    all of it or nothing; two that sum up at once take different rows."""
    row = StageRunRow
    if session.scalars(select(func.count()).select_from(row)).one() < at_least:
        return 0
    oldest = select(row.id).order_by(row.id).limit(_MERGE_AT_ONCE).with_for_update(skip_locked=True)
    taken = session.execute(
        delete(row)
        .where(row.id.in_(oldest))
        .returning(row.stage, row.outcome, row.code, row.up_to, row.runs, row.seconds, row.audio_seconds),
        execution_options={"synchronize_session": False},
    ).all()
    for each in summed(Runs(*found) for found in taken):
        session.add(
            StageRunRow(
                stage=each.stage,
                outcome=each.outcome,
                code=each.code,
                up_to=each.up_to,
                runs=each.runs,
                seconds=each.seconds,
                audio_seconds=each.audio_seconds,
            )
        )
    session.flush()
    return len(taken)
