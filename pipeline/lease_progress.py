"""Only work that moves keeps its lease."""

from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from pipeline import leases
from pipeline.events import Event, StageProgress
from pipeline.leases import Lease
from pipeline.patience import is_passing
from pipeline.tools import Tools
from store.database import transaction


class LeaseProgress:
    """Passes the progress of a stage on to whoever listens, and renews its lease now and then."""

    def __init__(self, tools: Tools, lease: Lease, tell: Callable[[Event], None]) -> None:
        self._tools, self._lease, self._tell = tools, lease, tell
        self._renewed = tools.clock.now()

    def __call__(self, share: float) -> None:
        """Note that `share` (0..1) of the work is done.

        Raises:
            LeaseLostError: the lease is not ours any more.
        """
        self._tell(StageProgress(self._lease.call_id, self._lease.stage, share))
        now, seconds = self._tools.clock.now(), self._tools.settings.lease_seconds
        if (now - self._renewed).total_seconds() < seconds / 4:
            return
        try:
            with transaction(self._tools.sessions) as session:
                leases.renew_lease(session, self._tools.clock, self._lease, seconds=seconds)
        except DBAPIError as error:
            if not is_passing(error):
                raise
            return  # the work goes on without the database, and asks again as it moves
        self._renewed = now
