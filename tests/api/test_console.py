"""Tables on terminals of any width and in pipes: nothing in them is cut."""

import io

import pytest
from rich.table import Table

from api.cli.console import Output

IDS = ("call-7f0b1c2d-3e4f-5a6b", "C-2026-000123", "wang.manager@example.org")
REASON = "the server refuses the key: " + " ".join(["word"] * 20)


def shown(width: int | None, monkeypatch: pytest.MonkeyPatch, *, rows: bool) -> str:
    monkeypatch.delenv("COLUMNS", raising=False)
    file = io.StringIO()
    terminal = {"width": width, "force_terminal": True, "color_system": None} if width else {}
    output = Output(file=file, **terminal)
    headings = ("call", "case", "to", "reason", "empty")
    if rows:
        output.rows(headings, [(*IDS, REASON, None)] * 2)
    else:
        table = Table(*headings)
        table.add_row(*IDS, REASON, "")
        output.print(table)
    return file.getvalue()


def test_a_row_in_a_pipe_is_one_line(monkeypatch: pytest.MonkeyPatch):
    lines = shown(None, monkeypatch, rows=True).splitlines()
    assert [line.split("  ") for line in map(str.rstrip, lines)][1:] == [[*IDS, REASON]] * 2
    assert len(shown(None, monkeypatch, rows=False).splitlines()) == 5


def test_a_terminal_that_is_wide_enough_shows_a_table(monkeypatch: pytest.MonkeyPatch):
    assert len(shown(240, monkeypatch, rows=True).splitlines()) == 3


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_narrow_terminal_shows_row_below_row_and_whole_ids(width: int, monkeypatch: pytest.MonkeyPatch):
    text = shown(width, monkeypatch, rows=True)
    lines = text.splitlines()
    assert max(map(len, lines)) <= width
    for each in IDS:
        assert sum(each in line for line in lines) == 2
    assert text.split().count("word") == 40
    assert "empty" not in text


def test_a_table_that_must_fit_goes_on_below_instead_of_cutting(monkeypatch: pytest.MonkeyPatch):
    text = shown(60, monkeypatch, rows=False)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 60


def test_columns_of_the_environment_are_kept_to(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "60")
    file = io.StringIO()
    Output(file=file).rows(("call", "reason"), [(IDS[0], REASON)])
    assert max(map(len, file.getvalue().splitlines())) <= 60
