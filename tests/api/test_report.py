"""The report page: complete, escaped, masked, self-contained."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from api.clause import Clause
from api.report import timeline
from api.report.page import render
from api.report.view import RuleText, build, segments
from api.words import Words
from tests.api.sample_result import result

RULES = {
    "cn.threat.employer@3": RuleText(
        Words("以工作单位相威胁", "Threat against the debtor's job"),
        Words("只与本人沟通", "Speak with the debtor alone"),
        (
            Clause(
                "cn.cba2026",
                "采用恐吓、辱骂、威胁等方式",
                "第三章",
                Words("行业自律，不得", "self-regulation, must not"),
                "S2",
            ),
        ),
    )
}
EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\"'&"


class Page(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def test_every_finding_has_a_numbered_card_with_its_evidence():
    html = render(result(), rules=RULES)
    page = Page(html)
    cards = [a["id"] for a in page.all("article")]
    assert cards == [f"f{i}" for i in range(1, 8)]
    for words in (
        "恐吓威胁",
        "“让你在公司台不起头”",
        "让你在公司抬不起头",
        "读音相近",
        "same sound",
        "93%",
        "采用恐吓、辱骂、威胁等方式",
        "第三章",
        "self-regulation, must not",
        "只与本人沟通",
        "存疑，待人工判断",
        "客户表示将向监管热线 12378 投诉",
        "立即暂停催收，二十四小时内由投诉专员回访，并向委托方报备。",
    ):
        assert words in page.text, words


def test_a_finding_of_a_rule_that_was_overturned_too_often_is_marked():
    advised = result()
    assert "仅供参考" not in Page(render(advised)).text
    advised["findings"][0]["advisory"] = True
    assert "仅供参考" in Page(render(advised)).text


def test_evidence_is_marked_in_the_transcript_with_a_label_beside_the_colour():
    html = render(result())
    assert '<mark class="violation">让你在公司台不起头</mark>' in html
    assert '<mark class="signal">我要打12378投诉你们</mark>' in html
    line = html[html.index('id="u6"') : html.index('id="u7"')]
    assert 'href="#f1"' in line
    assert "恐吓威胁" in line
    assert "听不太清" in line


def test_lines_and_findings_carry_their_place_in_the_recording():
    page = Page(render(result()))
    seeks = [float(a["data-seek"]) for a in page.all("button") if "data-seek" in a]
    assert {0.5, 26.1, 35.9, 72.4} <= set(seeks)


def test_the_page_asks_nothing_of_the_network():
    html = render(result())
    page = Page(html)
    for tag, attrs in page.tags:
        for name in ("src", "href", "xlink:href", "action", "poster", "srcset"):
            if name in attrs:
                assert attrs[name].startswith(("#", "data:")), (tag, attrs)
    assert not page.all("link")
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_the_policy_allows_only_the_page_s_own_script_and_no_inline_handlers():
    page = Page(render(result()))
    (policy,) = [a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert len(page.all("script")) == 1
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on") or name == "style"]


def hostile():
    poisoned = result(status="unjudged", reasons=[f"time.missing: {EVIL}", EVIL])
    poisoned["call"] |= {"external_id": EVIL, "started_at": EVIL, "direction": EVIL}
    poisoned["call"]["agent"] = dict.fromkeys(("id", "name", "team"), EVIL)
    poisoned["call"]["customer"] = dict.fromkeys(("id", "name", "number", "relation"), EVIL)
    poisoned["call"]["case"] = dict.fromkeys(("id", "client", "amount_due", "currency"), EVIL)
    for utterance in poisoned["transcript"]["utterances"]:
        utterance["text"] = EVIL + utterance["text"]
    for finding in poisoned["findings"]:
        for name in ("rule", "heard", "matched", "why", "category"):
            finding[name] = EVIL
        finding["attributes"] = {EVIL: EVIL}
        finding["cite"] = [EVIL]
    poisoned["ticket"]["reasons"] = [EVIL]
    poisoned["warning"] |= {"advice": EVIL, "model": EVIL}
    poisoned["warning"]["indicators"] = [{"name": EVIL, "points": 1.0, "because": EVIL}]
    return poisoned


def test_hostile_text_stays_text():
    page = Page(render(hostile()))
    assert len(page.all("script")) == 1
    assert not page.all("img")
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")]


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium (apt-get install chromium)")
def test_hostile_text_does_not_run_in_a_browser_and_the_page_s_script_does(tmp_path):
    path = tmp_path / "report.html"
    path.write_text(render(hostile()), encoding="utf-8")
    dom = subprocess.run(
        [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            path.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    title = re.search(r"<title>(.*?)</title>", dom, re.S)
    assert title is not None
    assert title.group(1) != "owned"
    assert 'aria-pressed="true"' in dom  # set by the script: the policy lets it run


def test_telephone_numbers_are_masked_everywhere():
    html = render(result())
    assert "15400001011" not in html
    assert "+86154****1011" in html
    assert "我电话是154****1011" in html


def test_an_unjudged_call_is_never_shown_as_clean():
    empty = result(
        status="unjudged",
        reasons=["transcript.empty: 没有识别出任何话语"],
        findings=[],
        score={"total": 100, "band": None, "deductions": []},
        warning=None,
    )
    html = render(empty)
    page = Page(html)
    assert "没有识别出任何话语" in page.text
    assert "≤ 100" in page.text
    assert "合规" not in re.sub(r"合规等级", "", page.text)
    assert 'class="ring band-unjudged"' in html


def test_critical_findings_of_an_unjudged_call_count_as_the_least():
    assert "至少严重" in Page(render(result(status="unjudged", reasons=["time.missing: x"]))).text


def test_the_reader_starts_in_the_language_asked_for():
    assert '<html lang="zh-CN">' in render(result())
    assert '<html lang="en">' in render(result(), lang="en")


def test_a_page_without_findings_or_recording_says_so():
    html = render(result(findings=[], warning=None, ticket=None, cues=[]))
    page = Page(html)
    assert "没有可播放的录音" in page.text
    assert "无需工单" in page.text
    assert page.all("audio") == []


def test_overlapping_evidence_is_cut_into_runs():
    data = result()["findings"]
    data[0] |= {"heard": "一二", "utterances": [0]}
    data[5] |= {"heard": "二三", "utterances": [0]}
    view = build(result(findings=[data[0], data[5]]), {})
    runs = segments("甲一二三乙", view.cards)
    assert [(run.text, run.numbers, run.kind) for run in runs] == [
        ("甲", (), ""),
        ("一", (1,), "violation"),
        ("二", (1, 2), "violation"),
        ("三", (2,), "signal"),
        ("乙", (), ""),
    ]


def test_styles_and_script_are_files_of_the_package():
    folder = Path(timeline.__file__).parent / "templates"
    assert {"call.html", "call.css", "call.js"} <= {path.name for path in folder.iterdir()}


def test_numbers_are_shown_beside_the_words():
    given = result()
    given["transcript"]["utterances"][2]["numbers"] = [
        {"kind": "amount", "span": [26, 34], "text": "八千四百五十元", "value": "8450.00", "unit": "CNY",
         "approximate": False},
        {"kind": "number", "span": [38, 41], "text": "52", "value": "52", "unit": None, "approximate": False},
        {"kind": "phone", "span": [0, 11], "text": "15400001011", "value": "+8615400001011", "unit": None,
         "approximate": False},
    ]  # fmt: skip
    line = build(given, {}).lines[2]
    assert line.numbers == (("八千四百五十元", "8450.00 CNY"), ("154****1011", "+86154****1011"))
    assert "<b>8450.00 CNY</b>" in render(given)


def test_a_doubtful_line_says_why():
    doubtful = result()
    doubtful["transcript"]["utterances"][1]["doubts"] = ["few_words"]
    text = Page(render(doubtful, rules=RULES)).text
    assert "话语可能有遗漏" in text
    assert "words may be missing" in text
    assert "话语可能有遗漏" not in Page(render(result(), rules=RULES)).text


def test_a_second_hearing_is_shown_with_its_readings():
    given = result()
    given["findings"][0]["second_hearing"] = {
        "outcome": "confirmed",
        "heard_again": ["让你在公司抬不起头，打15400001011。", "让你在公司抬不起头，打15400001011。"],
        "likelihood_heard": -8.0,
        "likelihood_expected": -7.0,
        "engine": "faster-whisper",
        "model": "large",
    }
    again = build(given, {}).cards[0].again
    assert again is not None
    assert again.readings == ("让你在公司抬不起头，打154****1011。",)
    page = render(given)
    assert "confirmed on a second hearing" in page
    assert "复听支持" in page
    assert "15400001011" not in page


def test_attributes_are_told_in_words():
    text = Page(render(result())).text
    assert "渠道" in text
    assert "金融监管部门" in text
