"""What all parts of a rule file share."""

from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

GuardName = Literal[
    "negated", "quoting", "read_back", "corrected", "question", "hypothetical", "warning_against"
]
Side = Literal["agent", "customer", "any"]


def as_list(value: object) -> object:
    """One text or one mapping as a list of one."""
    return [value] if isinstance(value, str | dict) else value


def _clock_text(value: object) -> object:
    if not isinstance(value, str):
        raise wrong('write the time as text in quotes, like "08:00"', '请用引号写时间，如 "08:00"')
    return value


_Texts = Annotated[list[str], Field(min_length=1)]
TextList = Annotated[_Texts, BeforeValidator(as_list, json_schema_input_type=str | _Texts)]
_ClockText = Annotated[str, Field(pattern=r"^\d{2}:\d{2}(:\d{2})?$")]
ClockTime = Annotated[time, BeforeValidator(_clock_text, json_schema_input_type=_ClockText)]


class Strict(BaseModel):
    """Base: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Bilingual(Strict):
    """A text in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def as_dict(self) -> dict[str, str]:
        """`{"zh": …, "en": …}`."""
        return {"zh": self.zh, "en": self.en}


def wrong(en: str, zh: str) -> PydanticCustomError:
    """What is wrong with a value, in both languages; to be raised inside a validator."""
    return PydanticCustomError("said", "{en}", {"en": en, "zh": zh})


def require_one(model: BaseModel, names: tuple[str, ...], what: str) -> None:
    """Refuse a model in which not exactly one of `names` is given.

    Raises:
        PydanticCustomError: none or several are.
    """
    given = [name for name in names if getattr(model, name) is not None]
    if len(given) != 1:
        raise PydanticCustomError(
            "one_of",
            "needs exactly one {what} of {names}; has {has}",
            {"what": what, "names": ", ".join(names), "has": ", ".join(given) if given else "none"},
        )
