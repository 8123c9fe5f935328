"""The table of a plan or a run: by class and creditor what goes, and what is kept for which reason."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pipeline.retention.decide import Why
from pipeline.retention.policy import DataClass

Line = tuple[DataClass, str | None]


@dataclass(slots=True)
class Counts:
    """Counts by class of data and creditor (None: unknown, or of all)."""

    goes: Counter[Line] = field(default_factory=Counter)
    kept: dict[Line, Counter[Why]] = field(default_factory=dict)

    def add(self, what: DataClass, client: str | None, why: Why | None, number: int = 1) -> None:
        """Count something that goes, or (`why`) is kept."""
        line = (what, client)
        if not number:
            return
        if why is None:
            self.goes[line] += number
        else:
            self.kept.setdefault(line, Counter())[why] += number

    def document(self) -> list[dict[str, Any]]:
        """The lines in order: `class`, `client`, `goes`, `kept` by reason."""
        lines = sorted({*self.goes, *self.kept}, key=lambda line: (line[0], line[1] or ""))
        return [
            {
                "class": what,
                "client": client,
                "goes": self.goes[what, client],
                "kept": dict(sorted(self.kept.get((what, client), Counter()).items())),
            }
            for what, client in lines
        ]
