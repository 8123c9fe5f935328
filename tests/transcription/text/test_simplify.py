import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.text.simplify import simplify


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("你這個金額還沒還清", "你这个金额还没还清"),
        ("你躺著手機總能用吧", "你躺着手机总能用吧"),
        ("他很著名，寫過著作", "他很著名，写过著作"),
        ("妳好", "你好"),
        ("ＡＰＰ　１２３", "APP 123"),
        ("四千九，还是4,900块？", "四千九，还是4,900块？"),
        ("  hello   world ", "hello world"),
        ("", ""),
    ],
)
def test_text_is_folded_and_numbers_stay(heard, expected):
    assert simplify(heard) == expected


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_folding_twice_changes_nothing(text):
    assert simplify(simplify(text)) == simplify(text)
