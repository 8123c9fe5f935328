"""A small disk that can be filled: a file system in memory where one may be mounted, else limited files."""

import resource
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_BYTES: Final = 64 * 1024 * 1024
_LIMIT: Final = 8 * 1024


class Disk:
    """The folder in which workers keep temporary files.

    `kind` is `tmpfs`, or `limit`: then no process told of may write a file beyond 8 KiB while the disk is
    full, which the system reports as a file too large.
    """

    def __init__(self, folder: Path, *, mounted: bool) -> None:
        self.folder = folder
        self.kind = "tmpfs" if mounted else "limit"
        self._ballast = folder / "ballast"

    def fill(self, processes: Iterable[int]) -> None:
        """No room is left."""
        if self.kind == "limit":
            self._limit(processes, _LIMIT)
            return
        with self._ballast.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(64 * 1024)):
                    pass
            except OSError:
                return

    def clear(self, processes: Iterable[int]) -> None:
        """There is room again."""
        self._ballast.unlink(missing_ok=True)
        if self.kind == "limit":
            self._limit(processes, resource.RLIM_INFINITY)

    def _limit(self, processes: Iterable[int], most: int) -> None:
        for process in processes:
            try:
                _soft, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
                resource.prlimit(process, resource.RLIMIT_FSIZE, (most, hard))
            except ProcessLookupError:
                continue


@contextmanager
def small_disk() -> Iterator[Disk]:
    """A disk that is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="diting-disk-") as name:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={_BYTES},mode=1777", "tmpfs", name]
        try:
            mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            mounted = False
        try:
            yield Disk(Path(name), mounted=mounted)
        finally:
            if mounted:
                subprocess.run(["umount", "--lazy", name], check=True)
