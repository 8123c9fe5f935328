"""Opening a source by its kind."""

from collections.abc import Callable
from pathlib import Path

from ingest.intake import Intake
from ingest.sources.config import FolderSource, Source
from ingest.sources.folder import Folder
from ingest.sources.types import Place, SourceError
from store.settings import Settings


def open_place(name: str, source: Source, settings: Settings, intake: Intake) -> Place:
    """Open a source.

    Raises:
        SourceError: it cannot be reached or read.
        SettingsError: a secret that it names is missing.
    """
    if isinstance(source, FolderSource):
        return Folder(source.path)
    raise NotImplementedError(name, settings, intake)


def downloader(source: Source) -> Callable[[str, Path], None]:
    """Fetches recordings that records of this source give the addresses of."""

    def download(address: str, target: Path) -> None:
        raise SourceError(
            f"{source.kind} gives no addresses", code="source.unreadable", where=f"{address} {target.name}"
        )

    return download
