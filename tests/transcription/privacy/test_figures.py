import pytest

from transcription.privacy.figures import is_bank_card, is_id_card, read, rows


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("幺三八，零零幺三，八零零零", "13800138000"),
        ("138-0013 8000", "13800138000"),
        ("幺三八三个零五", "1380005"),
        ("five five five, oh one four two", "5550142"),
        ("double four one", "441"),
        ("６６６", "666"),
    ],
)
def test_figures_are_read_however_they_are_said(said, digits):
    assert [row.digits for row in rows(said)] == [digits]
    assert read(said) == digits


def test_a_month_is_no_repeated_figure():
    assert [row.digits for row in rows("三个月一共")] == ["3", "1"]


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        ("11010519491231002", False),
        ("1101051949123100XX", False),
    ],
)
def test_the_check_digit_of_an_identity_card(number, right):
    assert is_id_card(number) is right


@pytest.mark.parametrize(
    ("number", "right"),
    [("4111111111111111", True), ("4111111111111112", False), ("411111", False), ("41111111x1111111", False)],
)
def test_the_check_digit_of_a_bank_card(number, right):
    assert is_bank_card(number) is right
