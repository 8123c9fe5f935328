"""What an event of a case is to be told as. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from complaint_warnings.cases.types import SELF_HARM
from complaint_warnings.notices.types import Told

# From this mark down a customer is not satisfied.
_UNSATISFIED: Final = 2
_HIGH: Final = "high"
# Actions whose document may carry a new level.
_SETS_LEVEL: Final = ("opened", "level_raised", "set_level", "sign", "report_again", "merged_from")

Details = Mapping[str, Any]


def told(action: str, details: Details, *, kind: str, self_harm: bool) -> tuple[Told, ...]:
    """What to tell of an event, the gravest first; nothing for most.

    Args:
        action: of the event.
        details: its document.
        kind: of the case, `warning` or `complaint`.
        self_harm: whether this event brings a statement of self-harm that was not told of before.
    """
    found: list[Told] = []
    if self_harm:
        found.append(Told("self_harm", _evidence_in(details)))
    if action in _SETS_LEVEL and details.get("level") == _HIGH:
        found.append(Told("high_warning", _HIGH))
    elif action == "opened" and kind == "warning":
        found.append(Told("reported", str(details.get("level", ""))))
    own = _OF_ACTION.get(action)
    if own is not None:
        found += own(details)
    return tuple(found)


def _evidence_in(details: Details) -> str:
    """The call or item that an event adds, by which the same statement is known again; empty where none."""
    added = details.get("details") or details
    return str(added.get("call_id") or added.get("item") or "")[:100]


def mentions_self_harm(details: Details) -> bool:
    """Whether the document of an event says that self-harm was spoken of."""
    return SELF_HARM in (details.get("flags") or ())


def _plainly(kind: Any, field: str = "") -> Callable[[Details], list[Told]]:
    """Told as `kind`; the value of `field` tells one such thing from another."""
    return lambda details: [Told(kind, str(details.get(field, "")) if field else "")]


def _clock(kind: Any) -> Callable[[Details], list[Told]]:
    def tell(details: Details) -> list[Told]:
        mark = str((details.get("details") or {}).get("mark", ""))
        topic = f"{details.get('kind', '')}:{mark}:{details.get('due', '')}"
        facts = {"deadline": dict(details.get("words") or {}), "due": details.get("due")}
        return [Told(kind, topic[:100], facts=facts)]

    return tell


def _callback(details: Details) -> list[Told]:
    mark = details.get("satisfaction")
    return [Told("unsatisfied", str(mark))] if isinstance(mark, int) and mark <= _UNSATISFIED else []


def _escalated(details: Details) -> list[Told]:
    person = str(details.get("to", ""))
    return [Told("escalated", person, named=person)]


_OF_ACTION: Final[Mapping[str, Callable[[Details], list[Told]]]] = {
    "complaint_received": _plainly("complaint_arrived", "number"),
    "send_back": _plainly("sent_back"),
    "report_again": _plainly("reported_again"),
    "sign": _plainly("signed"),
    "form_team": _plainly("assigned", "handler"),
    "propose_relief": _plainly("relief_proposed", "kind"),
    "callback": _callback,
    "deadline_warned": _clock("deadline_warned"),
    "deadline_breached": _clock("deadline_breached"),
    "escalate": _escalated,
    "reopen": _plainly("reopened"),
    "handle_again": _plainly("reopened"),
    "close": _plainly("closed"),
    "dismiss": _plainly("closed"),
}
