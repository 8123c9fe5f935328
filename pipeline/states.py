"""The states of a call and what follows from them. Pure: no database, no clock of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from store.errors import AudioError, DitingError, IntegrityError, MetadataError, TranscriptError

State = Literal["received", "transcribed", "heard", "inspected", "assessed", "unjudged", "failed"]
Stage = Literal["transcribe", "hear", "inspect", "assess"]

STATES: Final[tuple[State, ...]] = get_args(State)
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)

_STAGE_OF_STATE: Final[dict[State, Stage]] = {
    "received": "transcribe",
    "transcribed": "hear",
    "heard": "inspect",
    "inspected": "assess",
}
_STATE_AFTER: Final[dict[Stage, State]] = {
    "transcribe": "transcribed",
    "hear": "heard",
    "inspect": "inspected",
    "assess": "assessed",
}

OPEN_STATES: Final[tuple[State, ...]] = tuple(_STAGE_OF_STATE)
FINAL_STATES: Final[tuple[State, ...]] = ("assessed", "unjudged", "failed")

# A call whose whole runner vanished this often is not merely unlucky: it takes the machine with it.
INTERRUPTIONS_MAX: Final = 20
_BACKOFF_CEILING_S: Final = 900

# Errors that a second try cannot mend: the input itself is wrong. Everything else is tried again.
_PERMANENT: Final = (AudioError, MetadataError, TranscriptError, IntegrityError)


@dataclass(frozen=True, slots=True)
class Retry:
    """Try the stage again, not before `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The call ends as `failed`."""


def as_state(value: str) -> State:
    """The state as the database spells it."""
    return next(state for state in STATES if state == value)


def stage_of(state: State) -> Stage | None:
    """The stage that a call in this state waits for; None in a final state."""
    return _STAGE_OF_STATE.get(state)


def state_before(stage: Stage) -> State:
    """The state in which a call waits for this stage."""
    return next(state for state, following in _STAGE_OF_STATE.items() if following == stage)


def state_after(stage: Stage, reasons: tuple[str, ...] = ()) -> State:
    """The state that a completed stage leads to. `reasons` say what could not be judged: a call that
    has any ends as `unjudged`, never as `assessed`."""
    if stage == "assess" and reasons:
        return "unjudged"
    return _STATE_AFTER[stage]


def is_permanent(error: BaseException) -> bool:
    """Whether trying again cannot help."""
    return isinstance(error, _PERMANENT)


def after_failure(
    error: BaseException, *, attempts: int, attempts_max: int, backoff_s: float, now: datetime
) -> Retry | GiveUp:
    """What becomes of a stage that raised.

    Args:
        attempts: attempts made at this stage, this one included.
        backoff_s: wait after the first failure in seconds; each further one doubles it, up to 15 minutes.
    """
    if is_permanent(error) or attempts >= attempts_max:
        return GiveUp()
    wait = min(backoff_s * 2 ** (attempts - 1), _BACKOFF_CEILING_S)
    return Retry(at=now + timedelta(seconds=wait))


def after_lost_worker(
    *, attempts: int, attempts_max: int, interruptions: int, now: datetime
) -> Retry | GiveUp:
    """What becomes of a stage whose worker vanished without a word."""
    if attempts >= attempts_max or interruptions >= INTERRUPTIONS_MAX:
        return GiveUp()
    return Retry(at=now)


def describe(error: BaseException) -> tuple[str, str]:
    """Stable code and one-line message of an error, for the row and the person who reads it."""
    if isinstance(error, DitingError):
        return error.code, str(error)
    text = " ".join(str(error).split()) or "no message"
    return "stage.unexpected", f"{type(error).__name__}: {text}"[:500]
