import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.masking import mask_digits, mask_text, masked
from tests.api.sample_result import result


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打13800138000吧", "打138****8000吧"),
        ("打 138 0013 8000", "打 138 **** 8000"),
        ("卡号6222021234567890123", "卡号622****************"),
        ("座机 021-99001177", "座机 021-****1177"),
        ("是幺三八零零一三八零零零", "是幺三八****八零零零"),
        ("欠了8450.00元，逾期52天", "欠了8450.00元，逾期52天"),
        ("一千二百六", "一千二百六"),
        ("2026-03", "2026-03"),
        ("call 5550123", "call 55***23"),
        ("", ""),
    ],
)
def test_long_numbers_are_shown_partly(text, shown):
    assert mask_text(text) == shown


@given(st.text(alphabet="0123456789幺零 -abc好", max_size=60))
def test_masking_keeps_every_position(text):
    shown = mask_text(text)
    assert len(shown) == len(text)
    assert all(b in {a, "*"} for a, b in zip(text, shown, strict=True))


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_number_is_never_whole(number):
    assert number not in mask_text(f"电话{number}。")


def test_patterns_keep_their_numerals():
    assert mask_digits("[一二三四五六七八九十]{1,3}(号|日)") == "[一二三四五六七八九十]{1,3}(号|日)"
    assert mask_digits("15400001011") == "154****1011"


def test_a_result_file_is_masked_wherever_a_number_stands():
    given = result()
    given["transcript"]["utterances"][3]["words"] = [
        ["电话是", 15, 16, 0.9],
        ["1540", 16, 17, 0.9],
        ["0001011", 17, 18, 0.9],
    ]
    given["findings"][0]["heard"] = "打15400001011"
    shown = masked(given)
    assert shown["call"]["customer"]["number"] == "+86154****1011"
    assert shown["transcript"]["utterances"][3]["text"].endswith("我电话是154****1011。")
    assert [word[0] for word in shown["transcript"]["utterances"][3]["words"]] == [
        "***",
        "****",
        "*******",
    ]
    assert shown["findings"][0]["heard"] == "打154****1011"
    assert shown["call"]["recording"] == given["call"]["recording"]
    assert shown["transcript"]["utterances"][0]["text"] == "您好，请问是孟**女士吗？我是澄岳商务的贺*。"
    assert shown["transcript"]["utterances"][1] == given["transcript"]["utterances"][1]
    assert given["findings"][0]["heard"] == "打15400001011"


def test_numbers_beside_the_words_are_masked_by_what_they_are():
    given = result()
    given["transcript"]["utterances"][3]["numbers"] = [
        {"kind": "phone", "span": [0, 11], "text": "15400001011", "value": "+8615400001011", "unit": None,
         "approximate": False},
        {"kind": "date", "span": [12, 14], "text": "明天", "value": "2026-03-06", "unit": None,
         "approximate": False},
        {"kind": "amount", "span": [15, 20], "text": "一百二十万", "value": "1200000.00", "unit": "CNY",
         "approximate": False},
    ]  # fmt: skip
    shown = masked(given)["transcript"]["utterances"][3]["numbers"]
    assert (shown[0]["text"], shown[0]["value"]) == ("154****1011", "+86154****1011")
    assert shown[1:] == given["transcript"]["utterances"][3]["numbers"][1:]


def test_numbers_read_out_in_groups_are_masked():
    assert mask_text("幺五四，零零零零，幺零幺幺") == "幺五四，****，幺零幺幺"
