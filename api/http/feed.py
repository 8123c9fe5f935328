"""One look at the audit log for all who listen in this process, every few seconds, while anybody does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi.concurrency import run_in_threadpool

from api.changes import Entry, entries_since, newest
from store.database import SessionFactory, reading
from store.errors import DitingError
from store.logging import get_logger

EVERY_S: Final = 2.0
MOST_LISTENERS: Final = 200
_log = get_logger(__name__)

News = tuple[list[Entry], int]


class TooManyListeners(DitingError):  # noqa: N818 - named as HTTP names it
    """The process has no room for another listener."""

    http_status = 503


class Feed:
    """Tells its listeners what changed. Each has a queue of its own; nobody waits for a slow one."""

    def __init__(self, sessions: SessionFactory, *, every_s: float = EVERY_S) -> None:
        self._sessions, self._every_s = sessions, every_s
        self._listeners: set[asyncio.Queue[News]] = set()
        self._looking: asyncio.Task[None] | None = None
        self._seq = 0

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[asyncio.Queue[News]]:
        """A queue into which news come, from now on.

        Raises:
            TooManyListeners: `events.many`.
        """
        if len(self._listeners) >= MOST_LISTENERS:
            raise TooManyListeners(
                f"{MOST_LISTENERS} listen to this process already",
                code="events.many",
                mend="Ask again in a minute, or read the lists from time to time.",
            )
        queue: asyncio.Queue[News] = asyncio.Queue()
        if not self._listeners:
            self._seq = await run_in_threadpool(self._newest)
        self._listeners.add(queue)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_around())
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    async def _look_around(self) -> None:
        while self._listeners:
            await asyncio.sleep(self._every_s)
            try:
                entries, seq = await run_in_threadpool(self._look)
            except Exception as error:  # the database may be away; the next look tells
                _log.warning("events.not_looked", error=type(error).__name__)
                continue
            if seq > self._seq:
                self._seq = seq
                for queue in list(self._listeners):
                    queue.put_nowait((entries, seq))

    def _newest(self) -> int:
        with reading(self._sessions) as session:
            return newest(session)

    def _look(self) -> News:
        with reading(self._sessions) as session:
            return entries_since(session, self._seq)
