"""The thresholds of the monitors: a versioned file, refused as a whole where anything in it is wrong."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from complaint_warnings.sources.documents import field_of, sentence_of
from store.errors import BadInputError

DEFAULT_MONITORS = Path(__file__).parent / "monitors.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ContactFrequency(_Part):
    """How many contacts are too many: one more than each of these."""

    connected_per_day: int = Field(ge=1)
    attempts_per_day: int = Field(ge=1)
    attempts_per_week: int = Field(ge=1)


class WillingnessFalling(_Part):
    """When a promise is no longer meant."""

    refusals: int = Field(ge=1)
    broken_promises: int = Field(ge=1)
    within_days: int = Field(ge=1)


class FailedConversations(_Part):
    """When talking leads nowhere."""

    in_a_row: int = Field(ge=2)
    within_days: int = Field(ge=1)


class MonitorPolicy(_Part):
    """A whole file of thresholds. `name` stands in every hit made with it."""

    id: str = Field(min_length=1)
    version: int = Field(ge=1)
    again_after_days: int = Field(ge=1)
    contact_frequency: ContactFrequency
    willingness_falling: WillingnessFalling
    failed_conversations: FailedConversations

    @property
    def name(self) -> str:
        """`id@version`."""
        return f"{self.id}@{self.version}"


def load_monitors(path: Path = DEFAULT_MONITORS) -> MonitorPolicy:
    """Read a file of thresholds.

    Raises:
        BadInputError: `monitors.unreadable` or `monitors.invalid`, naming the field.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInputError(
            f"the file of monitors cannot be read ({type(error).__name__})",
            code="monitors.unreadable",
            where=str(path),
            mend="Give the path of a readable YAML file in UTF-8.",
        ) from error
    try:
        return MonitorPolicy.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInputError(
            sentence_of(first["msg"]),
            code="monitors.invalid",
            where=f"{path}: {field_of(first['loc']) or 'the whole file'}",
            mend="docs/warnings.md lists the fields; sources/monitors.yaml is a complete example.",
        ) from error


@lru_cache(maxsize=1)
def default_monitors() -> MonitorPolicy:
    """The thresholds shipped with Diting."""
    return load_monitors()
