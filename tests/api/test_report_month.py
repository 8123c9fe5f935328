"""The page of a month: its figures, its drawing, and that nothing in it can run or leak."""

import re
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.report.month import render
from complaint_warnings.learning.conversion import Heard
from complaint_warnings.learning.month import Month, month_of, months_up_to
from complaint_warnings.learning.types import CaseStory, Cause
from store.errors import BadInputError

from .installed import install, run

ZONE = ZoneInfo("Asia/Shanghai")
SHOWN = months_up_to("2026-03", 3)


def story(number: int, month: int, **more: object) -> CaseStory:
    """A complaint of the 10th, closed five days later unless said otherwise."""
    came = datetime(2026, month, 10, 9, tzinfo=ZONE)
    given: dict[str, object] = {
        "number": f"C-2026-{number:06}", "debtor_key": f"customer:{number}", "opened_at": came,
        "level": "medium", "source": "complaint", "arrivals": (came,), "channel": "platform",
        "closed_at": came + timedelta(days=5), "client": "甲银行", "collector": "A1", "team": "一组",
        "ratings": (5,), "asked": True,
    }  # fmt: skip
    return CaseStory(**(given | more))  # type: ignore[arg-type]


STORIES = [
    story(1, 1),
    story(2, 2),
    story(3, 3, causes=(Cause("staff", "言语不当"), Cause("process", "告知不清"))),
    story(4, 3, causes=(Cause("staff", "言语不当"),), ratings=(2,), team="<b>二组</b>"),
    story(5, 3, closed_at=None, ratings=(), team=None, warned_at=datetime(2026, 3, 3, 9, tzinfo=ZONE)),
]


def months() -> list[Month]:
    return [month_of(STORIES, name, ZONE, lambda _: Heard(2, 1)) for name in SHOWN]


def texts(page: str, lang: str) -> str:
    """What a reader of that language sees."""
    other = "en" if lang == "zh" else "zh"
    page = re.sub(rf'<span class="{other}"[^>]*>[^<]*</span>', "", page)
    page = re.sub(r"<(style|script|title)>.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def attributes(page: str, tag: str, name: str) -> list[str]:
    return [re.search(rf'{name}="([^"]*)"', each)[1] for each in re.findall(rf"<{tag} [^>]*>", page)]  # type: ignore[index]


def test_months_up_to_one_cross_the_year() -> None:
    assert months_up_to("2026-02", 4) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months_up_to("2026-12", 1) == ["2026-12"]
    assert months_up_to("0001-02", 6) == ["0001-01", "0001-02"]
    with pytest.raises(BadInputError) as refused:
        months_up_to("2026-13", 2)
    assert refused.value.code == "learning.month"


def test_the_page_has_the_figures_in_both_languages() -> None:
    page = render(months())
    said = texts(page, "zh")
    assert "收到投诉3" in said.replace(" ", "")
    assert "一次解决率50%1/2" in said.replace(" ", "")
    assert "人员 言语不当 2" in said
    assert "流程 告知不清 1" in said
    assert "系统 无 0" in said
    assert "未知 1 0 1" in said  # the team of the open one
    assert "C-2026-000003 有通话未能判定" in said
    assert "投诉前已预警 33% 1 / 3" in said
    english = texts(page, "en")
    assert "Settled at once 50% 1 / 2" in english
    assert "complaint platform 3 2 1" in english


def test_bars_stand_on_the_line_and_the_highest_fills_the_drawing() -> None:
    drawing = render(months()).partition('id="trend"')[2].partition("</svg>")[0]
    tops, heights = ([float(each) for each in attributes(drawing, "rect", name)] for name in ("y", " height"))
    assert attributes(drawing, "rect", "class") == ["came", "closed"] * 3
    assert [top + height for top, height in zip(tops, heights, strict=True)] == [120.0] * 6
    assert heights == [33.3, 33.3, 33.3, 33.3, 100.0, 66.7]
    assert re.findall(r'class="name"[^>]*>([^<]*)<', drawing) == SHOWN


def test_nothing_in_the_page_can_run_or_be_fetched() -> None:
    page = render(months(), "en")
    assert "<b>二组</b>" not in page
    assert "&lt;b&gt;二组&lt;/b&gt;" in page
    assert 'lang="en"' in page[:60]
    assert "default-src 'none'" in unescape(page)
    assert re.findall(r"\s(?:src|href|style|on\w+)=", page) == []


def test_a_month_in_which_nothing_happened_has_no_shares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "data"))
    install()
    file = tmp_path / "month.html"
    told = run("learning", "monthly", "2026-03", "--html", file, "--lang", "en")
    assert told.split() == ["Written", "to", *str(file).split()]
    said = texts(file.read_text(encoding="utf-8"), "zh")
    assert "一次解决率 –" in said
    assert "本月无" in said
    assert "2025-10" in said
    with pytest.raises(BadInputError) as refused:
        run("learning", "monthly", "2026-03", "--html", tmp_path)
    assert refused.value.code == "cli.unwritable"
