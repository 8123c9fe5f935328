"""The line up which an overdue matter goes: from who has it in hand to the head of complaint control."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person as the line needs them."""

    id: str
    reports_to: str | None
    active: bool


def line_up(
    holder: str | None,
    people: Mapping[str, Colleague],
    leads: Sequence[str],
    never: Collection[str] = (),
) -> tuple[str, ...]:
    """The persons above the holder, nearest first, and at the end the head of complaint control.

    Nobody comes twice, nor does the holder; who is not active is passed over, and so is whoever is in
    `never`: a collector complained of is not asked to see to the complaint.

    Args:
        holder: who has the matter in hand; None where nobody has.
        people: everybody of the house, by id.
        leads: the active heads of complaint control, in the order in which they are asked.
        never: who is left out.
    """
    line: list[str] = []
    seen = {holder} if holder else set()
    above = people[holder].reports_to if holder is not None and holder in people else None
    while above is not None and above in people and above not in seen:
        seen.add(above)
        if people[above].active and above not in never:
            line.append(above)
        above = people[above].reports_to
    if not any(lead in line or lead == holder for lead in leads):
        line += [lead for lead in leads if lead not in never][:1]
    return tuple(line)
