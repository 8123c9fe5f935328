"""The vocabulary of the cases."""

from typing import Final, Literal, get_args

Kind = Literal["warning", "complaint"]
State = Literal[
    "reported",
    "returned",
    "reviewed",
    "collected",
    "teamed",
    "analysed",
    "planned",
    "contacting",
    "resolved",
    "tracking",
    "evaluated",
    "closed",
]
Complexity = Literal["general", "complex"]
# Where the matter came from: calls, a report of the house's people, a monitor over case data, public opinion,
# or a complaint that arrived, by way.
Source = Literal["call", "report", "monitor", "opinion", "complaint", "regulator"]
Truth = Literal["confirmed", "partly", "unclear"]
Function = Literal["lead", "legal", "supervisor", "customer_service", "complaint_officer", "talks", "other"]
Dimension = Literal["process", "staff", "system"]
Channel = Literal["phone", "sms", "email", "letter", "visit", "counter", "app", "other"]
# What the customer's mood was while talking; `unknown` where nobody was reached or it could not be told.
Mood = Literal["angry", "anxious", "dissatisfied", "questioning", "calm", "unknown"]
ReliefKind = Literal["compensation", "fee_relief", "interest_relief"]
PauseReason = Literal["customer_absent", "awaiting_documents", "awaiting_creditor", "authority", "other"]
Outcome = Literal[
    "explained",
    "corrected",
    "apologised",
    "relief_granted",
    "plan_agreed",
    "collection_stopped",
    "referred",
    "no_agreement",
    "unreachable",
]
# How a case can end that was not handled to the end.
OtherEnd = Literal["unfounded", "merged"]
Effect = Literal["yes", "partly", "no"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STATES: Final[tuple[State, ...]] = get_args(State)
OPEN_STATES: Final[tuple[State, ...]] = tuple(state for state in STATES if state != "closed")
SOURCES: Final[tuple[Source, ...]] = get_args(Source)
OUTCOMES: Final[tuple[str, ...]] = (*get_args(Outcome), *get_args(OtherEnd))
SELF_HARM: Final = "self_harm"
