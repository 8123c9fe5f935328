"""How often one may ask: per caller, and per address however many keys it shows. Counted in Redis where
several processes serve, in memory otherwise."""

import hashlib
from dataclasses import dataclass
from math import ceil
from typing import Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.gates import Gate
from api.http.problems import problem
from store.clock import SystemClock
from store.logging import get_logger
from store.settings import Settings

# Whoever watches the service must see it while others ask too much.
_EXEMPT: Final = frozenset({"/healthz", "/metrics"})
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a limit: `remaining` of `limit` requests, anew in `reset_s` seconds."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: int


class Counter:
    """Counts requests over the last minute. While Redis is away, each process counts for itself."""

    def __init__(self, redis_url: str | None) -> None:
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = None
        if redis_url is not None:
            kept = RedisStorage(
                redis_url, wrap_exceptions=True, socket_timeout=1.0, socket_connect_timeout=1.0
            )
            self._shared = SlidingWindowCounterRateLimiter(kept)

    @property
    def is_quick(self) -> bool:
        """Whether counting waits for nobody."""
        return self._shared is None

    def take(self, per_minute: int, who: str) -> Left:
        """Count one request."""
        limit = RateLimitItemPerMinute(per_minute, namespace="diting-requests")
        if self._shared is not None:
            try:
                return _take(self._shared, limit, who)
            except StorageError as error:
                _log.warning("limits.redis_away", error=type(error.storage_error).__name__)
        return _take(self._here, limit, who)


def _take(limiter: SlidingWindowCounterRateLimiter, limit: RateLimitItem, who: str) -> Left:
    allowed = limiter.hit(limit, who)
    stats = limiter.get_window_stats(limit, who)
    left_s = stats.reset_time - SystemClock().now().timestamp()
    return Left(allowed, limit.amount, stats.remaining, max(1, ceil(left_s)))


class RateLimits(Gate):
    """Refuses with `429` whoever asks too often, and tells everybody what is left."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app)
        self._counter = Counter(settings.redis_url if settings.execution == "distributed" else None)
        self._caller = settings.caller_requests_per_minute
        self._address = settings.address_requests_per_minute

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request, and let it through while there is something left."""
        if scope["path"] in _EXEMPT or not (self._caller or self._address):
            await self.app(scope, receive, send)
            return
        left = self._count(scope) if self._counter.is_quick else await run_in_threadpool(self._count, scope)
        headers = {
            "RateLimit-Limit": str(left.limit),
            "RateLimit-Remaining": str(left.remaining),
            "RateLimit-Reset": str(left.reset_s),
        }
        if not left.allowed:
            refusal = problem(
                429,
                "request.too_many",
                f"more than {left.limit} requests a minute",
                mend="Ask again when Retry-After has passed.",
                request=Request(scope),
                headers={**headers, "Retry-After": str(left.reset_s)},
            )
            await refusal(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self.app(scope, receive, told)

    def _count(self, scope: Scope) -> Left:
        """The scarcer of what is left to the address and to the caller."""
        found = []
        if self._address:
            address = (scope.get("client") or ("unknown",))[0]
            found.append(self._counter.take(self._address, f"address:{address}"))
        shown = _shown(Headers(scope=scope))
        if self._caller and shown is not None and all(each.allowed for each in found):
            found.append(self._counter.take(self._caller, f"caller:{shown}"))
        if not found:
            return Left(allowed=True, limit=self._caller, remaining=self._caller, reset_s=60)
        return min(found, key=lambda each: (each.allowed, each.remaining))


def _shown(headers: Headers) -> str | None:
    """What the caller shows to say who they are, as a hash: counting needs no secret."""
    shown = headers.get("authorization") or headers.get("cookie")
    return None if shown is None else hashlib.sha256(shown.encode()).hexdigest()[:32]
