"""What people write down with the actions of a complaint that arrived."""

from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from complaint_warnings.cases.documents import Contact, Document, Moment, Short, Words
from complaint_warnings.cases.types import Channel
from complaint_warnings.types import Level


class ComplaintReceived(Document):
    """A complaint that arrived, by its receipt. `sha256` is the hash of what was written down; `source` is
    what the ledger shows, `regulator` for a complaint that came from an authority."""

    complaint: int
    number: Short
    channel: Short
    source: Literal["complaint", "regulator"]
    arrived_at: AwareDatetime
    received_by: Short
    level: Level
    collector_id: Short | None = Field(default=None, description="the collector complained of")
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Classification(Document):
    """What kind of matter it is, which decides what follows: a clear fact is mended, a misunderstanding
    explained, a disputed responsibility goes to legal and compliance."""

    classification: Literal["clear_fact", "misunderstanding", "disputed_responsibility"]
    reason: Words


class EvidenceGathered(Document):
    """The index of the debtor's calls, all of them on legal hold from now on."""

    items: tuple[dict[str, Any], ...]
    asked_by: Short


class EvidenceReleased(Document):
    """The legal hold of the case ends."""

    reason: Words


class Callback(Contact):
    """A call back after the answer: is the customer satisfied, from 1 (not at all) to 5 (fully)?"""

    satisfaction: Annotated[int, Field(ge=1, le=5)] | None = None

    @model_validator(mode="after")
    def _no_mark_of_the_absent(self) -> Self:
        if not self.reached and self.satisfaction is not None:
            raise ValueError("somebody who was not reached gave no mark")
        return self


class Mediation(Document):
    """One step of a mediation by somebody outside the dispute."""

    stage: Literal["proposed", "refused", "held", "agreed", "failed"]
    mediator: Short
    words: Words


class Answer(Document):
    """An answer in the matter: to the customer, the creditor, or the authority that asked."""

    to: Literal["customer", "creditor", "authority"]
    channel: Channel
    at: Moment
    words: Words
    reference: Short | None = Field(default=None, description="number of the letter or message")
