"""Taking calls in and putting them on their way."""

from collections.abc import Iterator
from pathlib import Path

from ingest.intake import Intake, Outcome, ingest_path
from pipeline import service
from pipeline.lanes import Order
from pipeline.tools import Tools
from store.database import transaction


def take_in(tools: Tools, path: Path, *, actor: str = "ingest") -> Iterator[Outcome]:
    """Take in every call at `path`, a recording or a folder, and put each on its way as soon as it is
    registered. Offering the same files again changes nothing.

    Raises:
        BadInputError: `ingest.not_found`, `ingest.not_a_recording`.
    """
    intake = Intake(tools.sessions, tools.recordings, tools.clock, tools.limits, actor)
    for outcome in ingest_path(path, intake):
        if outcome.call_id is not None:
            with transaction(tools.sessions) as session:
                service.receive(session, tools.clock, [outcome.call_id], Order.of(tools.settings))
        yield outcome
