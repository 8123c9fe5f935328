"""How a state is asked for in a condition: `state: {dispute: open}`."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from qc.language.base import as_list

Status = Literal["open", "acknowledged", "resolved", "withdrawn"]
STATUSES: tuple[Status, ...] = get_args(Status)


def _one_state(given: dict[str, list[Status]]) -> dict[str, list[Status]]:
    if len(given) != 1:
        raise ValueError("ask for one state, like {dispute: open}; put several in `all` or `any`")
    return given


_Some = Annotated[list[Status], Field(min_length=1)]
StateTest = Annotated[
    dict[str, Annotated[_Some, BeforeValidator(as_list, json_schema_input_type=Status | _Some)]],
    AfterValidator(_one_state),
]
