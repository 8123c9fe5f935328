"""Opening a source by its kind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingest.intake import Intake
from ingest.sources import web
from ingest.sources.config import FolderSource, RestSource, SftpSource, Source
from ingest.sources.folder import Folder
from ingest.sources.models import SourceStateRow
from ingest.sources.rest import RestPlace, listing_reach
from ingest.sources.s3 import Bucket
from ingest.sources.sftp import Sftp
from ingest.sources.types import Place
from store.database import reading
from store.settings import Settings


def open_place(name: str, source: Source, settings: Settings, intake: Intake) -> Place:
    """Open a source.

    Raises:
        SourceError: it cannot be reached or read.
        SettingsError: a secret that it names is missing.
    """
    if isinstance(source, FolderSource):
        return Folder(source.path)
    if isinstance(source, SftpSource):
        return Sftp(source, settings)
    if isinstance(source, RestSource):
        with reading(intake.factory) as session:
            state = session.get(SourceStateRow, name)
        since = None if state is None else state.watermark
        return RestPlace(name, source.list_, settings, zone=source.zone, since=since)
    return Bucket(source, settings)


def downloader(source: Source, settings: Settings, intake: Intake) -> Callable[[str, Path], None]:
    """Fetches recordings that records of this source give the addresses of."""
    if isinstance(source, RestSource):
        listing = listing_reach(source.list_, settings)
        reach = replace(listing, total_s=source.list_.download.seconds, whole=False)
    else:
        hosts = frozenset(each.lower() for each in source.downloads.hosts)
        reach = web.Reach(
            hosts=hosts,
            http=hosts if source.downloads.http else frozenset(),
            networks=source.downloads.networks,
            total_s=source.downloads.seconds,
            setting="downloads",
        )

    def download(address: str, target: Path) -> None:
        web.download(address, target, reach, intake.limits.max_bytes)

    return download
