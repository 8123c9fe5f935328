"""Reading the history of earlier calls. What one entry says badly is unknown; it refuses nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from ingest.record import EarlierCall
from ingest.times import settle_time

_EVER = datetime.min.replace(tzinfo=UTC)
_YES = frozenset(["true", "yes", "y", "1", "connected", "answered", "接通", "已接通", "是"])
_NO = frozenset(
    ["false", "no", "n", "0", "not_connected", "unanswered", "no_answer", "未接通", "未接", "无人接听", "否"]
)


def read_history(fields: dict[str, Any]) -> None:
    """Make the entries of `fields["history"]` readable, in place of the list. Whatever is no list, and no
    object in it, is left for the record itself to refuse."""
    history = fields.get("history")
    if isinstance(history, Sequence) and not isinstance(history, str):
        fields["history"] = [_readable(call) if isinstance(call, Mapping) else call for call in history]


def oldest_first(history: Iterable[EarlierCall]) -> tuple[EarlierCall, ...]:
    """Earlier calls in the order in which they were made; those of unknown time come last."""
    return tuple(
        sorted(
            history, key=lambda call: (call.started_at is None, call.started_at or _EVER, call.number or "")
        )
    )


def _readable(given: Mapping[Any, Any]) -> dict[str, Any]:
    call = {str(name): value for name, value in given.items()}
    settle_time(call, None)
    for name in ("connected", "number_reached"):
        call[name] = _yes_or_no(call.get(name))
    if isinstance(call.get("agent"), Mapping):  # as in the call itself
        call["agent"] = call["agent"].get("id")
    for name in ("consent", "duration_s"):
        try:
            EarlierCall.model_validate({name: call.get(name)})
        except ValidationError:
            call[name] = None
    return call


def _yes_or_no(value: object) -> bool | None:
    word = str(value).strip().lower()
    return True if word in _YES else False if word in _NO else None
