"""People who ask the API at once, each by itself: what they ask, and how long they wait."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from bench.api.entries import COLLECTORS, TEAMS

API: Final = "/api/v1"
KINDS: Final = ("list", "call", "search", "dashboards")
# What is looked for: said in every call, in many, in few; one to many characters; nowhere at all.
_WORDS: Final = (
    "您好", "还款", "投诉", "律师", "起诉 OR 法院", "钱", "speaker:customer 投诉", "投诉 -还款",
    '"本次通话有录音"', "海山路", "清河路 超市", "王伟芳", "speaker:customer 养老院", "龙泉路 speaker:agent",
    "量子力学", "银行 逾期",
)  # fmt: skip
_FIGURES: Final = (
    "calls", "findings", "findings?by=team", "findings?by=collector&category=threat", "findings?by=week",
    "frequency", "warnings", "adherence", "queue",
)  # fmt: skip
_LAST: Final = {"last": "2026-06-30"}


@dataclass
class Times:
    """Milliseconds by kind of request, and what was not answered with 200."""

    by_kind: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    by_request: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)


async def ask_together(
    base: str, count: int, *, users: int, seconds: float, think_s: float, seed: int
) -> Times:
    """So many people ask for so long; each thinks a while (`think_s` on average) between two questions."""
    times = Times()
    # Let go before the server does: a connection that both end at once is no failure of either.
    limits = httpx.Limits(max_connections=users, max_keepalive_connections=users, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=base, limits=limits, timeout=60) as client:
        until = time.monotonic() + seconds
        await asyncio.gather(
            *(
                _user(client, random.Random(seed + user), count, until, think_s, times)
                for user in range(users)
            )
        )
    return times


async def _user(
    client: httpx.AsyncClient, rng: random.Random, count: int, until: float, think_s: float, times: Times
) -> None:
    await asyncio.sleep(rng.random() * think_s)
    while time.monotonic() < until:
        kind = rng.choice(KINDS)
        name, path, params = QUESTIONS[kind](rng, count)
        began = time.perf_counter()
        answer = await client.get(f"{API}{path}", params=params)
        took = (time.perf_counter() - began) * 1000
        times.by_kind[kind].append(took)
        times.by_request[name].append(took)
        if answer.status_code != 200:
            times.failed.append(f"{answer.status_code} {path} {params}")
        await asyncio.sleep(rng.expovariate(1 / think_s))


Question = tuple[str, str, dict[str, Any]]


def _list(rng: random.Random, _count: int) -> Question:
    agent, team = rng.choice(COLLECTORS)
    narrowed: tuple[dict[str, Any], ...] = (
        {}, {"band": "critical"}, {"team": team}, {"collector": agent}, {"category": "threat"},
        {"level": "high"}, {"team": rng.choice(TEAMS), "band": "major"}, {"state": "unjudged"},
        {"since": "2026-03-01T00:00:00+08:00", "until": "2026-03-08T00:00:00+08:00"},
        {"weekday": 3, "hour": 20, "since": "2026-06-01T00:00:00+08:00"},
        {"score_max": 40, "collector": agent},
    )  # fmt: skip
    chosen = rng.choice(narrowed)
    return f"list {'+'.join(chosen) or 'all'}", "/calls", chosen


def _call(rng: random.Random, count: int) -> Question:
    return "call", f"/calls/{rng.randrange(1, count + 1)}", {}


def _search(rng: random.Random, _count: int) -> Question:
    words = rng.choice(_WORDS)
    more: dict[str, Any] = rng.choice(({}, {}, {}, {"team": rng.choice(TEAMS)}, {"sort": "relevance"}))
    return f"search {words} {'+'.join(more)}", "/search", {"q": words, "limit": 20, **more}


def _figures(rng: random.Random, _count: int) -> Question:
    name, _, given = rng.choice(_FIGURES).partition("?")
    params: dict[str, Any] = dict(part.split("=") for part in given.split("&") if part)
    if name != "queue":
        params |= _LAST
    if rng.random() < 0.3:
        params["team"] = rng.choice(TEAMS)
    return f"figures {name} {given}", f"/figures/{name}", params


QUESTIONS: Final[dict[str, Callable[[random.Random, int], Question]]] = {
    "list": _list,
    "call": _call,
    "search": _search,
    "dashboards": _figures,
}
