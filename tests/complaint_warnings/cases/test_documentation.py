"""What the documentation says of the cases is what the table says: scripts/write_case_docs.py makes it so."""

from pathlib import Path

import pytest

from api.cli.cases.manual import commands, fill, tables
from complaint_warnings.cases.diagram import mermaid
from complaint_warnings.cases.transitions import TRANSITIONS
from complaint_warnings.cases.types import STATES
from complaint_warnings.cases.wording import STATE_WORDS

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(
    ("page", "name", "made"), [("cases.md", "table", tables), ("cli.md", "cases", commands)]
)
def test_the_pages_equal_the_table(page, name, made):
    path = DOCS / page
    assert fill(path, name, made()) == path.read_text(encoding="utf-8")


def test_a_page_without_marks_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the marks of table"):
        fill(page, "table", "")


def test_the_diagram_shows_every_state_and_says_when_a_high_case_goes_faster():
    drawn = mermaid("zh").splitlines()
    assert drawn[0] == "stateDiagram-v2"
    assert {f"    {state}: {STATE_WORDS[state]['zh']}" for state in STATES} <= set(drawn)
    assert "    reported --> collected: 高等级立即汇总 (等级为高)" in drawn
    assert "    reported --> reviewed: 审核签字" in drawn
    assert not any("contacting --> contacting" in line for line in drawn)


def test_every_line_of_the_table_has_words_in_both_languages():
    for line in TRANSITIONS:
        assert line.zh
        assert line.en.isascii()
        for guard in line.guards:
            assert guard.zh
            assert guard.en.isascii(), guard.name
            assert guard.check.__doc__
