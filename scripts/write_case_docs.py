"""Writes what the documentation says of the table of transitions: run it after every change of the table."""

from pathlib import Path

from api.cli.cases.manual import commands, fill, tables

DOCS = Path(__file__).parents[1] / "docs"

if __name__ == "__main__":
    for page, name, text in (("cases.md", "table", tables()), ("cli.md", "cases", commands())):
        (DOCS / page).write_text(fill(DOCS / page, name, text), encoding="utf-8")
