import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.privacy.mask import mask_name, mask_one, mask_text


@pytest.mark.parametrize(
    ("kind", "said", "masked"),
    [
        ("name", "张伟", "张*"),
        ("name", "欧阳文静", "欧阳**"),
        ("name", "梁", "梁"),
        ("name", "Marcus Bellamy", "M***** B******"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "幺三八，零零幺三，八零零零", "幺三八，****，八零零零"),
        ("phone", "555-0142", "55*-**42"),
        ("phone", "five five five oh one four two", "**** **** **** ** *** **** ***"),
        ("id_card", "11010519491231002X", "110***************"),
        ("bank_card", "4111 1111 1111 1111", "411* **** **** ****"),
        ("last_digits", "三七幺六", "****"),
        ("email", "li.na@qq.com", "**.**@**.***"),
        ("address", "文三路一百号", "******"),
    ],
)
def test_what_stays_of_each_kind(kind, said, masked):
    assert mask_one(kind, said) == masked


@given(st.text(alphabet="0123456789幺零张王伟建国先生我叫 -，abc@.X", max_size=60))
def test_masking_keeps_every_position(text):
    masked = mask_text(text)
    assert len(masked) == len(text)
    assert all(shown in {said, "*"} for said, shown in zip(text, masked, strict=True))


def test_a_name_of_one_character_is_its_own_initial():
    assert mask_name("") == ""
