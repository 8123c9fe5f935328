"""Group complaints 群体投诉: several debtors who complain of the same. Pure.

Complaints within a window belong together when they concern the same creditor and either name the same
collector or are worded nearly alike. How alike is measured on the letters without punctuation: people who
copy a text from each other change a name and a sum, seldom more.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from rapidfuzz import fuzz, process

_SHORTEST_ALIKE = 12  # letters; shorter claims ("态度差") are alike by chance


@dataclass(frozen=True, slots=True)
class Grievance:
    """One complaint. `at` is aware, `text` the claim in words; `open` whether it is still handled."""

    number: str
    debtor_key: str
    at: datetime
    client: str | None
    collector: str | None
    text: str
    open: bool = True


@dataclass(frozen=True, slots=True)
class GroupPolicy:
    """When complaints make a group: `least` debtors within `window`; `alike` is from 0 to 100."""

    least: int = 3
    window: timedelta = timedelta(days=30)
    alike: float = 80.0


@dataclass(frozen=True, slots=True)
class Group:
    """Complaints that belong together, oldest first. `because` says by what: `collector`, `wording`."""

    client: str | None
    numbers: tuple[str, ...]
    debtors: int
    first_at: datetime
    last_at: datetime
    collectors: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Link:
    one: int
    other: int
    because: str


def groups(grievances: Sequence[Grievance], policy: GroupPolicy | None = None) -> list[Group]:
    """The groups among the complaints, largest first. Complaints of one debtor count once.

    Cost: each creditor's complaints are compared with those of the window before them, in compiled code.
    """
    rule = policy or GroupPolicy()
    ordered = sorted(grievances, key=lambda one: (one.at, one.number))
    by_client: dict[str | None, list[Grievance]] = {}
    for one in ordered:
        by_client.setdefault(one.client, []).append(one)
    found = [group for own in by_client.values() for group in _groups_of(own, rule)]
    return sorted(found, key=lambda group: (-group.debtors, group.first_at, group.numbers))


def _groups_of(own: Sequence[Grievance], rule: GroupPolicy) -> list[Group]:
    links = [link for index in range(len(own)) for link in _links_back(own, index, rule)]
    root = list(range(len(own)))

    def top(index: int) -> int:
        while root[index] != index:
            root[index] = root[root[index]]
            index = root[index]
        return index

    for link in links:
        root[max(top(link.one), top(link.other))] = min(top(link.one), top(link.other))
    members: dict[int, list[int]] = {}
    for index in range(len(own)):
        members.setdefault(top(index), []).append(index)
    reasons: dict[int, set[str]] = {}
    for link in links:
        reasons.setdefault(top(link.one), set()).add(link.because)
    made = [_group([own[i] for i in some], reasons.get(key, set())) for key, some in members.items()]
    return [group for group in made if group.debtors >= rule.least]


def _links_back(own: Sequence[Grievance], index: int, rule: GroupPolicy) -> list[_Link]:
    """The earlier complaints of the window that this one belongs to."""
    one = own[index]
    first = index
    while first > 0 and one.at - own[first - 1].at <= rule.window:
        first -= 1
    links = [
        _Link(other, index, "collector")
        for other in range(first, index)
        if one.collector is not None and own[other].collector == one.collector
    ]
    text = letters(one.text)
    if first == index or len(text) < _SHORTEST_ALIKE:
        return links
    earlier = [letters(other.text) for other in own[first:index]]
    scores = process.cdist([text], earlier, scorer=fuzz.ratio, score_cutoff=rule.alike, dtype=np.float32)[0]
    links += [
        _Link(first + place, index, "wording")
        for place, score in enumerate(scores)
        if score >= rule.alike and len(earlier[place]) >= _SHORTEST_ALIKE
    ]
    return links


def letters(text: str) -> str:
    """The text without what people change when they copy: spaces, punctuation, digits, case and width."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalpha())


def _group(members: Sequence[Grievance], because: set[str]) -> Group:
    return Group(
        client=members[0].client,
        numbers=tuple(member.number for member in members),
        debtors=len({member.debtor_key for member in members}),
        first_at=members[0].at,
        last_at=members[-1].at,
        collectors=tuple(sorted({m.collector for m in members if m.collector is not None})),
        because=tuple(sorted(because)),
    )
