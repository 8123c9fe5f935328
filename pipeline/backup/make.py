"""Makes a backup: the database at one moment, then the recordings it names, then what the site has written.

A recording is kept before the row that names it, so everything on record at that moment can be read later.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pipeline.backup import manifest as manifests
from pipeline.backup import site_files
from pipeline.backup.dump import snapshot
from pipeline.backup.listing import read_listing, write_listing
from pipeline.backup.manifest import Absent, Kept, KeptFile, Manifest, Recordings
from pipeline.backup.vault import Vault
from pipeline.version import diting_version
from store import audit, migrate
from store.clock import Clock
from store.database import open_sessions, transaction
from store.errors import ConflictError, IntegrityError, NotFoundError
from store.recordings import RecordingStore
from store.settings import Settings

AT_ONCE: Final = 4
"""Recordings copied side by side: an S3 store answers slowly, but to many."""

Told = Callable[[str, int, int | None], None]
"""Hears how far a step has come: its name, done, and of how much (None: nobody knows)."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and what it cost: recordings copied now, and those kept before."""

    manifest: Manifest
    copied: int
    copied_bytes: int
    kept_before: int


@dataclass(frozen=True, slots=True)
class Wish:
    """How a backup is to be made: with recordings or without; reading anew what was kept before, or not."""

    with_recordings: bool = True
    check: bool = False


def make(settings: Settings, clock: Clock, vault: Vault, told: Told, wish: Wish | None = None) -> Made:
    """Make a backup in the folder. Killed at any moment it leaves the earlier ones as they were, and the next
    run finds what was copied.

    Raises:
        DitingError: `backup.…`, `recording.store_failed`; there is no new backup then.
    """
    wish = wish or Wish()
    vault.prepare()
    with vault.locked(alone=True), vault.workplace() as work:
        name = _new_name(clock, vault)
        listing = work / "recordings"
        with snapshot(
            settings.database_url, work / "database", lambda done, of: told("database", done, of)
        ) as taken:
            count, length = write_listing(listing, taken.recordings())
        database = taken.described(vault.adopt(work / "database"))
        listed = vault.adopt(listing)
        copies = _Copies(settings.recording_store(), vault, check=wish.check)
        if wish.with_recordings:
            with vault.opened(listed) as file:
                copies.make(read_listing(file), lambda done: told("recordings", done, count))
        files, secrets = _site(settings, vault)
        manifest = Manifest(
            format=1,
            name=name,
            made_at=clock.now().isoformat(),
            product=diting_version(),
            database=database,
            audit=taken.audit,
            recordings=Recordings(
                kept="here" if wish.with_recordings else "elsewhere",
                listing=listed,
                count=count,
                bytes=length,
                absent=sorted(copies.absent, key=lambda absent: absent.sha256),
            ),
            packs=taken.packs,
            files=files,
            secrets=secrets,
        )
        manifest = manifests.sealed(manifest, key_of(settings))
        vault.write_manifest(manifest)
    details = {"recordings": count, "absent": len(copies.absent), "audit_seq": taken.audit.seq}
    leave_a_note(settings, clock, manifest, "backup.made", details)
    return Made(manifest, copies.copied, copies.copied_bytes, copies.kept_before)


def key_of(settings: Settings) -> str | None:
    """What backups of this installation are sealed with."""
    return settings.secret_key.get_secret_value() if settings.secret_key else None


def leave_a_note(
    settings: Settings, clock: Clock, manifest: Manifest, action: str, details: Mapping[str, Any]
) -> None:
    """Put it into the audit log, where the database's tables are those of this version: data was taken out of
    the house, or the time between was lost."""
    if manifest.database.revision != migrate.head_revision():
        return
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        audit.append(
            session, clock, actor="cli", action=action, subject=f"backup:{manifest.name}", details=details
        )


def thin(vault: Vault, keep: int, told: Told) -> tuple[list[str], int]:
    """Let only the newest `keep` backups stay; what none of these needs is removed from the pool.

    Returns: the backups that went, and how many bytes became free.

    Raises:
        DitingError: a backup that stays cannot be read, so nobody knows what it needs: nothing was removed.
    """
    with vault.locked(alone=True):
        gone = manifests.superfluous(vault.names(), keep)
        needed: set[str] = set()
        for name in vault.names():
            if name not in gone:
                needed.update(_needs(vault, vault.manifest(name)))
                told("needed", len(needed), None)
        for name in gone:
            vault.forget(name)
        return gone, vault.sweep(needed)


def _needs(vault: Vault, manifest: Manifest) -> Iterator[str]:
    yield from (kept.sha256 for kept in manifest.objects())
    with vault.opened(manifest.recordings.listing) as file:
        yield from (kept.sha256 for kept in read_listing(file))


def _new_name(clock: Clock, vault: Vault) -> str:
    name = manifests.name_of(clock.now())
    if name in vault.names():
        raise ConflictError(
            "a backup of this very second is there already",
            code="backup.exists",
            where=name,
            mend="Try again.",
        )
    return name


def _site(settings: Settings, vault: Vault) -> tuple[list[KeptFile], list[str]]:
    document, secrets = site_files.settings_document(settings)
    kept = [(site_files.SETTINGS_FILE, vault.add([document]))]
    kept += [(name, _add_file(vault, path)) for name, path in site_files.site_files(settings)]
    return [KeptFile(name=name, **each.model_dump()) for name, each in kept], secrets


def _add_file(vault: Vault, path: Path) -> Kept:
    return vault.add([path.read_bytes()])


class _Copies:
    """Copies recordings into the pool, and counts."""

    def __init__(self, recordings: RecordingStore, vault: Vault, *, check: bool) -> None:
        self._recordings, self._vault, self._check = recordings, vault, check
        self.copied = self.copied_bytes = self.kept_before = 0
        self.absent: list[Absent] = []

    def make(self, listed: Iterator[Kept], told: Callable[[int], None]) -> None:
        """Copy whatever is not kept yet. One that cannot be read does not keep the others from being kept."""
        done = 0
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while batch := list(islice(listed, AT_ONCE * 16)):
                self._count(batch, list(pool.map(self._copy, batch)))
                done += len(batch)
                told(done)

    def _count(self, batch: Sequence[Kept], ended: Sequence[str | None]) -> None:
        for kept, how in zip(batch, ended, strict=True):
            if how is None:
                self.kept_before += 1
            elif how:
                self.absent.append(Absent(sha256=kept.sha256, code=how))
            else:
                self.copied += 1
                self.copied_bytes += kept.bytes

    def _copy(self, kept: Kept) -> str | None:
        """None: it was kept before. Empty: it was copied. Else why it could not be read."""
        if self._vault.holds(kept) and not (self._check and self._is_damaged(kept)):
            return None
        try:
            added = self._vault.add(self._recordings.chunks(kept.sha256), recording=kept)
        except (NotFoundError, IntegrityError) as error:
            return error.code
        return "" if added == kept else "recording.damaged"  # the row tells another length

    def _is_damaged(self, kept: Kept) -> bool:
        try:
            self._vault.check(kept)
        except IntegrityError:
            return True
        return False
