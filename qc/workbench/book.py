"""Rule packs opened for reading: what was written, and the same ready to run, side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qc.compile import CompiledRule, PackSet
from qc.language.loader import Located, Source
from qc.language.mistakes import nearest
from qc.packs import SHIPPED, compiled, packs_in, read_named
from store.errors import RuleError


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a rule: where it is written, and ready to run."""

    place: Located
    compiled: CompiledRule

    @property
    def line(self) -> str:
        """`file:line`."""
        return f"{self.place.document.file}:{self.place.document.line(self.place.place)}"


@dataclass(frozen=True, slots=True)
class Book:
    """Packs loaded together. `entries` are in the order in which the rules are written."""

    source: Source
    packs: PackSet
    entries: tuple[Entry, ...]

    def versions(self, rule: str) -> list[Entry]:
        """All versions of the rule `rule` (`id`, or `id@version` for one), the newest first.

        Raises:
            RuleError: `rules.rule_unknown`.
        """
        found = [entry for entry in self.entries if rule in (entry.compiled.rule.id, entry.compiled.name)]
        if not found:
            raise unknown_rule(rule, [self])
        return sorted(found, key=lambda entry: -entry.compiled.rule.version)


def open_book(names: Sequence[str], folders: Sequence[Path] = ()) -> Book:
    """Packs by name or folder, loaded together.

    Raises:
        RuleError: a pack cannot be found, or a rule file is wrong.
    """
    return book_of(read_named(names, folders))


def book_of(source: Source) -> Book:
    """What was read of packs, compiled beside it.

    Raises:
        RuleError: a rule file is wrong.
    """
    packs = compiled(source)
    entries = tuple(Entry(place, rule) for (place, _), rule in zip(source.rules, packs.rules, strict=True))
    return Book(source, packs, entries)


def open_each(names: Sequence[str], folders: Sequence[Path] = ()) -> list[Book]:
    """Every pack by itself, in order: packs of different languages may use the same names."""
    return [open_book([name], folders) for name in names]


def known_packs(folders: Sequence[Path] = ()) -> list[str]:
    """The packs that come with Diting, and those in `folders` (folders of packs, or packs), by name."""
    shipped = sorted(path.parent.name for path in SHIPPED.glob("*/pack.yaml"))
    own = (str(folder) for folder in packs_in(folders) if folder.name not in shipped)
    return list(dict.fromkeys([*shipped, *own]))


def find_rule(rule: str, books: Sequence[Book]) -> tuple[Book, list[Entry]]:
    """The book with the rule, and the rule's versions, the newest first.

    Raises:
        RuleError: `rules.rule_unknown`; the message names the rule that was probably meant.
    """
    for book in books:
        if any(rule in (entry.compiled.rule.id, entry.compiled.name) for entry in book.entries):
            return book, book.versions(rule)
    raise unknown_rule(rule, books)


def unknown_rule(rule: str, books: Sequence[Book]) -> RuleError:
    """The error for a rule that there is not."""
    ids = [entry.compiled.rule.id for book in books for entry in book.entries]
    near = nearest(rule.partition("@")[0], ids)
    mend = f"Did you mean `{near}`?" if near else "`diting rules list` shows all rules."
    return RuleError(f"there is no rule {rule!r}", code="rules.rule_unknown", where=rule, mend=mend)


def matching(
    entries: Sequence[Entry],
    *,
    category: str | None = None,
    status: str | None = None,
    text: str | None = None,
) -> Iterator[Entry]:
    """The entries of a category (or of all that begin so, `dispute.*`), of a status, and with `text` anywhere
    in what is written of them."""
    for entry in entries:
        rule = entry.compiled.rule
        wanted = category is None or rule.category == category or _begins(rule.category, category)
        if wanted and status in (None, rule.status) and (text is None or text.casefold() in _written(entry)):
            yield entry


def _begins(category: str, pattern: str) -> bool:
    return pattern.endswith("*") and category.startswith(pattern.rstrip("*"))


def _written(entry: Entry) -> str:
    return entry.compiled.rule.model_dump_json(exclude={"examples"}, exclude_none=True).casefold()
