"""What people write down about a complaint. Strict: an unknown field or a time without a zone is refused."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from complaint_warnings.cases.documents import Document, Short, Words
from complaint_warnings.cases.types import Mood
from complaint_warnings.complaints.types import Channel, Complainant
from complaint_warnings.sources.documents import Debtor
from ingest.numbers import normalise_number
from ingest.times import read_moment
from store.errors import BadInputError

Number = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(normalise_number),
]
Moment = Annotated[AwareDatetime, BeforeValidator(read_moment)]


class Complained(Debtor):
    """Whose debt it is, by what the complaint says. No id at all: a person matches the complaint later."""

    name: Short | None = None


class Intake(Document):
    """A complaint as it arrived. `external_number` is the number that the authority, platform or creditor
    gave it: the same number from the same channel is the same complaint. `business` are details of the
    account as told (product, contract, sum …)."""

    channel: Channel
    external_number: Short | None = None
    arrived_at: Moment
    complainant: Complainant = "debtor"
    complainant_name: Short | None = None
    contact: Number | None = None
    debtor: Complained = Complained()
    claim: Words
    wanted: Words
    mood: Mood = "unknown"
    business: dict[str, Annotated[str, StringConstraints(max_length=400)]] = Field(
        default_factory=dict, max_length=50
    )
    client: Short | None = None
    collector_id: Short | None = None
    team: Short | None = None

    @model_validator(mode="after")
    def _authority_number(self) -> "Intake":
        if self.complainant == "creditor" and not self.client:
            raise ValueError("a creditor's complaint names the creditor (client)")
        return self


def read_intake(data: Mapping[str, Any]) -> Intake:
    """Check what was written.

    Raises:
        BadInputError: `complaint.document`, naming the first wrong field.
    """
    try:
        return Intake.model_validate(dict(data), strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the whole document"
        raise BadInputError(
            first["msg"].removeprefix("Value error, "),
            code="complaint.document",
            where=field,
            mend="docs/complaints.md lists the fields.",
        ) from error


def require_past(moment: datetime, now: datetime, where: str) -> None:
    """Refuse a time that is still to come.

    Raises:
        BadInputError: `complaint.future`.
    """
    if moment > now:
        raise BadInputError(
            f"{moment.isoformat()} is still to come",
            code="complaint.future",
            where=where,
            mend="Give the time at which it happened, with its zone.",
        )
