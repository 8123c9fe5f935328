"""The shape of `reconcile`: in what the collector's note and the recording differ."""

from typing import Annotated, Literal, Self, get_args

from pydantic import BeforeValidator, Field, model_validator

from qc.language.base import Strict, as_list, require_one

Aspect = Literal["promise", "outcome", "person", "left_out", "note", "claim"]
Promised = Literal["denied", "invented", "omitted", "amount", "date"]
Outcome = Literal["no_answer"]
Who = Literal["debtor", "other"]
Matter = Literal["dispute", "complaint", "stop_request", "hardship", "vulnerable", "third_party"]
InItself = Literal["contradictory"]
Claim = Literal["not_disclosed"]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)

_Promised = Annotated[list[Promised], Field(min_length=1)]
_Outcomes = Annotated[list[Outcome], Field(min_length=1)]
_Persons = Annotated[list[Who], Field(min_length=1)]
_Matters = Annotated[list[Matter], Field(min_length=1)]
_Notes = Annotated[list[InItself], Field(min_length=1)]
_Claims = Annotated[list[Claim], Field(min_length=1)]


class Reconcile(Strict):
    """Exactly one respect in which the note and the recording differ, and in what of it."""

    promise: (
        Annotated[_Promised, BeforeValidator(as_list, json_schema_input_type=Promised | _Promised)] | None
    ) = None
    outcome: (
        Annotated[_Outcomes, BeforeValidator(as_list, json_schema_input_type=Outcome | _Outcomes)] | None
    ) = None
    person: Annotated[_Persons, BeforeValidator(as_list, json_schema_input_type=Who | _Persons)] | None = None
    left_out: (
        Annotated[_Matters, BeforeValidator(as_list, json_schema_input_type=Matter | _Matters)] | None
    ) = None
    note: Annotated[_Notes, BeforeValidator(as_list, json_schema_input_type=InItself | _Notes)] | None = None
    claim: Annotated[_Claims, BeforeValidator(as_list, json_schema_input_type=Claim | _Claims)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        require_one(self, ASPECTS, "respect")
        return self

    @property
    def asked(self) -> tuple[Aspect, frozenset[str]]:
        """The respect, and what of it."""
        aspect = next(name for name in ASPECTS if getattr(self, name) is not None)
        return aspect, frozenset(getattr(self, aspect))
