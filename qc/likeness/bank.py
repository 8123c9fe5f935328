"""The bank: example turns for each kind of meaning, and turns that only look like it.

One file for each bank, `bank/<language>/<name>.tsv`, one example a line:

    +<TAB>text              belongs
    -<TAB>text<TAB>reason   looks like it and does not belong

Lines that begin with `#` and empty lines are skipped.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args

from qc.language.positions import Problem
from store.errors import RuleError

Reason = Literal[
    "negated", "quoted", "read_back", "conditional", "warning", "question", "lawful", "other_speaker",
    "neighbour", "idiom", "ordinary",
]  # fmt: skip
REASONS: tuple[str, ...] = get_args(Reason)
SHIPPED = Path(__file__).parent / "bank"
LONGEST = 120  # characters: an example is one turn, not a speech


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a bank. `reason` says why a negative does not belong; None for positives."""

    text: str
    positive: bool
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Bank:
    """The examples of one kind of meaning, in the order of the file."""

    name: str
    examples: tuple[Example, ...]

    @property
    def positives(self) -> tuple[str, ...]:
        """The texts that belong."""
        return tuple(example.text for example in self.examples if example.positive)

    @property
    def negatives(self) -> tuple[str, ...]:
        """The texts that only look alike."""
        return tuple(example.text for example in self.examples if not example.positive)


def read_bank(path: Path) -> tuple[Bank, list[Problem]]:
    """Read one bank file: what is good in it, and a problem for every line that is not."""
    problems: list[Problem] = []
    examples: list[Example] = []
    try:
        lines = path.read_bytes().decode("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(
            "likeness.unreadable", path.name, 1, "", f"cannot be read: {error}", "Save it as UTF-8 text."
        )
        return Bank(path.stem, ()), [problem]
    first_seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            example = _example(line, first_seen)
        except _LineError as error:
            problems.append(
                Problem("likeness.line", path.name, number, error.field, error.message, error.mend)
            )
            continue
        first_seen[example.text] = number
        examples.append(example)
    return Bank(path.stem, tuple(examples)), problems


class _LineError(ValueError):
    def __init__(self, field: str, message: str, mend: str) -> None:
        super().__init__(message)
        self.field, self.message, self.mend = field, message, mend


def _example(line: str, first_seen: Mapping[str, int]) -> Example:
    sign, *rest = line.removesuffix("\r").split("\t")
    if sign not in ("+", "-"):
        raise _LineError("sign", f"begins with {sign[:12]!r}", "Begin the line with + or -, then a tab.")
    wanted = 1 if sign == "+" else 2
    if len(rest) != wanted:
        shape = "+<TAB>text" if sign == "+" else "-<TAB>text<TAB>reason"
        raise _LineError("columns", f"has {len(rest) + 1} columns, needs {wanted + 1}", f"Write {shape}.")
    text = rest[0].strip()
    if not 1 < len(text) <= LONGEST:
        mend = f"An example is one turn of 2 to {LONGEST} characters."
        raise _LineError("text", f"is {len(text)} characters long", mend)
    if text in first_seen:
        message = f"the same text stands in line {first_seen[text]}"
        raise _LineError("text", message, "Keep one of the two.")
    if sign == "+":
        return Example(text, True)
    reason = rest[1].strip()
    if reason not in REASONS:
        raise _LineError("reason", f"unknown reason {reason!r}", f"Use one of {', '.join(REASONS)}.")
    return Example(text, False, cast(Reason, reason))


def read_banks(folder: Path) -> tuple[dict[str, Bank], list[Problem]]:
    """All banks of a folder by name, and all problems."""
    banks: dict[str, Bank] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.tsv")):
        banks[path.stem], found = read_bank(path)
        problems += found
    return banks, problems


@lru_cache(maxsize=4)
def shipped_banks(language: str = "zh") -> Mapping[str, Bank]:
    """The banks that Diting ships.

    Raises:
        RuleError: a line of them is wrong.
    """
    banks, problems = read_banks(SHIPPED / language)
    if problems:
        first = problems[0]
        raise RuleError(first.message, code=first.code, where=first.where, mend=first.mend)
    return banks


def content_hash(banks: Mapping[str, Bank]) -> str:
    """SHA-256 over all that the banks say; comments and layout do not count."""
    digest = hashlib.sha256()
    for line in _plain(banks):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _plain(banks: Mapping[str, Bank]) -> Iterator[str]:
    for name in sorted(banks):
        for example in banks[name].examples:
            yield "\t".join((name, "+" if example.positive else "-", example.text, example.reason or ""))
