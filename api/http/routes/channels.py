"""The channels by which people are told: how each stands, and whether it works."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from api.http.deps import Acting, Reader
from api.http.problems import Problem
from api.notice_channels import channels_seen
from api.notice_troubles import trouble
from complaint_warnings.notices import resending
from complaint_warnings.notices.policy import policy_of
from complaint_warnings.notices.sender import deliver_one
from complaint_warnings.notices.service import house_of
from store.database import transaction
from store.errors import NotFoundError
from store.people import find_actor

router = APIRouter(tags=["notices"])

_CHANNEL: Final[dict[str, Any]] = {
    "name": "hook", "type": "webhook", "target": "crm.example", "kinds": ["high_warning"], "per_minute": 300,
    "quiet": "22:00-07:00", "missing_secrets": [], "waiting": 0, "dead": 1,
    "last_at": "2026-06-01T02:30:00Z", "last_state": "dead", "last_reason": "notice.timeout: no answer",
}  # fmt: skip
_RESULT: Final[dict[str, Any]] = {
    "outcome": "again", "reason": "notice.timeout: no answer within 15 s", "help_zh": "对方没有在限时内答复…",
    "help_en": "The other side did not answer in time…",
}  # fmt: skip
_REFUSED: Final[dict[int | str, dict[str, Any]]] = {409: {"model": Problem, "description": "Conflict"}}
Name = Annotated[str, Path(max_length=40, description="in the notices file")]


class ChannelOut(BaseModel):
    """One channel; `target` is the host that it speaks to, never a whole address."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CHANNEL]}, from_attributes=True)

    name: str
    type: str
    target: str
    kinds: list[str] = Field(description="what is told by it")
    per_minute: int
    quiet: str | None = Field(description="hours in which it is silent, on the house's clock")
    missing_secrets: list[str] = Field(description="named, and not there")
    waiting: int
    dead: int
    last_at: datetime | None = Field(description="of the newest notice that was tried")
    last_state: str | None
    last_reason: str | None


class TrialMessage(BaseModel):
    """Who is to get the message, where the channel reaches persons."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"to": "wang"}]})

    to: str | None = Field(default=None, max_length=100, description="a person's id")


class TrialOutcome(BaseModel):
    """What came of it. `rests`: the channel pauses after failures, or has sent all that it may."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RESULT]})

    outcome: Literal["sent", "again", "refused", "rests"]
    reason: str | None
    help_zh: str | None
    help_en: str | None


@router.get(
    "/notices/channels",
    summary="The channels of notices, and how each stands",
    responses={200: {"content": {"application/json": {"example": [_CHANNEL]}}}},
)
def channels(request: Request, session: Reader) -> list[ChannelOut]:
    """As the notices file has them; it is changed on the server."""
    settings = request.app.state.settings
    seen = channels_seen(session, settings, policy_of(settings))
    return [ChannelOut.model_validate(each) for each in seen]


@router.post("/notices/channels/{channel}/test", summary="Send a test message now", responses=_REFUSED)
def try_channel(
    request: Request, acting: Acting, channel: Name, given: TrialMessage | None = None
) -> TrialOutcome:
    """Once, also in quiet hours, and says what came of it."""
    state = request.app.state
    settings, to = state.settings, given.to if given else None
    resending.require_may_resend(acting)
    policy = policy_of(settings)
    if channel not in policy.channels:
        raise NotFoundError(f"there is no channel {channel}", code="notices.no_channel")
    with transaction(state.sessions) as session:
        if to:
            find_actor(session, to)
        row = resending.write_test(session, house_of(settings, state.clock), channel, to or "")
    result = deliver_one(state.sessions, state.clock, settings, channel, row.id)
    if result is None:
        return TrialOutcome(outcome="rests", reason=None, help_zh=None, help_en=None)
    sent = result.outcome == "sent"
    means = None if sent else trouble(policy.channels[channel].type, result)
    return TrialOutcome(
        outcome=result.outcome,
        reason=None if sent else result.reason,
        help_zh=means.zh if means else None,
        help_en=means.en if means else None,
    )
