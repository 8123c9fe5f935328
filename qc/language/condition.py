"""The shape of conditions: what a rule may look for, and where."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from qc.language.base import GuardName, Side, Strict, TextList, as_list, require_one, wrong
from qc.language.facts import Frequency, Hours, Standing, Unreachable
from qc.language.likeness import Like
from qc.language.reconcile import Reconcile
from qc.language.statuses import StateTest
from qc.language.timing import Limits, OverlapTest, RateTest, SilenceTest
from transcription.types import CueKind


class Where(Strict):
    """Where a rule or a condition looks. Utterances and seconds are counted as docs/rules.md says."""

    speaker: Side | None = None
    direction: Literal["outbound", "inbound"] | None = None
    relation: TextList | None = None
    not_relation: TextList | None = None
    first_utterances: int | None = Field(None, ge=1)
    first_seconds: float | None = Field(None, gt=0)
    last_utterances: int | None = Field(None, ge=1)
    last_seconds: float | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.opening and self.ending:
            raise wrong(
                "a window is counted from the first or from the last, not from both",
                "范围只能从开头或从结尾数起，不能两头都写",
            )
        return self

    @property
    def window(self) -> tuple[float | None, ...]:
        """The four limits of the window."""
        return (self.first_utterances, self.first_seconds, self.last_utterances, self.last_seconds)

    @property
    def opening(self) -> bool:
        """True when the window is at the start of the call."""
        return self.first_utterances is not None or self.first_seconds is not None

    @property
    def ending(self) -> bool:
        """True when the window is at the end of the call."""
        return self.last_utterances is not None or self.last_seconds is not None


class Order(Strict):
    """`then` after `first`, at most so far behind it, with `between` and no `without` between."""

    first: "Condition"
    then: "Condition"
    within_utterances: int | None = Field(None, ge=1)
    within_seconds: float | None = Field(None, gt=0)
    between: "Condition | None" = None
    without: "Condition | None" = None
    each: bool = False
    same: bool = False


class Repeat(Strict):
    """`of` at least `times` times, within so many utterances or seconds."""

    of: "Condition"
    times: int = Field(ge=2)
    within_utterances: int | None = Field(None, ge=1)
    within_seconds: float | None = Field(None, gt=0)


class Near(Strict):
    """True in an utterance when `of` occurs at most `before` utterances earlier or `after` later."""

    of: "Condition"
    before: int = Field(0, ge=0)
    after: int = Field(0, ge=0)


class AnswerTest(Strict):
    """A bare yes or no to an utterance of the other side in which `of` holds."""

    of: "Condition"
    is_: Literal["affirmed", "denied"] = Field("affirmed", alias="is")


class CueTest(Strict):
    """Something heard: at least `times` cues of `kind`, each at least so strong and so long."""

    kind: CueKind
    min_value: float | None = None
    max_value: float | None = None
    min_seconds: float | None = None
    times: int = Field(1, ge=1)


class NoteTest(Strict):
    """About the outcome word in the collector's note. False where no note was given."""

    outcome_in: TextList | None = None
    outcome_not_in: TextList | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.outcome_in is None and self.outcome_not_in is None:
            raise wrong("give outcome_in or outcome_not_in", "请写 outcome_in 或 outcome_not_in")
        return self


def _kind_of_note(value: object) -> str:
    return "a word" if isinstance(value, str) else "a test"


NoteFact = Annotated[
    Annotated[Literal["missing", "given"], Tag("a word")] | Annotated[NoteTest, Tag("a test")],
    Discriminator(_kind_of_note),
]


class Fact(Strict):
    """Exactly one fact of the call record."""

    hours: Hours | None = None
    frequency: Frequency | None = None
    note: NoteFact | None = None
    ended_by: Literal["agent", "customer"] | None = None
    relation_in: TextList | None = None
    relation_not_in: TextList | None = None
    earlier_stop_request: bool | None = None
    standing: Standing | None = None
    third_party_before: Unreachable | None = None
    direction: Literal["outbound", "inbound"] | None = None
    duration: Limits | None = None
    days_overdue: Limits | None = None
    amount_due: Limits | None = None
    complaints_before: Limits | None = None
    product_in: TextList | None = None
    product_not_in: TextList | None = None
    client_in: TextList | None = None
    client_not_in: TextList | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        require_one(self, tuple(type(self).model_fields), "fact")
        return self


KINDS = (
    "phrase", "regex", "like", "concept", "any", "all", "none", "order", "absent", "repeat", "near",
    "somewhere", "nowhere", "cue", "silence", "overlap", "rate", "fact", "category",
    "state", "answer", "reconcile",
)  # fmt: skip


# One condition, or a list of them.
_Some = Annotated["list[Condition]", Field(min_length=1)]
OneOrMore = Annotated[_Some, BeforeValidator(as_list, json_schema_input_type="Condition | list[Condition]")]


class Condition(Strict):
    """Exactly one of `kinds`, and where it looks. Modifiers that do not fit the kind are refused."""

    kinds: ClassVar[tuple[str, ...]] = KINDS

    phrase: TextList | None = None
    regex: TextList | None = None
    like: Like | None = None
    concept: str | None = None
    any: "list[Condition] | None" = Field(None, min_length=1)
    all: "list[Condition] | None" = Field(None, min_length=1)
    none: "OneOrMore | None" = None
    order: Order | None = None
    absent: "Condition | None" = None
    repeat: Repeat | None = None
    near: Near | None = None
    somewhere: "Condition | None" = None
    nowhere: "Condition | None" = None
    cue: CueTest | None = None
    silence: SilenceTest | None = None
    overlap: OverlapTest | None = None
    rate: RateTest | None = None
    fact: Fact | None = None
    category: TextList | None = None
    state: StateTest | None = None
    answer: AnswerTest | None = None
    reconcile: Reconcile | None = None

    speaker: Side | None = None
    where: Where | None = None
    by_sound: bool | None = None
    not_heard: TextList | None = None
    guards: list[GuardName] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        require_one(self, self.kinds, "condition")
        if self.phrase is None and (self.by_sound is not None or self.not_heard is not None):
            raise wrong(
                "by_sound and not_heard belong to a phrase", "by_sound 与 not_heard 只能和 phrase 一起写"
            )
        if self.where is not None and self.where.speaker is not None and self.speaker is not None:
            raise wrong("give the speaker once", "speaker 写了两次")
        return self

    @property
    def kind(self) -> str:
        """Which of `kinds` this is."""
        return next(kind for kind in self.kinds if getattr(self, kind) is not None)

    @property
    def side(self) -> Side | None:
        """The speaker this condition asks for, if it does."""
        return self.speaker or (self.where.speaker if self.where else None)
