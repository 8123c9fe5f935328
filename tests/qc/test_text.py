"""Text as it is matched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qc.matching.text import normalise


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("喂，您好，我是 App 的客服。", "喂您好我是app的客服。"),
        ("我我我不知道", "我不知道"),
        ("爸爸说哈哈哈哈", "爸爸说哈哈"),
        ("尾号八八零三，三三三三", "尾号八八零三三三三三"),
        ("ＡＢＣ１２３", "abc123"),
        ("还2,340.50元？？", "还2340.50元?"),
        ("好；行!", "好。行!"),
        ("It’s well-known, isn't it?  Yes.", "it's well known isn't it?yes。"),
        ("10:30 at 138-0013", "10:30 at 1380013"),
        ("呃，那个", "那个"),
        ("", ""),
        ("，，，", ""),
    ],
)
def test_normalised_text(raw: str, expected: str):
    assert normalise(raw).text == expected


def test_the_way_back_leads_to_the_original_characters():
    text = normalise("喂，我我 要“投诉”你！")
    start = text.text.index("投诉")
    assert text.raw_span(start, start + 2) == (7, 9)
    assert text.raw[7:9] == "投诉"
    assert text.quoted == ((start, start + 2),)


def test_clauses_begin_at_pauses_and_sentences():
    text = normalise("我知道。你不还，我就上门")
    assert text.text == "我知道。你不还我就上门"
    at = text.text.index("上门")
    assert text.text[text.clause_start(at) : at] == "我就"
    assert text.sentence(at) == (4, 11)


def test_an_empty_span_leads_nowhere():
    assert normalise("您好").raw_span(1, 1) == (0, 0)


@settings(deadline=None)  # the first example loads dictionaries; how long is no matter here
@given(st.text(max_size=60))
def test_every_character_comes_from_the_original_in_order(raw: str):
    text = normalise(raw)
    assert len(text.origin) == len(text.text)
    assert list(text.origin) == sorted(text.origin)
    assert all(0 <= place < len(raw) for place in text.origin)
    assert all(0 <= place <= len(text.text) for place in text.breaks)
