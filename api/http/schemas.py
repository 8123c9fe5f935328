"""What the API answers with. Kept apart from the tables: columns may change, these may not."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.http import examples


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class Person(BaseModel):
    """A collector or a debtor; telephone numbers are partly masked."""

    id: str | None = None
    name: str | None = None
    team: str | None = None
    number: str | None = Field(default=None, description="partly masked")
    relation: str | None = None


class ScoreOut(BaseModel):
    """The machine's score. For an unjudged call it is the best that can still come out."""

    total: int = Field(ge=0, le=100)
    band: Literal["clean", "minor", "major", "critical"] | None = Field(
        description="null when nothing was found but not everything could be judged"
    )
    at_most: bool = Field(description="true when part of the call could not be judged")


class SecondHearingOut(BaseModel):
    """What came of hearing a finding's clip again."""

    outcome: Literal["confirmed", "weakened", "undecided"]
    heard_again: list[str]
    likelihood_heard: float | None = Field(description="natural log probability of the words as heard")
    likelihood_expected: float | None = Field(description="the same with the words the rule looked for")
    engine: str
    model: str


class AdviceOut(BaseModel):
    """What a language model says of an unsure finding."""

    view: Literal["supports", "doubts", "cannot_tell", "no_answer"]
    reason: str
    model: str


class FindingOut(BaseModel):
    """One rule that fired, with its evidence."""

    model_config = _example(examples.FINDING)

    id: int
    call_id: int
    rule: str = Field(description="rule id and version")
    category: str
    kind: Literal["violation", "signal"]
    speaker: str | None
    utterances: list[int]
    start: float | None = Field(description="seconds in the recording")
    end: float | None
    heard: str
    matched: str
    how: str
    confidence: float
    status: Literal["certain", "unsure"]
    severity: str
    points: int
    why: dict[str, str] = Field(description="one sentence per language")
    cite: list[str]
    attributes: dict[str, str]
    advisory: bool = Field(False, description="the rule only advises: people overturned it too often")
    second_hearing: SecondHearingOut | None = None
    advice: AdviceOut | None = Field(None, description="a language model's opinion; it decides nothing")


class TicketOut(BaseModel):
    """A quality-control ticket."""

    model_config = _example(examples.TICKET)

    id: int
    call_id: int
    call: str = Field(description="source/external_id")
    priority: Literal["urgent", "high", "normal", "low"]
    state: str
    reasons: list[str]
    opened_at: datetime
    version: int = Field(description="grows with every change; name it when you act")
    collector_id: str | None
    team: str | None
    assigned_to: str | None = Field(description="who reviews; null for the collector concerned")
    second_reviewer: str | None
    plan: str | None = Field(description="the sampling plan that drew the call")
    shared_at: datetime | None
    appeal_until: datetime | None
    final_at: datetime | None
    final_score: int | None
    final_band: str | None


class IndicatorOut(BaseModel):
    """One reason for points."""

    name: str
    points: float
    floor: Literal["low", "medium", "high"] | None = Field(description="the level it forces at least")
    because: dict[str, str]


class WarningOut(BaseModel):
    """A complaint warning: one debtor, one episode."""

    model_config = _example(examples.WARNING)

    id: int
    debtor: str | None
    contact: str | None = Field(description="partly masked")
    amount_owed: str | None
    currency: str | None
    source: str
    time: datetime | None = Field(description="start of the call that first reached a level")
    level: Literal["low", "medium", "high"]
    score: float
    state: str | None = Field(description="where the handling of its case stands")
    model: str
    advice: dict[str, str]
    calls: list[str]
    indicators: list[IndicatorOut]


class CallOut(BaseModel):
    """One call in a list."""

    model_config = _example(examples.CALL)

    id: int
    source: str
    external_id: str
    state: str = Field(description="received, transcribed, heard, inspected, assessed, unjudged or failed")
    reasons: list[str] = Field(description="why it is unjudged or failed, as `code: sentence`")
    started_at: datetime | None
    duration_s: float
    direction: str | None
    agent: Person
    customer: Person
    client: str | None
    score: ScoreOut | None = Field(description="null until the call is inspected")
    findings: dict[str, int] = Field(description="findings by category")
    unsure: int = Field(description="findings that wait for a person")
    ticket: Literal["urgent", "high", "normal", "low"] | None
    warning: Literal["low", "medium", "high"] | None


class CallDetail(CallOut):
    """One call with everything known about it, in the shape of the result file (docs/formats.md)."""

    model_config = _example(examples.CALL_DETAIL)

    result: dict[str, Any] | None = Field(description="the result file; null until the call is inspected")


class RolesWanted(BaseModel):
    """A person's word on who is the agent: either the exchange of the roles, or the agent's side."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"agent_side": 1, "because": "听过录音"}]}
    )

    swap: Literal[True] | None = Field(default=None, description="exchange agent and customer")
    agent_side: Literal[0, 1] | None = Field(
        default=None, description="where the agent is: the first channel or voice, or the second"
    )
    because: str | None = Field(default=None, max_length=500, description="why, for whoever reads it later")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.swap is None) == (self.agent_side is None):
            raise ValueError("give either `swap` or `agent_side`")
        return self


class RoleDecisionOut(BaseModel):
    """How the roles of a version were decided."""

    how: Literal["channels", "assumed", "content", "person", "given", "unknown"]
    trust: float = Field(ge=0, le=1)
    by: str | None = Field(description="who decided, null for the machine")
    at: datetime | None


class VersionOut(BaseModel):
    """One version of a call's transcript."""

    version: int
    replaced: int | None = Field(description="the version that was decided on, null for what an engine wrote")
    kind: Literal["heard", "swapped", "set", "carried"]
    engine: str
    model: str
    made_at: datetime
    because: str | None
    roles: RoleDecisionOut | None = Field(description="null in transcripts older than this note")
    agent_side: int | None = Field(description="0 or 1; null where it is not known")
    score: ScoreOut | None = Field(description="null until this version is inspected")


class SideOut(BaseModel):
    """One side of the call: a channel, or a voice."""

    side: int
    speaker: Literal["agent", "customer", "unknown"]
    begins: str = Field(description="how it begins; numbers partly masked")


class RolesOut(BaseModel):
    """Who is taken for the agent, by the current version, and all versions, the oldest first."""

    model_config = _example(examples.ROLES)

    call_id: int
    state: str = Field(description="how far the call has come")
    version: int | None = Field(description="the current version, null until the call is transcribed")
    roles: RoleDecisionOut | None
    agent_side: int | None
    sides: list[SideOut]
    versions: list[VersionOut]


class CallPage(BaseModel):
    """Calls, newest first."""

    items: list[CallOut]
    next: str | None = Field(description="cursor of the next page, null at the end", examples=["MTc"])


class FindingPage(BaseModel):
    """Findings, newest first."""

    items: list[FindingOut]
    next: str | None = Field(description="cursor of the next page, null at the end", examples=["MTc"])


class TicketPage(BaseModel):
    """Tickets, newest first."""

    items: list[TicketOut]
    next: str | None = Field(description="cursor of the next page, null at the end", examples=["MTc"])


class WarningPage(BaseModel):
    """Warnings, newest first."""

    items: list[WarningOut]
    next: str | None = Field(description="cursor of the next page, null at the end", examples=["MTc"])


class EngineProblem(BaseModel):
    """Why an engine cannot be used, or why that is not known."""

    code: str = Field(description="docs/errors.md")
    message: str
    where: str | None
    mend: str | None


class EngineOut(BaseModel):
    """One speech engine as it stands on this machine."""

    model_config = _example(examples.ENGINE)

    name: str
    chosen: bool = Field(description="whether the settings name it; no other one ever steps in")
    second: bool = Field(description="whether it is chosen for second hearings")
    offered_by: str | None = Field(description="`diting`, or the package that offers it")
    library: str | None = Field(description="the package that does the work")
    version: str | None = Field(description="version of the library; null where it is not installed")
    installed: bool
    usable: bool | None = Field(
        description="with the present settings; null where only loading it would tell"
    )
    model: str | None = Field(description="the model that the settings name, if the engine could use it")
    problem: EngineProblem | None


class EngineList(BaseModel):
    """All engines, in order of name."""

    items: list[EngineOut]


class Health(BaseModel):
    """Whether this installation can work."""

    model_config = _example(examples.HEALTH)

    status: Literal["ok", "degraded"]
    version: str
    database: str = Field(description="`ok`, or what is wrong with it")
    model: str = Field(description="`ok`, or what is wrong with the speech model")
    rules: str = Field("unknown", description="`ok`, or how many notices there are about the rules")
