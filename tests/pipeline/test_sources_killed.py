"""A real process that fetches from a source, killed anywhere: nothing is lost, nothing looked at twice."""

import os
import time
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from ingest.models import CallRow
from ingest.sources.models import SourceItemRow, SourceStateRow
from store import audit
from store.database import open_sessions, reading, transaction
from tests.ingest.sources.site import record_json, wav

from .site import Site

FILES = 240
RUN = "-m", "api.cli", "sources", "run", "front", "--once"


@pytest.fixture
def site(tmp_path: Path, sqlite_url: str) -> Site:
    folder = tmp_path / "in"
    folder.mkdir()
    long_ago = time.time() - 3600
    for number in range(FILES):
        for name, content in (
            (f"A{number}.wav", wav(number, 0.05)),
            (f"A{number}.call.json", record_json(f"A{number}")),
        ):
            (folder / name).write_bytes(content)
            os.utime(folder / name, (long_ago, long_ago))
    file = tmp_path / "sources.yaml"
    file.write_text(yaml.safe_dump({"sources": {"front": {"kind": "folder", "path": str(folder)}}}))
    return Site(tmp_path, database_url=sqlite_url, sources_file=str(file))


def taken(site: Site) -> dict[str, datetime | None]:
    """When each was taken."""
    with open_sessions(site.settings.database_url) as sessions, reading(sessions) as session:
        rows = session.scalars(select(SourceItemRow).where(SourceItemRow.state == "taken"))
        return {row.key: row.ended_at for row in rows}


def test_it_goes_on_where_it_was_killed(site: Site):
    before: dict[str, datetime | None] = {}
    for share in (0.15, 0.5):
        process = site.start(*RUN)
        site.wait_until(process, lambda share=share: len(taken(site)) >= FILES * share)
        process.kill()
        process.wait()
        now = taken(site)
        assert before.items() <= now.items()
        before = now
        _let_go(site)
    assert len(before) < FILES

    process = site.start(*RUN)
    assert process.wait(timeout=300) == 0, site.log()
    after = taken(site)
    assert len(after) == FILES
    assert before.items() <= after.items()
    with open_sessions(site.settings.database_url) as sessions, reading(sessions) as session:
        ids = session.scalars(select(CallRow.external_id)).all()
        assert sorted(ids) == sorted(f"A{number}" for number in range(FILES))
        assert audit.verify(session) == []
        entries = session.scalars(select(audit.AuditEntry.action)).all()
        assert entries.count("call.registered") == FILES


def _let_go(site: Site) -> None:
    """What the time does: the lease of the killed process runs out."""
    with open_sessions(site.settings.database_url) as sessions, transaction(sessions) as session:
        session.get_one(SourceStateRow, "front").lease_until = None
