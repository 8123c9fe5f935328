"""The vocabulary of complaints."""

from typing import Final, Literal, get_args

# The way a complaint came. What follows from it (level, deadlines) is told by `RANK` below and the policy
# of deadlines.
Channel = Literal[
    "company_line",
    "counter",
    "letter",
    "email",
    "creditor",
    "platform",
    "lawyer",
    "consumer_hotline",
    "government_hotline",
    "telecom_regulator",
    "regulator",
    "media",
]
Complainant = Literal["debtor", "family", "lawyer", "third_party", "creditor", "unknown"]

CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)

# Those who can order something done: their complaints have the regulator's clocks and the highest level.
AUTHORITIES: Final[frozenset[Channel]] = frozenset(
    ("consumer_hotline", "government_hotline", "telecom_regulator", "regulator")
)
# Outside the house but without orders: high as well, since others are watching.
PUBLIC: Final[frozenset[Channel]] = frozenset(("media", "platform", "lawyer"))

# A mark up to this one is dissatisfaction: a second callback within 24 hours is owed.
DISSATISFIED_TO: Final = 2
