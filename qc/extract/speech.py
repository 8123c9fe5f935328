"""What a sentence does with a payment, whatever its language."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Mood:
    """What the customer does in one clause.

    `pays`: it speaks of paying; `negative`: it refuses or cannot; `denies`: it takes a promise back; `vague`:
    it leaves open whether; `past`: it tells of a payment made; `done`: it could (还了), unless a day is
    named; `quoted`: the words are another's; `strong`: so plain that no terms are needed; `asks`: it asks for
    relief or information; `question`: it ends as one; `offers`: it asks whether its terms will do; `accepts`:
    it agrees, and says nothing else; `weakly`: with a murmur. `condition`: what the payment hangs on.
    """

    pays: bool
    negative: bool
    denies: bool
    vague: bool
    past: bool
    done: bool
    quoted: bool
    strong: bool
    hedged: bool
    asks: bool
    question: bool
    offers: bool
    accepts: bool
    weakly: bool
    condition: Literal["if", "payday", "income"] | None


@dataclass(frozen=True, slots=True)
class Ask:
    """What the agent does in one sentence: speaks of paying, asks for a day or a sum, proposes or reads back
    terms, settles them, rejects an offer, speaks of money at all, or of a further payment."""

    pays: bool
    when: bool
    amount: bool
    proposes: bool
    settles: bool
    rejects: bool
    money: bool
    more: bool
