"""What is owed to who complained, written once more: a list of what was entered since the newest complaint
came or the case was reopened."""

from datetime import datetime, timedelta
from typing import Any

BAD = (1, 2)
TRIES, APART = 3, timedelta(hours=1)


class Duties:
    """Of one case; nothing is owed before a complaint came."""

    def __init__(self) -> None:
        self.arrived: datetime | None = None
        self.owed = {"customer"}
        self.entered: list[tuple[str, dict[str, Any]]] = []

    @property
    def complained(self) -> bool:
        return self.arrived is not None

    def came(self, complaint: dict[str, Any]) -> None:
        """Another complaint: whatever was entered before is no answer to it."""
        self.arrived = datetime.fromisoformat(complaint["arrived_at"])
        if complaint["channel"] == "creditor":
            self.owed.add("creditor")
        if complaint["source"] == "regulator":
            self.owed.add("authority")
        self.entered = []

    def begin_again(self) -> None:
        self.entered = []

    def enter(self, action: str, document: dict[str, Any]) -> None:
        if action in ("classify", "answer", "callback", "mediate"):
            self.entered.append((action, document))

    def open_ends(self) -> set[str]:
        """Codes of what is still owed."""
        if self.arrived is None:
            return set()
        found = set() if any(action == "classify" for action, _ in self.entered) else {"case.not_classified"}
        given = {one["to"] for action, one in self.entered if action == "answer" and self._in_time(one)}
        if self.owed - given:
            found.add("case.not_answered")
        return found | self._unsatisfied()

    def _in_time(self, document: dict[str, Any]) -> bool:
        return self.arrived is not None and datetime.fromisoformat(document["at"]) >= self.arrived

    def _unsatisfied(self) -> set[str]:
        answered, ended_since = False, False
        tries: list[datetime] = []
        marks: list[int | None] = []
        for action, one in self.entered:
            if action == "answer":
                answered = answered or (one["to"] == "customer" and self._in_time(one))
            if action == "mediate" and one["stage"] in ("refused", "agreed", "failed"):
                ended_since = True
            if action == "callback" and answered and self._in_time(one):
                tries.append(datetime.fromisoformat(one["at"]))
                if one.get("reached", True):
                    marks.append(one.get("satisfaction"))
                    ended_since = False
        if not marks:
            return set() if _apart(tries) >= TRIES else {"case.not_called_back"}
        settled = marks[-1] not in BAD or ended_since or any(mark in BAD for mark in marks[:-1])
        return set() if settled else {"case.dissatisfied"}


def _apart(tries: list[datetime]) -> int:
    kept: list[datetime] = []
    for at in sorted(tries):
        if not kept or at >= kept[-1] + APART:
            kept.append(at)
    return len(kept)
