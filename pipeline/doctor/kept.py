"""The whole examination for whoever asks, however often: what was found stands for a while."""

import threading
from datetime import datetime, timedelta
from typing import Final

from pipeline.doctor.examine import examine
from pipeline.doctor.types import Finding
from store.clock import Clock
from store.settings import Settings

KEPT_FOR: Final = timedelta(seconds=60)


class Examiner:
    """Looks at everything, one at a time and not again at once: it writes a probe and reads all rules."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._lock = threading.Lock()
        self._at: datetime | None = None
        self._findings: tuple[Finding, ...] = ()

    def findings(self) -> tuple[datetime, tuple[Finding, ...]]:
        """What was found, and when."""
        with self._lock:
            now = self._clock.now()
            if self._at is None or not timedelta() <= now - self._at < KEPT_FOR:
                self._findings = tuple(examine(self._settings, self._clock))
                self._at = now
            return self._at, self._findings
