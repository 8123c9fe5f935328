"""What people ask of a ledger: every sort both ways, every filter, and filters together."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.ledger.entries import CLIENTS, COLLECTORS, HANDLERS, TEAMS
from complaint_warnings.ledger.filters import Filters
from complaint_warnings.ledger.lines import Wanted
from complaint_warnings.ledger.sorting import SORTS

NOW = datetime(2026, 1, 2, tzinfo=UTC)
_ORDERS = (("entered", True), ("level", True), ("amount", True), ("time", False))


def questions(rng: random.Random) -> Iterator[tuple[str, Wanted]]:
    """Each with a name to tell it by."""
    for sort in SORTS:
        for down in (True, False):
            yield f"all by {sort} {'down' if down else 'up'}", Wanted(Filters(), NOW, sort, down)
    for name, values in _filters(rng).items():
        for sort, down in _ORDERS:
            yield f"{name} by {sort}", Wanted(Filters(**values), NOW, sort, down)


def _filters(rng: random.Random) -> dict[str, dict[str, Any]]:
    month = NOW - timedelta(days=rng.randrange(100, 600))
    span = {"since": month, "until": month + timedelta(days=30)}
    return {
        "high": {"levels": ("high",)},
        "high or medium": {"levels": ("high", "medium")},
        "reviewed": {"states": ("reviewed",)},
        "opinion": {"sources": ("opinion",)},
        "a reporter": {"reporters": (rng.choice(HANDLERS),)},
        "a team": {"teams": (rng.choice(TEAMS),)},
        "a collector": {"collectors": (rng.choice(COLLECTORS),)},
        "a client": {"clients": (rng.choice(CLIENTS),)},
        "a month": span,
        "entered in a week": {"entered_since": month, "entered_until": month + timedelta(days=7)},
        "a number": {"number": "W-2024-000123"},
        "a number's beginning": {"number": "W-2025-0001"},
        "a name": {"name": "王伟"},
        "a name that is not there": {"name": "欧阳"},
        "part of a contact": {"contact": "8000"},
        "words of advice": {"text": "立即停止催收"},
        "words that are not there": {"text": "并不存在的词"},
        "overdue": {"overdue": True},
        "open": {"open": True},
        "open and high": {"open": True, "levels": ("high",)},
        "a team's month": {"teams": (rng.choice(TEAMS),), **span},
        "a client's open and high": {"clients": (rng.choice(CLIENTS),), "levels": ("high",), "open": True},
        "a team's overdue": {"overdue": True, "teams": (rng.choice(TEAMS),)},
        "unfounded": {"results": ("unfounded",)},
    }
