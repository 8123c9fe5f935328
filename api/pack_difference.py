"""What changed between two versions of a pack, as people are shown it."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import BaseModel, Field

from qc.workbench.difference import Change, Difference, RuleChange


class ChangeOut(BaseModel):
    """One field: entries of a list that came and went, or what it said before and says now."""

    field: str
    before: str | None
    after: str | None
    added: list[str]
    removed: list[str]


class RuleChangeOut(BaseModel):
    """A rule that both versions have."""

    rule: str
    before: str
    after: str
    changes: list[ChangeOut]
    through: list[str] = Field(description="changed word lists and concepts that it uses")


class RuleChanges(BaseModel):
    """Rules that came, went, and changed."""

    added: list[str]
    removed: list[str]
    changed: list[RuleChangeOut]


class DifferenceOut(BaseModel):
    """Everything that differs."""

    packs: list[ChangeOut]
    words: list[ChangeOut]
    concepts: list[ChangeOut]
    rules: RuleChanges


class FileChange(BaseModel):
    """One file, as a unified diff."""

    file: str
    change: Literal["added", "removed", "changed"]
    diff: str


def difference_out(difference: Difference) -> DifferenceOut:
    """What differs."""
    return DifferenceOut(
        packs=[_change(each) for each in difference.packs],
        words=[_change(each) for each in difference.words],
        concepts=[_change(each) for each in difference.concepts],
        rules=RuleChanges(
            added=[f"{rule.id}@{rule.version}" for rule in difference.added],
            removed=[f"{rule.id}@{rule.version}" for rule in difference.removed],
            changed=[_rule(each) for each in difference.changed],
        ),
    )


def file_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[FileChange]:
    """The files that differ, by name."""
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        change: Literal["added", "removed", "changed"] = (
            "added" if before is None else "removed" if after is None else "changed"
        )
        lines = difflib.unified_diff(
            (before or "").splitlines(), (after or "").splitlines(), name, name, lineterm=""
        )
        yield FileChange(file=name, change=change, diff="\n".join(lines))


def _change(each: Change) -> ChangeOut:
    return ChangeOut(
        field=each.field,
        before=each.before,
        after=each.after,
        added=list(each.added),
        removed=list(each.removed),
    )


def _rule(each: RuleChange) -> RuleChangeOut:
    return RuleChangeOut(
        rule=each.rule,
        before=each.before,
        after=each.after,
        changes=[_change(inner) for inner in each.changes],
        through=list(each.through),
    )
