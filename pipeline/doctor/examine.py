"""The whole examination, thing by thing. One that cannot be looked at does not hide the others."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

from pipeline.doctor import backups, content, places, recording_keys, work
from pipeline.doctor.types import Finding, failed
from store.clock import Clock
from store.errors import DitingError
from store.logging import get_logger
from store.settings import Settings

Check = Callable[[], Iterable[Finding]]

_NEED_THE_DATABASE: Final = ("keys", "approvals", "queue")

_log = get_logger(__name__)


def checks(settings: Settings, clock: Clock) -> dict[str, Check]:
    """What is looked at, in the order in which one would mend it."""
    return {
        "disk": partial(places.disk, settings),
        "database": partial(places.database, settings, clock),
        "recordings": partial(places.recordings, settings),
        "keys": partial(recording_keys.recording_keys, settings),
        "redis": partial(places.broker, settings),
        "engine": partial(content.engine, settings),
        "rules": partial(content.rules, settings),
        "approvals": partial(content.approvals, settings),
        "files": partial(content.files, settings),
        "notices": partial(content.channels, settings),
        "calendar": partial(content.calendars, settings, clock),
        "backup": partial(backups.backup, settings, clock),
        "queue": partial(work.work, settings, clock),
    }


def examine(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Look at everything, one thing after the other. What needs a database that is not there, or is another
    version's, is left out: the finding about the database says why."""
    without_database = False
    for name, check in checks(settings, clock).items():
        if without_database and name in _NEED_THE_DATABASE:
            continue
        for finding in findings_of(name, check):
            without_database = without_database or (finding.check == "database" and finding.verdict != "ok")
            yield finding


def findings_of(name: str, check: Check) -> Iterator[Finding]:
    """What a check finds. One that fails is a finding itself."""
    try:
        yield from check()
    except DitingError as error:
        yield failed(name, error)
    except Exception as error:  # whatever it is, the other checks are still worth knowing
        _log.warning("doctor.check_failed", check=name, exc_info=error)
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        yield Finding(name, "wrong", f"检查本身失败：{said}", f"looking at it failed: {said}")
