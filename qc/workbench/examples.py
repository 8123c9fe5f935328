"""The examples of a pack as tests, each failure with its explanation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qc.examples import example_call, run_examples
from qc.language.loader import read_packs
from qc.language.schema import Example
from qc.packs import pack_folders
from qc.workbench.book import Book, open_book, unknown_rule
from qc.workbench.explain import Explanation, explain


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not come out as its rule says; `expected` is `violates` or `allowed`."""

    expected: str
    index: int
    example: Example
    where: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of the examples of one pack or topic file."""

    pack: str
    rules: int
    examples: int
    failures: tuple[Failure, ...]


def try_examples(path: Path | str, rule: str | None = None, folders: Sequence[Path] = ()) -> Tested:
    """Run the examples of a pack (name or folder) or topic file, or of one of its rules. The packs it extends
    are loaded with it, because its rules may look at what theirs found. `folders` hold a site's own packs.

    Raises:
        RuleError: the pack cannot be found or has problems, or has no such rule.
    """
    found, only = pack_folders(path, folders)
    chosen = frozenset(each.id for _, each in read_packs(found[-1:], only).rules)
    book = open_book([str(folder) for folder in found], folders)
    if rule is not None:
        if rule not in chosen:
            raise unknown_rule(rule, [book])
        chosen = frozenset([rule])
    mine = [entry.compiled for entry in book.entries if entry.compiled.rule.id in chosen]
    count = sum(len(each.rule.examples.violates) + len(each.rule.examples.allowed) for each in mine)
    return Tested(str(path), len(mine), count, tuple(_failures(book, chosen)))


def _failures(book: Book, chosen: frozenset[str]) -> Iterator[Failure]:
    for failed in run_examples(book.packs, chosen):
        entry = book.versions(failed.rule)[0]
        example: Example = getattr(entry.compiled.rule.examples, failed.expected)[failed.index]
        call = example_call(entry.compiled, example)
        place = (*entry.place.place, "examples", failed.expected, failed.index)
        where = f"{entry.place.document.file}:{entry.place.document.line(place)}"
        yield Failure(failed.expected, failed.index, example, where, explain(entry, book, call))
