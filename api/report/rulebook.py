"""What the packs say about their rules, for the report."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.clause import Clause
from api.report.view import RuleText
from api.stored import packs_of
from api.words import Words
from qc.approval.sets import find_set, unpack_set
from qc.compile import PackSet
from qc.language.base import Bilingual
from qc.models import InspectionRow
from qc.packs import compiled, load_packs, read_chosen
from store.errors import NotFoundError, RuleError


def rule_texts(packs: Sequence[str], folders: Sequence[Path] = ()) -> dict[str, RuleText]:
    """Titles, advice and quotes by `id@version` for the packs of an inspection (`id@version` each), as their
    files lie."""
    return _rule_texts(tuple(packs), tuple(folders))


def stored_rule_texts(session: Session, call_id: int, folders: Sequence[Path] = ()) -> dict[str, RuleText]:
    """The same for the newest inspection of a stored call, as its packs were then. Where they were not kept,
    because the inspection is older than that, or cannot be read any more, their files are read."""
    newest = select(InspectionRow.pack_hash).where(InspectionRow.call_id == call_id)
    pack_hash = session.scalar(newest.order_by(InspectionRow.id.desc()).limit(1))
    if pack_hash is None:
        return {}
    if pack_hash not in _kept:
        try:
            texts = _kept_texts(session, pack_hash)
        except (NotFoundError, RuleError):
            return rule_texts(packs_of(session, call_id), folders)
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[pack_hash] = texts
    return _kept[pack_hash]


_MOST_KEPT = 8
_kept: dict[str, dict[str, RuleText]] = {}  # sets are read once: what is kept never changes


def _kept_texts(session: Session, pack_hash: str) -> dict[str, RuleText]:
    row = find_set(session, pack_hash)
    with TemporaryDirectory(prefix="diting-packs-") as folder:
        return _texts(compiled(read_chosen(unpack_set(session, row, Path(folder)))))


@lru_cache(maxsize=8)
def _rule_texts(packs: tuple[str, ...], folders: tuple[Path, ...]) -> dict[str, RuleText]:
    return _texts(load_packs([pack.partition("@")[0] for pack in packs], folders))


def _texts(packs: PackSet) -> dict[str, RuleText]:
    return {
        rule.name: RuleText(
            title=_words(rule.rule.title),
            advice=_words(rule.rule.advice) if rule.rule.advice else None,
            cite=tuple(map(Clause.of, rule.rule.cite)),
        )
        for rule in packs.rules
    }


def _words(text: Bilingual) -> Words:
    return Words(text.zh, text.en)
