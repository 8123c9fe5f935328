"""Sending the notices while Diting runs: often, and apart from everything else, so that neither a recogniser
at work nor a slow endpoint holds up the other.

The embedded runner and `diting serve` do it in a thread of its own, the distributed run by a task in a queue
of its own. Several may do it at once: each notice has one sender.
"""

from typing import Final

from complaint_warnings.notices.sender import deliver
from pipeline.rounds import Round, Rounds
from store.clock import Clock
from store.database import SessionFactory
from store.logging import get_logger
from store.settings import Settings

# What is urgent must not wait for the sweeper.
EVERY_S: Final = 5.0

_log = get_logger(__name__)


def telling(settings: Settings) -> Round:
    """One round of sending what is due."""

    def send_notices(sessions: SessionFactory, clock: Clock) -> None:
        done = deliver(sessions, clock, settings)
        if done.failed or done.dead:
            _log.warning("notices.not_all_sent", sent=done.sent, failed=done.failed, dead=done.dead)

    return send_notices


def telling_rounds(sessions: SessionFactory, clock: Clock, settings: Settings) -> Rounds:
    """Sends what is due, again and again, as long as the context lasts."""
    return Rounds(sessions, clock, every_s=every_s(settings), rounds=(telling(settings),))


def every_s(settings: Settings) -> float:
    """Seconds between two rounds."""
    return min(EVERY_S, settings.sweep_seconds)
