"""What changes when one version of a pack takes the place of another: pure counting, no files."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from complaint_warnings.types import Level, rank
from pipeline.labels import Labels
from qc.findings import Finding, Inspection, Kind, Status

Place = tuple[str, str, int | None]  # rule id, category, first utterance


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, as far as it is compared. `verdict` is what people made of it: True it stands, False it
    was overturned, None nobody decided. `review` tells whether a person has to look at it."""

    rule: str
    category: str
    kind: Kind
    status: Status
    utterance: int | None
    heard: str
    review: bool
    verdict: bool | None = None

    @property
    def rule_id(self) -> str:
        """The id of the rule without its version."""
        return self.rule.partition("@")[0]

    @property
    def place(self) -> Place:
        """What makes findings of two versions the same one."""
        return self.rule_id, self.category, self.utterance


@dataclass(frozen=True, slots=True)
class Judged:
    """One call as one side judged it."""

    found: tuple[Found, ...]
    ticket: str | None
    band: str
    level: Level | None
    unjudged: bool


@dataclass(frozen=True, slots=True)
class CallPair:
    """One call, judged by both sides. `labels` are None where there are none."""

    call: str
    collector: str | None
    debtor: str
    old: Judged
    new: Judged
    labels: Labels | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """How the findings of one rule or category change."""

    name: str
    old: int = 0
    new: int = 0
    gained: int = 0
    lost: int = 0
    more_certain: int = 0
    less_certain: int = 0

    @property
    def any(self) -> bool:
        """Whether anything changes."""
        return bool(self.gained or self.lost or self.more_certain or self.less_certain)


@dataclass(frozen=True, slots=True)
class CallChange:
    """One call to look at: what is found in it now that was not, and the other way round."""

    call: str
    gained: tuple[Found, ...]
    lost: tuple[Found, ...]
    turned: tuple[Found, ...]
    ticket: tuple[str | None, str | None]
    level: tuple[Level | None, Level | None]


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided about findings, side by side: those that stand, those they overturned."""

    true_old: int = 0
    false_old: int = 0
    true_new: int = 0
    false_new: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that changes. `reviews` are findings that a person has to look at, old and new."""

    calls: int
    rules: tuple[Change, ...]
    categories: tuple[Change, ...]
    changed: tuple[CallChange, ...]
    collectors: frozenset[str]
    debtors: frozenset[str]
    tickets: Mapping[str, int]
    warnings: Mapping[str, int]
    reviews: tuple[int, int]
    decided: Decided
    labelled: tuple[CallPair, ...] = ()


def judged(
    inspection: Inspection, level: Level | None, verdict: Callable[[Finding], bool | None] = lambda _: None
) -> Judged:
    """An inspection, as far as it is compared."""
    found = tuple(
        Found(
            rule=finding.rule,
            category=finding.category,
            kind=finding.kind,
            status=finding.status,
            utterance=finding.utterances[0] if finding.utterances else None,
            heard=finding.heard,
            review=finding.kind == "violation"
            or finding.status == "unsure"
            or finding.category == "self_harm",
            verdict=verdict(finding),
        )
        for finding in inspection.findings
    )
    priority = None if inspection.ticket is None else inspection.ticket.priority
    return Judged(found, priority, inspection.score.band, level, bool(inspection.unjudged))


def compare(pairs: Iterable[CallPair]) -> Comparison:
    """Counts what changes over all calls."""
    pairs = list(pairs)
    changes = [change_of(pair) for pair in pairs]
    touched = [pair for pair, change in zip(pairs, changes, strict=True) if change is not None]
    return Comparison(
        calls=len(pairs),
        rules=_by(pairs, lambda found: found.rule_id),
        categories=_by(pairs, lambda found: found.category),
        changed=tuple(change for change in changes if change is not None),
        collectors=frozenset(pair.collector for pair in touched if pair.collector),
        debtors=frozenset(pair.debtor for pair in touched),
        tickets=_counted(_ticket_change(pair) for pair in pairs),
        warnings=_counted(_level_change(pair) for pair in pairs),
        reviews=(
            sum(found.review for pair in pairs for found in pair.old.found),
            sum(found.review for pair in pairs for found in pair.new.found),
        ),
        decided=_decided(pairs),
        labelled=tuple(pair for pair in pairs if pair.labels is not None),
    )


def change_of(pair: CallPair) -> CallChange | None:
    """What changes in one call; None when nothing does."""
    gained, lost = _without(pair.new.found, pair.old.found), _without(pair.old.found, pair.new.found)
    before = {found.place: found.status for found in pair.old.found}
    turned = tuple(
        found
        for found in pair.new.found
        if found not in gained and before.get(found.place) not in (None, found.status)
    )
    ticket, level = (pair.old.ticket, pair.new.ticket), (pair.old.level, pair.new.level)
    if not (gained or lost or turned or ticket[0] != ticket[1] or level[0] != level[1]):
        return None
    return CallChange(pair.call, gained, lost, turned, ticket, level)


def _without(found: Sequence[Found], other: Sequence[Found]) -> tuple[Found, ...]:
    """The findings that the other side does not have, each counted as often as it occurs."""
    left = Counter(each.place for each in other)
    out = []
    for each in found:
        if left[each.place]:
            left[each.place] -= 1
        else:
            out.append(each)
    return tuple(out)


def _by(pairs: Sequence[CallPair], name: Callable[[Found], str]) -> tuple[Change, ...]:
    counts: dict[str, Counter[str]] = {}
    for pair in pairs:
        change = change_of(pair)
        groups: list[tuple[str, Sequence[Found]]] = [("old", pair.old.found), ("new", pair.new.found)]
        if change is not None:
            more = [found for found in change.turned if found.status == "certain"]
            less = [found for found in change.turned if found.status == "unsure"]
            groups += [("gained", change.gained), ("lost", change.lost)]
            groups += [("more_certain", more), ("less_certain", less)]
        for group, found in groups:
            for each in found:
                counts.setdefault(name(each), Counter())[group] += 1
    return tuple(Change(each, **counts[each]) for each in sorted(counts))


def _ticket_change(pair: CallPair) -> str | None:
    old, new = pair.old.ticket, pair.new.ticket
    if old == new:
        return None
    return "opened" if old is None else "withdrawn" if new is None else "priority"


def _level_change(pair: CallPair) -> str | None:
    old, new = rank(pair.old.level), rank(pair.new.level)
    if old == new:
        return None
    return "new" if not old else "gone" if not new else "higher" if new > old else "lower"


def _counted(names: Iterable[str | None]) -> dict[str, int]:
    return dict(sorted(Counter(name for name in names if name is not None).items()))


def _decided(pairs: Sequence[CallPair]) -> Decided:
    """Decisions belong to what was found when people looked; they carry over to the same finding of either
    side."""
    old = Counter(found.verdict for pair in pairs for found in pair.old.found)
    new = Counter(found.verdict for pair in pairs for found in pair.new.found)
    return Decided(old[True], old[False], new[True], new[False])
