"""What the commands of the workbench share: which packs are meant, and how rules are shown."""

from typing import Annotated, Any

import typer
from rich.text import Text as RichText

from api import words
from api.cli.console import Language
from api.rules import definition
from api.words import Words
from qc.language.base import Bilingual
from qc.packs import default_packs
from qc.workbench.book import Book, Entry, find_rule, known_packs, open_book, open_each
from store.settings import Settings

PackOption = Annotated[
    list[str] | None,
    typer.Option("--pack", metavar="NAME", help="a pack by name or folder; repeatable; default: all known"),
]
Json = Annotated[bool, typer.Option("--json", help="JSON (docs/cli.md)")]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]

SEVERITY_STYLE = {"critical": "bold red", "major": "dark_orange", "minor": "yellow", "info": "cyan"}
STATUS_STYLE = {"draft": "dim", "shadow": "cyan", "stable": "green", "deprecated": "dim strike"}
STATUSES = {
    "draft": Words("草稿", "draft"),
    "shadow": Words("试运行", "shadow"),
    "stable": Words("正式", "stable"),
    "deprecated": Words("停用", "deprecated"),
}


def books(packs: list[str] | None) -> list[Book]:
    """The packs named, or all that are known here, each by itself.

    Raises:
        RuleError: a pack cannot be found or has problems.
    """
    folders = Settings().rule_folders
    return open_each(packs or known_packs(folders), folders)


def judging(
    language: str, packs: list[str] | None, client: str | None = None, rule: str | None = None
) -> tuple[Book, str | None]:
    """The packs that judge calls in `language` made for `client` here, and those named besides.

    Where they lack `rule`, the pack that has it is added, and named beside them.

    Raises:
        RuleError: a pack cannot be found or has problems, or there is no such rule.
    """
    settings = Settings()
    names = [*default_packs(language), *settings.packs_for(client), *(packs or [])]
    book = open_book(names, settings.rule_folders)
    bare = rule.partition("@")[0] if rule else None
    if rule is None or any(entry.compiled.rule.id == bare for entry in book.entries):
        return book, None
    other, entries = find_rule(rule, books(None))
    added = entries[0].compiled.pack
    return open_book([*names, str(other.source.folders[added])], settings.rule_folders), added


def said(text: Bilingual, lang: str) -> str:
    """A text of a rule in one language."""
    return text.zh if lang == "zh" else text.en


def status_of(entry: Entry, lang: words.Lang) -> RichText:
    """The status of a rule, in its colour."""
    status = entry.compiled.rule.status
    return RichText(STATUSES[status].say(lang), style=STATUS_STYLE[status])


def severity_of(entry: Entry, lang: words.Lang) -> RichText:
    """The severity of a rule, in its colour."""
    severity = entry.compiled.severity
    return RichText(words.named(words.SEVERITIES, severity).say(lang), style=SEVERITY_STYLE[severity])


def days(entry: Entry) -> str | None:
    """`2026-01-30 – …`, the days on which a rule is in force; None for always."""
    effective = entry.compiled.rule.effective
    if effective.from_ is None and effective.to is None:
        return None
    return f"{effective.from_ or '…'} – {effective.to or '…'}"


def rule_json(entry: Entry) -> dict[str, Any]:
    """A rule as JSON has it: the file's own keys, with defaults filled in."""
    compiled = entry.compiled
    return {
        **definition(entry),
        "pack": compiled.pack,
        "file": entry.place.document.file,
        "line": entry.place.document.line(entry.place.place),
        "kind": compiled.category.kind,
        "severity": compiled.severity,
        "points": compiled.points,
        "veto": compiled.veto,
        "speaker": compiled.side,
        "guards": list(compiled.guards),
    }
