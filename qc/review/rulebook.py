"""What the rules that judged a call say beside their findings: which set the score to 0, how much may be
taken, what to say instead, and on which clause they rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy.orm import Session

from qc.approval.sets import find_set, unpack_set
from qc.language.loader import Source
from qc.language.schema import Citation, Rule
from qc.pack_content import caps_of
from qc.packs import read_chosen
from qc.scoring import NO_CAPS, Caps
from qc.taxonomy import CATEGORIES
from store.errors import IntegrityError, NotFoundError, RuleError

_SETS_KEPT = 32


@dataclass(frozen=True, slots=True)
class Counsel:
    """What one rule says to a collector: `advice` by language, empty where it says nothing."""

    title: Mapping[str, str]
    advice: Mapping[str, str]
    cite: tuple[Citation, ...]


NO_COUNSEL: Final = Counsel({}, {}, ())


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Of the rules (`id@version`) of one set of packs. `known` is False where the set is not on record: then
    critical findings set the score to 0 and the caps are those of the taxonomy, as they are by default.
    `by_category` is for what people add: of the rules of a category the first one that cites a clause."""

    vetoes: frozenset[str] = frozenset()
    caps: Caps = NO_CAPS
    counsel: Mapping[str, Counsel] = field(default_factory=dict)
    by_category: Mapping[str, Counsel] = field(default_factory=dict)
    known: bool = False


UNKNOWN = Rulebook()


def rulebook(session: Session, pack_hash: str) -> Rulebook:
    """The book of the packs whose inspections carry this hash; it is read once for each hash."""
    found = _BOOKS.get(pack_hash)
    if found is None:
        found = _read(session, pack_hash)
        if not found.known:
            return found
        if len(_BOOKS) >= _SETS_KEPT:
            _BOOKS.clear()
        _BOOKS[pack_hash] = found
    return found


_BOOKS: dict[str, Rulebook] = {}


def _read(session: Session, pack_hash: str) -> Rulebook:
    try:
        row = find_set(session, pack_hash)
        with TemporaryDirectory(prefix="diting-packs-") as folder:
            return of_source(read_chosen(unpack_set(session, row, Path(folder))))
    except (NotFoundError, IntegrityError, RuleError):
        return UNKNOWN


def of_source(source: Source) -> Rulebook:
    """The book of packs that were read."""
    rules = [rule for _, rule in source.rules]
    return Rulebook(
        vetoes=frozenset(_name(rule) for rule in rules if _vetoes(rule)),
        caps=caps_of(source),
        counsel={_name(rule): _counsel(rule) for rule in rules},
        by_category=_by_category(rules),
        known=True,
    )


def _by_category(rules: Iterable[Rule]) -> dict[str, Counsel]:
    found: dict[str, Counsel] = {}
    for rule in sorted(rules, key=lambda each: (each.advice is None, each.id)):
        if rule.cite:
            found.setdefault(rule.category, _counsel(rule))
    return found


def _name(rule: Rule) -> str:
    return f"{rule.id}@{rule.version}"


def _vetoes(rule: Rule) -> bool:
    category = CATEGORIES[rule.category]
    if category.kind != "violation":
        return False
    return (rule.severity or category.severity) == "critical" if rule.veto is None else rule.veto


def _counsel(rule: Rule) -> Counsel:
    advice = {} if rule.advice is None else {"zh": rule.advice.zh, "en": rule.advice.en}
    return Counsel({"zh": rule.title.zh, "en": rule.title.en}, advice, tuple(rule.cite))
