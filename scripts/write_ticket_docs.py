"""Writes what the documentation says of the tickets' table of transitions: run it when that changes."""

from pathlib import Path

from api.cli.cases.manual import fill
from api.cli.tickets.manual import commands, tables

DOCS = Path(__file__).parents[1] / "docs"

if __name__ == "__main__":
    for page, name, text in (("tickets.md", "table", tables()), ("cli.md", "tickets", commands())):
        (DOCS / page).write_text(fill(DOCS / page, name, text), encoding="utf-8")
