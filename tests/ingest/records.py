"""A record with every field, and how to change one of them."""

from copy import deepcopy
from typing import Any

FULL: dict[str, Any] = {
    "external_id": "H001",
    "source": "central-recorder",
    "direction": "outbound",
    "started_at": "2026-03-05T10:12:00+08:00",
    "agent": {"id": "A1027", "name": "王敏", "team": "T2"},
    "customer": {
        "id": "C889201",
        "name": "李建国",
        "number": "+86 138 0013 8000",
        "relation": "debtor",
        "timezone": "Asia/Shanghai",
    },
    "case": {
        "id": "K-2026-000123",
        "client": "中国联通",
        "product": "telecom",
        "days_overdue": 63,
        "amount_due": "1260.00",
        "currency": "CNY",
        "complaints_before": 1,
        "agreed_times": [{"from": "21:00", "to": "22:30", "proof": "recording H000"}],
    },
    "recording": {"file": "call.opus", "channels": {"0": "agent", "1": "customer"}},
    "note": {"outcome": "promise_to_pay", "text": "承诺周五还500元"},
    "history": [
        {
            "started_at": "2026-03-04T09:00:00+08:00",
            "connected": False,
            "number": "013800138000",
            "agent": "A1",
        },
        {"started_at": "2026-03-01T09:00:00+08:00", "connected": True},
    ],
    "ended_by": "customer",
}
SHANGHAI_NOON = "2026-03-05T12:00:00+08:00"


def changed(path: str, value: Any) -> dict[str, Any]:
    """The full record with one field changed; `path` is `case.amount_due`."""
    data = deepcopy(FULL)
    *outer, last = path.split(".")
    place = data
    for name in outer:
        place = place[name]
    place[last] = value
    return data
