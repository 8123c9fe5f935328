"""One turn of the source, also in a process that is killed."""

from ingest.intake import make_intake
from ingest.sources.config import FolderSource
from ingest.sources.run import Turn, run_source
from store.clock import SystemClock
from store.database import open_sessions
from store.settings import Settings


def run(settings: Settings, source: FolderSource) -> Turn:
    """One turn."""
    with open_sessions(settings.database_url) as sessions:
        return run_source("bench", source, make_intake(settings, sessions, SystemClock()), settings)
