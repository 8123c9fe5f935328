"""Values of the warning score."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from ingest.metadata import CallRecord
from qc.findings import Band, Finding

Level = Literal["low", "medium", "high"]
Language = Literal["zh", "en"]
# Where a state of the customer was heard. `both`: in words and in the voice that said them; `disagree`: in
# words that their voice does not fit; `apart`: in words here, in the voice there.
HeardIn = Literal["words", "voice", "both", "disagree", "apart"]
Trend = Literal["rising", "falling", "peak"]

LEVELS: tuple[Level, ...] = ("low", "medium", "high")


def rank(level: Level | None) -> int:
    """0 for no level, then 1 (low) to 3 (high)."""
    return 0 if level is None else LEVELS.index(level) + 1


@dataclass(frozen=True, slots=True)
class CallEvidence:
    """What one call contributes to its debtor's warning.

    `call` is the reference a person can find the call by. `started_at` is aware, or None where it is
    unknown: such evidence counts in full, since its age cannot be known. `band` is the score band of
    the inspection. `language` is the language of the explanations.
    """

    call: str
    started_at: datetime | None
    record: CallRecord
    findings: tuple[Finding, ...]
    band: Band
    language: Language = "zh"

    @property
    def reference(self) -> str:
        """What a person finds the evidence by."""
        return self.call

    @property
    def moment(self) -> datetime | None:
        """When the matter happened, None where that is unknown."""
        return self.started_at


@dataclass(frozen=True, slots=True)
class ItemEvidence:
    """What one item beside the calls contributes: a report, a monitor's hit, a public post.

    `item` is the reference a person can find it by (`report:R-12`). `at` is aware, or None where unknown.
    `indicators` are names of the weights, each counting once. `why_zh` and `why_en` are a remark to
    each indicator, empty where its own sentence says all. The debtor and the collector as
    the item names them stand in where no call does.
    """

    item: str
    at: datetime | None
    indicators: tuple[str, ...]
    certain: bool = True
    why_zh: str = ""
    why_en: str = ""
    name: str | None = None
    contact: str | None = None
    amount_due: Decimal | None = None
    currency: str | None = None
    client: str | None = None
    collector_id: str | None = None
    team: str | None = None
    language: Language = "zh"

    @property
    def reference(self) -> str:
        """What a person finds the evidence by."""
        return self.item

    @property
    def moment(self) -> datetime | None:
        """When the matter happened, None where that is unknown."""
        return self.at


Evidence = CallEvidence | ItemEvidence


@dataclass(frozen=True, slots=True)
class Indicator:
    """One reason for points. `floor` is a level the indicator forces at least (hard trigger)."""

    name: str
    points: float
    because: str
    floor: Level | None = None


@dataclass(frozen=True, slots=True)
class WarningAssessment:
    """The explained score of a debtor's episode: `score` is 0..100 and is the sum of the indicators'
    points, capped at 100. `model` is `name@version` of the weights. `advice` is the first advice."""

    score: float
    level: Level
    model: str
    indicators: tuple[Indicator, ...]
    advice: str
