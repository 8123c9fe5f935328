"""The vocabulary of the notices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

# What people are told of. The first ones come from events of the cases.
CaseKind = Literal[
    "self_harm",
    "high_warning",
    "complaint_arrived",
    "reported",
    "sent_back",
    "reported_again",
    "signed",
    "assigned",
    "relief_proposed",
    "unsatisfied",
    "deadline_warned",
    "deadline_breached",
    "escalated",
    "reopened",
    "closed",
]
# Of the quality-control tickets.
TicketKind = Literal[
    "ticket_assigned",
    "ticket_differs",
    "ticket_shared",
    "ticket_appealed",
    "ticket_appeal_decided",
    "ticket_final",
]
CoachingKind = Literal["coaching_set", "coaching_ended"]
# `dead_letter`: a notice could not be delivered. `digest`: what was held back in the quiet hours, together.
OwnKind = Literal["dead_letter", "digest", "test"]
State = Literal["waiting", "sent", "gathered", "dead"]
Outcome = Literal["under_way", "sent", "again", "refused", "lost"]
ChannelType = Literal["webhook", "dingtalk", "wecom", "feishu", "email"]

CASE_KINDS: Final[tuple[str, ...]] = get_args(CaseKind)
TICKET_KINDS: Final[tuple[str, ...]] = get_args(TicketKind)
COACHING_KINDS: Final[tuple[str, ...]] = get_args(CoachingKind)
ROUTED_KINDS: Final[tuple[str, ...]] = (*CASE_KINDS, *TICKET_KINDS, *COACHING_KINDS, "dead_letter")
STATES: Final[tuple[str, ...]] = get_args(State)
# Never held back, never behind another notice.
URGENT: Final = frozenset({"self_harm"})
# Who is meant by a notice to the channel itself, a group chat or a mailbox.
EVERYBODY_THERE: Final = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell about a case. Notices of the same `kind` and `topic` (the clock, the level) are the
    same thing said twice; `named` is the person whom the event itself names."""

    kind: CaseKind
    topic: str = ""
    named: str | None = None
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where one notice goes: a channel, and a person reached by it; `EVERYBODY_THERE` for all who read it."""

    channel: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice on its way: what a channel needs to send it.

    `message_id` stays the same however often it is sent; `document` is what `wording` made of the event.
    """

    id: int
    message_id: str
    kind: str
    recipient: str
    document: Mapping[str, Any]
    created_at: datetime
    attempt: int
    token: str
    urgent: bool
    case_id: int | None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How one attempt ended.

    `again`: it may succeed later, after `wait_s` where the other side says so; `refused`: it never will.
    `code` is a stable dotted code, `detail` one line without secrets. `status` is the number that the other
    side answered with, None where it did not.
    """

    outcome: Literal["sent", "again", "refused"]
    code: str = ""
    detail: str = ""
    status: int | None = None
    wait_s: float | None = None

    @property
    def reason(self) -> str:
        """`code: sentence`, empty when sent."""
        return f"{self.code}: {self.detail}" if self.code else ""
