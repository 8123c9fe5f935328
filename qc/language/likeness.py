"""The shape of `like`: likeness to a bank of examples, or to texts given in the rule."""

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from qc.language.base import Strict, TextList, require_one


class LikeTest(Strict):
    """Exactly one of a bank and texts; a hit needs at least this probability (texts: this likeness)."""

    bank: str | None = None
    texts: TextList | None = None
    at_least: float | None = Field(None, gt=0, lt=1)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        require_one(self, ("bank", "texts"), "source of examples")
        return self


def _as_test(value: object) -> object:
    return {"texts": value} if isinstance(value, str | list) else value


Like = Annotated[LikeTest, BeforeValidator(_as_test, json_schema_input_type=LikeTest | str | list[str])]
