"""Writes the tables of docs/permissions.md: run it after every change of `api/permissions.py`."""

from pathlib import Path

from api.cli.cases.manual import fill
from api.permissions_page import permissions_table, routes_table

PAGE = Path(__file__).parents[1] / "docs" / "permissions.md"

if __name__ == "__main__":
    for name, made in (("permissions", permissions_table), ("routes", routes_table)):
        PAGE.write_text(fill(PAGE, name, made()), encoding="utf-8")
