"""What the database says while everything breaks: how far the calls are, in whose hands, what went wrong."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from ingest.models import CallRow
from pipeline.models import WorkRow
from pipeline.owner import owner_of
from pipeline.states import FINAL_STATES, as_state
from store.database import make_engine, make_session_factory, reading

_DONE = {"received": 0, "transcribed": 1, "heard": 2, "inspected": 3, "assessed": 4, "unjudged": 4}
UNEXPECTED = "stage.unexpected"
# Columns, not objects: this is asked twice a second on the cores that the workers need.
_WORK = select(
    WorkRow.call_id, WorkRow.state, WorkRow.failed_at, WorkRow.error_code, WorkRow.error_message,
    WorkRow.reasons, WorkRow.lease_owner, WorkRow.sent_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """One look. `hands` are the numbers of the processes that hold a lease, by call; `steps` how many calls
    were taken in and how many stages done, together."""

    calls: int
    final: int
    failed: frozenset[int]
    hands: dict[int, int]
    sent: frozenset[int]
    steps: int


@dataclass
class Watch:
    """Looks at the database again and again, also while it is away.

    Attributes:
        errors: calls by the code of an error that a stage of theirs met.
        unread: calls, with the message, that met an error without a code of its own.
    """

    url: str
    errors: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    unread: dict[int, str] = field(default_factory=dict)
    _last: Progress = field(default_factory=lambda: Progress(0, 0, frozenset(), {}, frozenset(), 0))

    def __post_init__(self) -> None:
        self._engine = make_engine(self.url)
        self._sessions = make_session_factory(self._engine)

    def look(self) -> Progress:
        """How things stand; while the database is away, how they stood."""
        try:
            with reading(self._sessions) as session:
                registered = session.scalars(select(CallRow.id)).all()
                rows = session.execute(_WORK).all()
        except OperationalError:
            return self._last
        for row in rows:
            if row.error_code:
                self.errors[row.error_code].add(row.call_id)
            if row.error_code == UNEXPECTED or (row.state in {"failed", "unjudged"} and not row.reasons):
                self.unread[row.call_id] = f"{row.state}: {row.error_message}"
        owners = {row.call_id: owner_of(row.lease_owner) for row in rows if row.lease_owner}
        self._last = Progress(
            calls=len(registered),
            final=sum(row.state in FINAL_STATES for row in rows),
            failed=frozenset(row.call_id for row in rows if row.state == "failed"),
            hands={call: owner.pid for call, owner in owners.items() if owner},
            sent=frozenset(row.call_id for row in rows if row.sent_at and not row.lease_owner),
            steps=len(registered) + sum(_DONE[as_state(row.failed_at or row.state)] for row in rows),
        )
        return self._last

    def calls_of(self, hashes: set[str]) -> set[int]:
        """The calls with these recordings."""
        with reading(self._sessions) as session:
            rows = session.execute(select(CallRow.recording_sha256, CallRow.id)).all()
        return {number for sha256, number in rows if sha256 in hashes}

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()
