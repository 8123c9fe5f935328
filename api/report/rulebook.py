"""What the packs say about their rules, for the report."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from api.report.view import RuleText
from api.words import Words
from qc.language.base import Bilingual
from qc.packs import load_packs


def rule_texts(packs: Sequence[str], folders: Sequence[Path] = ()) -> dict[str, RuleText]:
    """Titles, advice and quotes by `id@version` for the packs of an inspection (`id@version` each)."""
    return _rule_texts(tuple(packs), tuple(folders))


@lru_cache(maxsize=8)
def _rule_texts(packs: tuple[str, ...], folders: tuple[Path, ...]) -> dict[str, RuleText]:
    loaded = load_packs([pack.partition("@")[0] for pack in packs], folders)
    return {
        compiled.name: RuleText(
            title=_words(compiled.rule.title),
            advice=_words(compiled.rule.advice) if compiled.rule.advice else None,
            cite=tuple((c.source, c.quote, c.confidence or "") for c in compiled.rule.cite),
        )
        for compiled in loaded.rules
    }


def _words(text: Bilingual) -> Words:
    return Words(text.zh, text.en)
