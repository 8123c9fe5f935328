"""Who holds a lease: a process, told apart from a later one that got the same number."""

import os
import socket
import subprocess
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Fate = Literal["alive", "crashed", "interrupted"]

_PARTS = 6


@dataclass(frozen=True, slots=True)
class Owner:
    """One worker process of one machine, and the process that started it.

    `started` and `parent_started` distinguish processes that were given the same number.
    """

    host: str
    pid: int
    started: str
    parent_pid: int
    parent_started: str

    def new_lease(self) -> str:
        """A token for one lease of this process. Two leases never share one, so work that was taken
        away from a slow process cannot be written by it afterwards, not even if the same process got
        the call again."""
        name = (
            self.host,
            self.pid,
            self.started,
            self.parent_pid,
            self.parent_started,
            uuid.uuid4().hex[:12],
        )
        return "/".join(str(part) for part in name)


def this_process() -> Owner:
    """The owner that stands for the running process."""
    return _owner(os.getpid())


@cache
def _owner(pid: int) -> Owner:  # keyed by pid, so that a forked child does not inherit its parent's name
    parent = os.getppid()
    return Owner(
        host=_host(),
        pid=pid,
        started=process_start(pid) or "unknown",
        parent_pid=parent,
        parent_started=process_start(parent) or "unknown",
    )


def owner_of(token: str) -> Owner | None:
    """The process named in a lease token; None if the token has another form."""
    parts = token.split("/")
    if len(parts) != _PARTS or not (parts[1].isdigit() and parts[3].isdigit()):
        return None
    return Owner(parts[0], int(parts[1]), parts[2], int(parts[3]), parts[4])


def fate_of(owner: Owner) -> Fate:
    """What became of the process: `crashed` when it died alone, `interrupted` when the process that
    started it is gone too. Processes of other machines count as alive: nobody here can know."""
    if owner.host != _host() or process_start(owner.pid) == owner.started:
        return "alive"
    parent_lives = process_start(owner.parent_pid) == owner.parent_started
    return "crashed" if parent_lives else "interrupted"


def process_start(pid: int) -> str | None:
    """A value that stays the same for the life of a process; None when there is no such process."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
    except ProcessLookupError:
        return None
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _start_by_ps(pid)
    fields = line.rpartition(")")[2].split()
    # Field 3 is the state: a zombie has ended and only waits to be collected. Field 22 is the start time.
    return None if fields[0] in "ZX" else fields[19]


def _start_by_ps(pid: int) -> str | None:  # systems without /proc
    listing = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "_".join(listing.stdout.replace("/", "_").split()) or None


@cache
def _host() -> str:
    return socket.gethostname().replace("/", "_")
