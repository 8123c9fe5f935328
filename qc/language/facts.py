"""The shape of facts about hours, frequency and earlier calls: every limit of law is a number in a pack."""

from typing import Literal, Self

from pydantic import Field, model_validator

from qc.language.base import ClockTime, Strict, require_one

Matter = Literal["dispute", "stop_request", "vulnerable"]
SettledBy = Literal["record", "inbound", "promise"]


class Hours(Strict):
    """Permitted hours of the day on the customer's clock; each end is permitted unless it is excluded.
    `past_minutes` asks another thing: whether a call begun in time went on longer than that after `to`."""

    from_: ClockTime = Field(alias="from")
    to: ClockTime
    from_included: bool = True
    to_included: bool = True
    past_minutes: float | None = Field(None, ge=0)


class AttemptsInDays(Strict):
    """At most `attempts` calls in `days` consecutive days, this one counted."""

    attempts: int = Field(ge=1)
    days: int = Field(ge=1)


LIMITS = ("connected_per_day", "attempts_per_day_number", "attempts_in_days", "rest_after_talk_days")


class Frequency(Strict):
    """Exactly one limit; the fact is true when this call exceeds it. `consent_exempts`: calls that the
    debtor agreed to do not count, with `consent_days` only so many days after that, its day being the
    first. `min_seconds`: shorter conversations are none."""

    connected_per_day: int | None = Field(None, ge=1)
    attempts_per_day_number: int | None = Field(None, ge=1)
    attempts_in_days: AttemptsInDays | None = None
    rest_after_talk_days: int | None = Field(None, ge=1)
    consent_exempts: bool = False
    consent_days: int | None = Field(None, ge=1)
    min_seconds: float | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        require_one(self, LIMITS, "frequency limit")
        if self.consent_days is not None and not self.consent_exempts:
            raise ValueError("consent_days needs consent_exempts: true")
        return self


class Unreachable(Strict):
    """When the debtor counts as unreachable, so that somebody else may be asked: a number that does not
    exist, `dials` in a row that failed on an earlier day, or failed calls on `days` days in a row."""

    dials: int = Field(3, ge=1)
    days: int = Field(3, ge=1)


class Standing(Strict):
    """What an earlier call or the case left open: a dispute, or a request not to be called. `settled_by`
    says what closes it: the record says so, the customer called back, the customer promised to pay."""

    of: Matter
    settled_by: tuple[SettledBy, ...] = ("record", "inbound", "promise")
