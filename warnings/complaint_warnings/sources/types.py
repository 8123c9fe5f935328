"""The vocabulary of the items."""

from typing import Final, Literal, get_args

ItemSource = Literal["report", "monitor", "opinion"]
ItemState = Literal["matched", "unmatched", "set_aside"]
# What the customer doubts or objects to, as the house's people hear it; `report.DOUBT` is its indicator.
Doubt = Literal[
    "self_harm",
    "regulator",
    "media",
    "method",
    "attitude",
    "frequency",
    "privacy",
    "vulnerable",
    "amount",
    "interest",
    "identity",
    "other",
]
Monitor = Literal["contact_frequency", "willingness_falling", "failed_conversations"]
Venue = Literal["media", "complaint_platform", "social", "other"]

ITEM_SOURCES: Final[tuple[ItemSource, ...]] = get_args(ItemSource)
ITEM_STATES: Final[tuple[ItemState, ...]] = get_args(ItemState)
DOUBTS: Final[tuple[Doubt, ...]] = get_args(Doubt)
