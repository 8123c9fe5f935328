"""Writes docs/openapi.json: run it after every change of a route. The types of the pages are made from it."""

from pathlib import Path

from api.http.description import description

PAGE = Path(__file__).parents[1] / "docs" / "openapi.json"

if __name__ == "__main__":
    PAGE.write_text(description(), encoding="utf-8")
