"""How characters may sound."""

import pytest

from qc.language.phrase import compile_phrase
from qc.matching.readings import apart, family, kind
from qc.matching.sound import Heard, best, compile_sound
from qc.matching.text import fold_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("还", "环"),
        ("还", "孩"),
        ("行", "航"),
        ("行", "形"),
        ("重", "虫"),
        ("长", "张"),
        ("1", "腰"),
        ("1", "一"),
        ("幺", "要"),
        ("v", "微"),
        ("q", "扣"),
        ("四", "十"),
        ("女", "旅"),
        ("飞", "灰"),
        ("昏", "分"),
        ("人", "冷"),
        ("心", "星"),
        ("帮", "班"),
    ],
)
def test_alike(one: str, other: str):
    assert apart(kind(one), kind(other)) == 0
    assert family(one) == family(other)


@pytest.mark.parametrize(
    ("one", "other"), [("还", "给"), ("行", "很"), ("1", "二"), ("v", "屁"), ("。", "。")]
)
def test_not_alike(one: str, other: str):
    assert apart(kind(one), kind(other)) > 0


@pytest.mark.parametrize(
    ("phrase", "heard"),
    [
        ("下载app还款", "下载挨屁屁还款"),
        ("银行卡号", "因航卡号"),
        ("加我v信", "加我微信"),
        ("打12378投诉", "打幺二三七八投诉"),
        ("打12378投诉", "打腰儿三七八投诉"),
        ("我是vip客户", "我是危矮批客户"),
        ("加qq群", "加扣扣群"),
        ("还(款|钱)计划", "环款计划"),
    ],
)
def test_phrases_with_polyphones_numbers_and_letters(phrase: str, heard: str):
    said = Heard(fold_text(heard))
    match = best(compile_sound(compile_phrase(phrase, {}, "zh")).find(said), said.text)
    assert match is not None
    assert (match.start, match.end, match.likeness) == (0, len(said.text), 1.0)


def test_of_equal_sounds_the_right_tones_are_nearer():
    said = Heard("我要起诉你们我要骑书你们")
    match = best(compile_sound(compile_phrase("我要起诉你们", {}, "zh")).find(said), said.text)
    assert match is not None
    assert match.start == 0
    assert match.tones_alike(said.text) == 1.0
