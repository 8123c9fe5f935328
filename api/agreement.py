"""Agreement, overturned findings and calibrations as people are shown them, on the command line and over
HTTP."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.words import Words
from qc.agreement.double import Agreed
from qc.agreement.expert import Compared, Hits
from qc.agreement.kappa import Kappa, Standing
from qc.agreement.models import CalibrationRow
from qc.agreement.overturns import Overturned

STANDINGS: dict[Standing, Words] = {
    "known": Words("可用", "known"),
    "too_few": Words("样本太少，不作结论", "too few to say"),
    "one_answer": Words(
        "双方只给出同一种答案，无法区分一致与巧合", "both always gave one answer: chance would too"
    ),
}
_KAPPA: dict[str, Any] = {
    "pairs": 84, "observed": 0.88, "value": 0.71, "low": 0.55, "high": 0.87, "standing": "known"
}  # fmt: skip
AGREED: dict[str, Any] = {"name": "threat", **_KAPPA}
OVERTURNED: dict[str, Any] = {
    "name": "cn.threat.employer@3",
    "decided": 40,
    "overturned": 6,
    "share": 0.15,
    "low": 0.0706,
    "high": 0.2907,
    "advises": False,
}
_HITS: dict[str, Any] = {
    "name": "threat", "both": 7, "reviewer_only": 1, "expert_only": 2, "precision": 0.875, "recall": 0.7778
}  # fmt: skip
COMPARED: dict[str, Any] = {
    "person": "wang",
    "calls": 20,
    "same": 16,
    "all": {**_HITS, "name": "all"},
    "categories": [_HITS],
    "kappa": _KAPPA,
}
CALIBRATION: dict[str, Any] = {
    "id": 3,
    "title": "三月校准",
    "expert": "lead-1",
    "reviewers": ["wang", "li"],
    "opened_by": "lead-1",
    "opened_at": "2026-03-05T02:30:00Z",
    "closed_by": None,
    "closed_at": None,
}
CALIBRATION_DETAIL: dict[str, Any] = {**CALIBRATION, "calls": [17, 20], "mine": {"17": ["threat"]}}


class KappaOut(BaseModel):
    """Cohen's kappa with its 95 % interval; null unless `standing` is `known`."""

    pairs: int
    observed: float | None = Field(description="plain share of agreement")
    value: float | None
    low: float | None
    high: float | None
    standing: Standing


class AgreedOut(KappaOut):
    """The agreement within one group."""

    model_config = ConfigDict(json_schema_extra={"examples": [AGREED]})

    name: str


class OverturnedOut(BaseModel):
    """How often people overturned what the machine found."""

    model_config = ConfigDict(json_schema_extra={"examples": [OVERTURNED]})

    name: str
    decided: int
    overturned: int
    share: float | None
    low: float = Field(description="lower end of Wilson's 95 % interval")
    high: float
    advises: bool = Field(description="so often that a rule drops to advisory")


class HitsOut(BaseModel):
    """Of one category: calls in which both found it, only the reviewer did, only the expert did."""

    name: str
    both: int
    reviewer_only: int
    expert_only: int
    precision: float | None
    recall: float | None


class ComparedOut(BaseModel):
    """A reviewer against the expert."""

    model_config = ConfigDict(json_schema_extra={"examples": [COMPARED]})

    person: str
    calls: int
    same: int = Field(description="calls on which both answered exactly the same")
    all: HitsOut
    categories: list[HitsOut]
    kappa: KappaOut


class CalibrationOut(BaseModel):
    """A calibration in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [CALIBRATION]})

    id: int
    title: str
    expert: str
    reviewers: list[str]
    opened_by: str
    opened_at: datetime
    closed_by: str | None
    closed_at: datetime | None


class CalibrationDetail(CalibrationOut):
    """With its calls, and what the caller answered. What others answered nobody sees before it is closed."""

    model_config = ConfigDict(json_schema_extra={"examples": [CALIBRATION_DETAIL]})

    calls: list[int]
    mine: dict[int, list[str]]


By = Literal["all", "rule", "category", "pair"]


def agreed_out(each: Agreed) -> AgreedOut:
    """The agreement within one group."""
    return AgreedOut(name=each.name, **asdict(each.kappa))


def kappa_out(each: Kappa) -> KappaOut:
    """Kappa."""
    return KappaOut(**asdict(each))


def overturned_out(each: Overturned) -> OverturnedOut:
    """One group."""
    return OverturnedOut(
        name=each.name,
        decided=each.tally.decided,
        overturned=each.tally.overturned,
        share=each.share,
        low=each.low,
        high=each.high,
        advises=each.advises,
    )


def compared_out(each: Compared) -> ComparedOut:
    """A reviewer against the expert."""
    return ComparedOut(
        person=each.person,
        calls=each.calls,
        same=each.same,
        all=_hits(each.all),
        categories=[_hits(one) for one in each.categories],
        kappa=kappa_out(each.kappa),
    )


def _hits(each: Hits) -> HitsOut:
    return HitsOut(**asdict(each), precision=each.precision, recall=each.recall)


def calibration_out(row: CalibrationRow) -> CalibrationOut:
    """A calibration in a list."""
    return CalibrationOut(**{name: getattr(row, name) for name in CalibrationOut.model_fields})


def calibration_detail(
    row: CalibrationRow, calls: list[int], mine: dict[int, frozenset[str]]
) -> CalibrationDetail:
    """A calibration with its calls and the caller's own answers."""
    own = {name: getattr(row, name) for name in CalibrationOut.model_fields}
    answers = {call: sorted(said) for call, said in sorted(mine.items())}
    return CalibrationDetail(**own, calls=calls, mine=answers)
