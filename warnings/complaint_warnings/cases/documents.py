"""What people write down with each action: strict, frozen documents. They are stored in the events as they
stand here, and read back from there."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from complaint_warnings.cases.types import (
    Channel,
    Complexity,
    Dimension,
    Effect,
    Function,
    Mood,
    Outcome,
    PauseReason,
    ReliefKind,
    Truth,
)
from complaint_warnings.types import Level

_BREAKS = "\n\t"
_YEARS = range(1990, 2101)


def _plausible(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        raise ValueError("the year cannot be right")
    return moment


def _writable(text: str) -> str:
    if all(c.isprintable() or c in _BREAKS for c in text):
        return text
    raise ValueError("the text holds control characters")


Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(_writable)
]
Short = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_writable)
]
Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]


class Document(BaseModel):
    """Base of the documents: nothing unknown is taken, nothing is bent to fit."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    def people(self) -> tuple[str, ...]:
        """Ids of the persons that the document names; the door looks them up."""
        return ()


class Empty(Document):
    """An action that may carry a remark and nothing else."""

    comment: Words | None = None


class Reason(Document):
    """An action that needs a reason."""

    reason: Words


class Review(Document):
    """The department head's signature: is it true, is it accurate, which level does it have."""

    truth: Truth
    accurate: bool
    level: Level | None = Field(default=None, description="another level than the reported one")
    comment: Words | None = None


class SendBack(Document):
    """What the reporter has to mend before the report can be signed."""

    reason: Words


class Correction(Document):
    """What was mended in a report that was sent back."""

    changes: Words
    level: Level | None = None


class Collect(Document):
    """Complaint control takes the matter over."""

    complexity: Complexity = "general"
    comment: Words | None = None


class Member(Document):
    """One member of the team and what they are there for."""

    person: Short
    function: Function


class Team(Document):
    """Who handles the case; `handler` is one of the members."""

    handler: Short
    members: tuple[Member, ...] = Field(min_length=1, max_length=20)
    comment: Words | None = None

    def people(self) -> tuple[str, ...]:
        """The handler and the members."""
        return (self.handler, *(member.person for member in self.members))

    @model_validator(mode="after")
    def _handler_is_a_member(self) -> Self:
        persons = [member.person for member in self.members]
        if self.handler not in persons:
            raise ValueError("the handler must be one of the members")
        if len(set(persons)) != len(persons):
            raise ValueError("a person is named twice")
        return self


class Cause(Document):
    """Why it came to this: one person's behaviour, the way things are done, or the systems."""

    dimensions: tuple[Dimension, ...] = Field(min_length=1, max_length=3)
    kind: Short | None = Field(default=None, description="the cause in one word of the house (夜间来电)")
    cause: Words
    evidence: tuple[Short, ...] = Field(default=(), max_length=50)


class Measure(Document):
    """One thing to be done, by whom and until when."""

    what: Words
    owner: Short
    due: Moment


class Plan(Document):
    """What is to be reached and how."""

    goal: Words
    measures: tuple[Measure, ...] = Field(min_length=1, max_length=50)

    def people(self) -> tuple[str, ...]:
        """The owners of the measures."""
        return tuple(measure.owner for measure in self.measures)


class RevisedPlan(Plan):
    """Another plan, and why the one before did not do."""

    reason: Words


class Contact(Document):
    """A conversation with the customer, or the attempt. `said` is what both sides said, in short."""

    channel: Channel
    at: Moment
    reached: bool = True
    said: Words
    mood: Mood
    call: Short | None = Field(default=None, description="reference of the recorded call")

    @model_validator(mode="after")
    def _no_mood_of_the_absent(self) -> Self:
        if not self.reached and self.mood != "unknown":
            raise ValueError("the mood of somebody who was not reached is unknown")
        return self


class Result(Document):
    """How it ended for the customer."""

    outcome: Outcome
    words: Words


class Track(Document):
    """One look at whether it holds. `measures_done` are numbers of the plan's measures, from 1."""

    seen: Words
    measures_done: tuple[Annotated[int, Field(ge=1)], ...] = ()
    ended: bool = False


class MeasureDone(Document):
    """One measure of the plan is done: its number, from 1, and what was done."""

    measure: Annotated[int, Field(ge=1)]
    words: Words


class Evaluation(Document):
    """What the handling was worth, what is learned, and (`unfinished`) why measures never done are left."""

    effective: Effect
    attribution: tuple[Dimension, ...] = Field(default=(), max_length=3)
    lessons: Words
    one_time: bool | None = Field(default=None, description="resolved at the first attempt")
    satisfaction: Annotated[int, Field(ge=1, le=5)] | None = None
    unfinished: Words | None = None


class SignOff(Document):
    """Agreement to the closing, in one of the two offices that must agree where self-harm was spoken of."""

    office: Literal["department_head", "control_lead"]
    comment: Words | None = None


class LevelSet(Document):
    """Another level, by a person."""

    level: Level
    reason: Words


class Note(Document):
    """A remark for whoever reads the case."""

    text: Words


class Hold(Document):
    """The clocks that may pause do so."""

    reason: PauseReason
    words: Words


class DeadlineSet(Document):
    """A date by hand for one of the case's clocks; it wins over the computed one. `withdrawn` takes an
    earlier one back: the computed date counts again."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,59}$")]
    due: Moment | None = None
    withdrawn: bool = False
    reason: Words

    @model_validator(mode="after")
    def _one_of_both(self) -> "DeadlineSet":
        if (self.due is None) != self.withdrawn:
            raise ValueError("give due, or withdrawn to take an earlier date back")
        return self


class DeadlineExtended(Document):
    """One of the case's clocks is put off by the next step that the policy of time limits allows."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,59}$")]
    reason: Words


class Escalation(Document):
    """The matter goes up the line to a person."""

    to: Short
    reason: Words

    def people(self) -> tuple[str, ...]:
        """Whom it goes to."""
        return (self.to,)


class Relief(Document):
    """Money or a renunciation for the customer's benefit, proposed."""

    kind: ReliefKind
    amount: Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=2)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "CNY"
    reason: Words


class ReliefDecision(Document):
    """The second person's word on a proposed relief; `relief` is its number in the case, from 1."""

    relief: Annotated[int, Field(ge=1)]
    comment: Words | None = None


class Merge(Document):
    """The case goes on in another one of the same matter."""

    into: Annotated[int, Field(ge=1, lt=2**31)]
    reason: Words


class Concerned(Document):
    """Who the complaint is about, where the record was silent or wrong."""

    collector_id: Short
    reason: Words
