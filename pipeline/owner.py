"""Who holds a lease: a process, told apart from a later one that got the same number."""

import os
import socket
import subprocess
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Owner:
    """One process of one machine. `started` distinguishes processes that were given the same pid."""

    host: str
    pid: int
    started: str

    def __str__(self) -> str:
        """`host/pid/started`."""
        return f"{self.host}/{self.pid}/{self.started}"

    def new_lease(self) -> str:
        """A token for one lease of this process. Two leases never share one, so work that was taken
        away from a slow process cannot be written by it afterwards, not even if the same process got
        the call again."""
        return f"{self}/{uuid.uuid4().hex[:12]}"


def this_process() -> Owner:
    """The owner that stands for the running process."""
    return _owner(os.getpid())


@cache
def _owner(pid: int) -> Owner:  # keyed by pid, so that a forked child does not inherit its parent's name
    return Owner(socket.gethostname().replace("/", "_"), pid, process_start(pid) or "unknown")


def owner_of(lease: str) -> Owner | None:
    """The process named in a lease token; None if the token has another form."""
    parts = lease.split("/")
    if len(parts) != 4 or not parts[1].isdigit():
        return None
    return Owner(parts[0], int(parts[1]), parts[2])


def is_dead(owner: Owner) -> bool:
    """Whether the process is known to be gone. Processes of other machines are never known to be."""
    if owner.host != this_process().host:
        return False
    return process_start(owner.pid) != owner.started


def process_start(pid: int) -> str | None:
    """A value that stays the same for the life of a process; None when there is no such process."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        fields = stat.read_text("utf-8", errors="replace").rpartition(")")[2].split()
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _start_by_ps(pid)
    except ProcessLookupError:
        return None
    # Field 3 is the state: a zombie has ended and only waits to be collected. Field 22 is the start time.
    return None if fields[0] in "ZX" else fields[19]


def _start_by_ps(pid: int) -> str | None:  # systems without /proc
    listing = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "_".join(listing.stdout.replace("/", "_").split()) or None
