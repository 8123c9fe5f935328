"""Fetching recordings from the sources while Diting runs, apart from everything else: a slow recorder
holds up nothing.

The embedded runner and `diting serve` do it in a thread of their own, the distributed run by tasks in the
queue `ingest`. Several may do it at once: each source has one reader at a time.
"""

from typing import Final

from ingest.intake import Intake, make_intake
from ingest.sources.file import load_sources
from ingest.sources.run import Listener, Turn, run_source
from pipeline import service
from pipeline.lanes import Order
from pipeline.rounds import Round, Rounds
from store.clock import Clock
from store.database import SessionFactory, transaction
from store.errors import DitingError
from store.logging import get_logger
from store.settings import Settings

ACTOR: Final = "source"
EVERY_S: Final = 5.0
# After so long the next source has its turn; what is left goes on in the next round.
TURN_S: Final = 15.0

_log = get_logger(__name__)


def take_turn(
    name: str,
    intake: Intake,
    settings: Settings,
    *,
    seconds: float | None = None,
    listen: Listener | None = None,
    only_due: bool = False,
) -> Turn:
    """One turn of a source; what was registered is put on its way.

    Raises:
        KeyError: there is no such source.
        SettingsError: the sources file is wrong.
    """
    source = load_sources(settings).sources[name]
    turn = run_source(name, source, intake, settings, seconds=seconds, listen=listen, only_due=only_due)
    if turn.created:
        with transaction(intake.factory) as session:
            service.receive(session, intake.clock, turn.created, Order.of(settings))
    return turn


def names_at_work(settings: Settings) -> list[str]:
    """The sources that are looked after by themselves.

    Raises:
        SettingsError: the sources file is wrong.
    """
    return [name for name, source in load_sources(settings).sources.items() if source.enabled]


def sourcing(settings: Settings) -> Round:
    """One round over all sources that are due."""

    def fetch(sessions: SessionFactory, clock: Clock) -> None:
        intake = make_intake(settings, sessions, clock, ACTOR)
        for name in names_at_work(settings):
            try:
                take_turn(name, intake, settings, seconds=TURN_S, only_due=True)
            except DitingError as error:
                _log.error("source.failed", source=name, code=error.code)

    return fetch


def sourcing_rounds(sessions: SessionFactory, clock: Clock, settings: Settings) -> Rounds:
    """Fetches from the sources, again and again, as long as the context lasts."""
    rounds = (sourcing(settings),) if settings.sources_file is not None else ()
    return Rounds(sessions, clock, every_s=every_s(settings), rounds=rounds)


def every_s(settings: Settings) -> float:
    """Seconds between two rounds."""
    return min(EVERY_S, settings.sweep_seconds)
