"""What all parts of a rule file share."""

from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

GuardName = Literal["negated", "quoting", "question", "hypothetical", "warning_against"]
Side = Literal["agent", "customer", "any"]


def as_list(value: object) -> object:
    """One text or one mapping as a list of one."""
    return [value] if isinstance(value, str | dict) else value


def _clock_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError('write the time as text in quotes, like "08:00"')  # noqa: TRY004 (pydantic wants it)
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


def require_one(model: BaseModel, names: tuple[str, ...], what: str) -> None:
    """Refuse a model in which not exactly one of `names` is given.

    Raises:
        ValueError: none or several are.
    """
    given = [name for name in names if getattr(model, name) is not None]
    if len(given) != 1:
        has = ", ".join(given) if given else "none"
        raise ValueError(f"needs exactly one {what} of {', '.join(names)}; has {has}")
