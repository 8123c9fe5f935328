"""The folder of backups: a pool of immutable bytes by hash, and the manifests that name them.

    diting-backup            that this is such a folder
    lock                     one writer at a time, or many readers
    backups/NAME.json        manifests; a backup is whole as soon as its manifest is there
    objects/ab/abcd…         the pool; what several backups need is kept once
    work/                    half-written things of a run; the next one removes them

Everything is written beside its place, forced to the disk and renamed, so a kill leaves what was whole before
as it was. Reading follows no links and takes plain files only: the folder may come from anywhere.
"""

import fcntl
import hashlib
import os
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

from pipeline.backup import manifest as manifests
from pipeline.backup import pooled, troubles
from pipeline.backup.disk import open_plain, sync_folder, write
from pipeline.backup.manifest import Kept, Manifest
from store.errors import NotFoundError
from store.sealing import Keys

CHUNK_BYTES: Final = 1024 * 1024
_MARKER: Final = "diting-backup"
_NOT_OURS_BUT_FINE: Final = {"lost+found"}  # at the top of every ext4 disk


class Vault:
    """A folder of backups at `folder`; recordings are encrypted in it where there are keys."""

    def __init__(self, folder: Path, keys: Keys | None = None) -> None:
        self.folder = folder.absolute()
        self._keys = keys

    def prepare(self) -> None:
        """Make the folder ready to be written, for its owner alone; harmless to repeat.

        Raises:
            ConflictError: `backup.foreign_folder`, it holds something else.
            DitingError: `backup.write_failed`.
        """
        with self._writing():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            held = {entry.name for entry in self.folder.iterdir()} - _NOT_OURS_BUT_FINE
            if held and _MARKER not in held:
                raise troubles.foreign(self.folder)
            write(self.folder / _MARKER, b"1\n")
            for name in ("backups", "objects", "work"):
                self._make_folder(self.folder / name)
            sync_folder(self.folder)

    def require(self) -> None:
        """Make sure that backups are kept here.

        Raises:
            NotFoundError: `backup.no_folder`.
        """
        if not (self.folder / _MARKER).is_file():
            raise troubles.no_folder(self.folder)

    @contextmanager
    def locked(self, *, alone: bool) -> Iterator[None]:
        """Hold the folder: `alone` to write, else together with other readers. The system lets go of it when
        the process dies. Raises ConflictError (`backup.busy`)."""
        flags = (os.O_RDWR | os.O_CREAT) if alone else os.O_RDONLY
        try:
            handle = os.open(self.folder / "lock", flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:  # nobody ever wrote here
            yield
            return
        except OSError as error:
            linked = error.errno in troubles.LINKED
            raise (troubles.not_plain("lock", error) if linked else troubles.write_failed(error)) from error
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise troubles.busy(self.folder) from error
        try:
            yield
        finally:
            os.close(handle)

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """A folder for half-written things, empty at the start and at the end."""
        place = self.folder / "work"
        self._empty(place)
        try:
            yield place
        finally:
            self._empty(place)

    def names(self) -> list[str]:
        """The backups there are, the oldest first, whether they can be read or not."""
        try:
            found = [entry.name for entry in (self.folder / "backups").iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise troubles.not_plain("backups", error) from error
        return sorted(name[:-5] for name in found if name.endswith(".json") and manifests.is_name(name[:-5]))

    def manifest(self, name: str) -> Manifest:
        """What a backup consists of.

        Raises:
            NotFoundError: `backup.not_found`.
            BadInputError: `backup.manifest`, `backup.not_plain`.
        """
        if not manifests.is_name(name):
            raise troubles.no_such(name)
        try:
            with open_plain(self.folder, "backups", f"{name}.json") as file:
                content = file.read(manifests.MAX_BYTES + 1)
        except NotFoundError as error:
            raise troubles.no_such(name) from error
        if len(content) > manifests.MAX_BYTES:
            raise manifests.bad(name, "it is far too large")
        return manifests.parse(content, name)

    def write_manifest(self, manifest: Manifest) -> None:
        """Make a backup exist. Everything that it names must be here."""
        place = self.folder / "backups" / f"{manifest.name}.json"
        with self._writing():
            waiting = self._new()
            write(waiting, manifests.to_bytes(manifest))
            waiting.rename(place)
            sync_folder(place.parent)

    def holds(self, kept: Kept) -> bool:
        """Whether a recording of that hash and length is in the pool; its bytes are not read."""
        try:
            found = self.path_of(kept).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return stat.S_ISREG(found.st_mode) and found.st_size in pooled.lengths(kept, self._keys)

    def add(self, chunks: Iterable[bytes], recording: Kept | None = None) -> Kept:
        """Keep these bytes; those of a `recording` are encrypted where there are keys, and what turns out to
        be another one is not kept. An error on the way leaves nothing.

        Returns: what the bytes were.

        Raises:
            DitingError: `backup.write_failed`, and whatever the chunks raise.
        """
        hashed = pooled.Hashed(chunks)
        pieces = pooled.stored(hashed, recording, self._keys) if recording else hashed
        with self._writing():
            waiting = self._new()
            try:
                with waiting.open("xb") as file:
                    for piece in pieces:
                        file.write(piece)
                    file.flush()
                    os.fsync(file.fileno())
                kept = hashed.kept()
                return self._settle(waiting, kept) if recording in (None, kept) else kept
            finally:
                waiting.unlink(missing_ok=True)

    def adopt(self, file: Path) -> Kept:
        """Keep a file of the workplace; it leaves there."""
        with self._writing():
            with file.open("rb") as content:
                sha256 = hashlib.file_digest(content, "sha256").hexdigest()
                length = os.fstat(content.fileno()).st_size
                os.fsync(content.fileno())
            return self._settle(file, Kept(sha256=sha256, bytes=length))

    @contextmanager
    def opened(self, kept: Kept) -> Iterator[BufferedReader]:
        """A file of the pool, checked wholly, from its beginning.

        Raises:
            NotFoundError: `backup.missing`.
            BadInputError: `backup.not_plain`.
            IntegrityError: `backup.changed`.
        """
        with open_plain(self.folder, "objects", kept.sha256[:2], kept.sha256) as file:
            if os.fstat(file.fileno()).st_size != kept.bytes:
                raise troubles.changed(kept, "it has another length")
            if hashlib.file_digest(file, "sha256").hexdigest() != kept.sha256:
                raise troubles.changed(kept, "its bytes do not match its hash")
            file.seek(0)
            yield file

    def check(self, kept: Kept) -> None:
        """Read what is kept against its hash; raises as `opened` and `plain_file` do."""
        for _ in self._plain(kept) or ():
            pass

    @contextmanager
    def plain_file(self, kept: Kept) -> Iterator[Path]:
        """A file with the bytes; of an encrypted recording a checked copy that goes afterwards. Raises as
        `opened` does, and KeyMissingError (`recording.key_missing`)."""
        pieces = self._plain(kept)
        if pieces is None:
            yield self.path_of(kept)
            return
        with TemporaryDirectory(prefix="diting-") as folder:
            copy = Path(folder) / kept.sha256
            with self._writing(), copy.open("xb") as out:
                out.writelines(pieces)
            yield copy

    def _plain(self, kept: Kept) -> Iterator[bytes] | None:
        """The bytes of an encrypted recording, to be checked as they are read; None where it is a plain
        file, which was checked."""
        with open_plain(self.folder, "objects", kept.sha256[:2], kept.sha256) as file:
            if pooled.is_sealed(os.fstat(file.fileno()).st_size, kept):
                return self._opened_seal(kept)
        with self.opened(kept):
            return None

    def _opened_seal(self, kept: Kept) -> Iterator[bytes]:
        with open_plain(self.folder, "objects", kept.sha256[:2], kept.sha256) as file:
            yield from pooled.plain(file, kept, self._keys)

    def copy(self, kept: Kept, target: Path) -> None:
        """Write a checked copy that is forced to the disk; raises as `opened` does."""
        with self.opened(kept) as file, target.open("xb") as out:
            digest = hashlib.sha256()
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                out.write(chunk)
            if digest.hexdigest() != kept.sha256:
                raise troubles.changed(kept, "it changes while it is read")
            out.flush()
            os.fsync(out.fileno())

    def forget(self, name: str) -> None:
        """Let a backup be no more; what only it needed is left to `sweep`."""
        with self._writing():
            (self.folder / "backups" / f"{name}.json").unlink(missing_ok=True)
            sync_folder(self.folder / "backups")

    def sweep(self, needed: Collection[str]) -> int:
        """Remove everything from the pool but the needed hashes; how many bytes became free."""
        freed = 0
        with self._writing():
            for shelf in os.scandir(self.folder / "objects"):
                if not shelf.is_dir(follow_symlinks=False):
                    continue
                for entry in os.scandir(shelf.path):
                    if entry.name not in needed and entry.is_file(follow_symlinks=False):
                        freed += entry.stat(follow_symlinks=False).st_size
                        Path(entry.path).unlink()
        return freed

    def _settle(self, waiting: Path, kept: Kept) -> Kept:
        place = self.path_of(kept)
        self._make_folder(place.parent)
        waiting.rename(place)
        sync_folder(place.parent)
        return kept

    def _new(self) -> Path:
        return self.folder / "work" / uuid4().hex

    def path_of(self, kept: Kept) -> Path:
        """Where it is kept in the pool."""
        return self.folder / "objects" / kept.sha256[:2] / kept.sha256

    def _make_folder(self, place: Path) -> None:
        if not place.is_dir():
            place.mkdir(mode=0o700, exist_ok=True)
            sync_folder(place.parent)
        if place.is_symlink():
            raise troubles.not_plain(str(place.relative_to(self.folder)), None)

    def _empty(self, place: Path) -> None:
        with self._writing():
            for entry in os.scandir(place):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    Path(entry.path).unlink()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise troubles.write_failed(error) from error
