"""What a worker tells its runner, and the runner its listener. Plain values that cross processes."""

from dataclasses import dataclass

from pipeline.states import Stage, State


@dataclass(frozen=True, slots=True)
class WorkerReady:
    """A worker has opened its tools and begins to take work."""

    pid: int


@dataclass(frozen=True, slots=True)
class WorkerBroken:
    """A worker could not open its tools or its speech engine; starting it again would not help."""

    code: str
    message: str
    where: str | None
    mend: str | None


@dataclass(frozen=True, slots=True)
class StageStarted:
    """A worker has taken the lease of this stage."""

    call_id: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class StageProgress:
    """`share` (0..1) of the stage is done."""

    call_id: int
    stage: Stage
    share: float


@dataclass(frozen=True, slots=True)
class StageEnded:
    """The call is now in `state`: further along, failed, or where it was (it will be tried again)."""

    call_id: int
    stage: Stage
    state: State
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """A worker process died; another one takes its place."""

    pid: int


Event = WorkerReady | WorkerBroken | StageStarted | StageProgress | StageEnded | WorkerLost
