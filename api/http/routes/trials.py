"""Trials of weights: what would be otherwise."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from api.http.deps import Reader
from api.masking import masked_details
from complaint_warnings.backtest.document import simulation_to_document
from complaint_warnings.backtest.population import stored_episodes
from complaint_warnings.scoring.overrides import with_settings
from complaint_warnings.scoring.simulate import simulate
from complaint_warnings.scoring.weights import DEFAULT_WEIGHTS, load_weights
from complaint_warnings.types import Language, Level
from store.settings import Settings

router = APIRouter(tags=["warnings"])
MOST_EPISODES = 5_000  # a few seconds; `diting warnings simulate` looks at all


class SimulationAsked(BaseModel):
    """Which settings to try: `{"indicators.dispute.points": 30}`."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    settings: dict[str, float | str | None] = Field(
        alias="set", min_length=1, max_length=100, description="path of a setting in the weights -> value"
    )
    open_only: StrictBool = Field(default=False, description="leave out warnings that people have closed")
    limit: int = Field(default=50, ge=1, le=200, description="so many differences at most")
    lang: Language = Field(default="zh", description="language of the explanations")


class Move(BaseModel):
    """How many episodes have the level `before` now and would have `after`; null: no warning."""

    before: Level | None
    after: Level | None
    episodes: int


class ChangedIndicator(BaseModel):
    """One indicator whose points would differ, explained."""

    indicator: str
    before: float
    after: float
    because: str


class WeightsDifference(BaseModel):
    """One episode that would be scored otherwise."""

    debtor: str
    warning: int | None
    open: bool
    level_before: Level | None
    level_after: Level | None
    score_before: float
    score_after: float
    changes: list[ChangedIndicator]


class SimulationOut(BaseModel):
    """What would be otherwise. `complete` is false where there are more episodes than were looked at."""

    model_before: str
    model_after: str
    episodes: int
    debtors: int
    complete: bool
    raised: int
    lowered: int
    rescored: int
    moves: list[Move]
    differences: list[WeightsDifference]


_ASKED: dict[str, Any] = {"set": {"indicators.dispute.points": 30}, "open_only": True}
_ANSWER: dict[str, Any] = {
    "model_before": "default@3",
    "model_after": "default+trial@3",
    "episodes": 2,
    "debtors": 2,
    "complete": True,
    "raised": 0,
    "lowered": 0,
    "rescored": 1,
    "moves": [{"before": "low", "after": "low", "episodes": 2}],
    "differences": [
        {
            "debtor": "customer:C20031",
            "warning": 17,
            "open": True,
            "level_before": "low",
            "level_after": "low",
            "score_before": 8.5,
            "score_after": 13.5,
            "changes": [
                {
                    "indicator": "dispute",
                    "before": 8.0,
                    "after": 13.0,
                    "because": "客户对债务提出异议（通话 recorder/H001 12.5 s）。",
                }
            ],
        }
    ],
}


@router.post(
    "/warnings/simulate",
    summary="What would be otherwise under other weights",
    responses={200: {"content": {"application/json": {"example": _ANSWER}}}},
)
def simulate_weights(
    request: Request,
    session: Reader,
    asked: Annotated[SimulationAsked, Body(examples=[_ASKED])],
) -> SimulationOut:
    """Scores at most 5,000 stored episodes under the weights in use and under the settings given. Nothing is
    written. 模拟评分，只读。"""
    settings: Settings = request.app.state.settings
    before = load_weights(settings.weights_file or DEFAULT_WEIGHTS)
    after = with_settings(before, [f"{path}={json.dumps(value)}" for path, value in asked.settings.items()])
    found = simulate(
        stored_episodes(session, open_only=asked.open_only),
        before,
        after,
        language=asked.lang,
        show=asked.limit,
        at_most=MOST_EPISODES,
    )
    return SimulationOut.model_validate(masked_details(simulation_to_document(found)))
