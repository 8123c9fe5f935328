"""Names that are known, wherever they stand."""

import pytest

from transcription.privacy.known_names import find


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("那个李建过的钱你还不还", "李建国", ["李建过"]),  # heard for it
        ("李建国，建国啊", "李建国", ["李建国", "李建国", "建国", "建国"]),
        ("黎见国和李建国", "李建国", ["李建国", "黎见国", "李建国", "建国"]),
        ("王五来了，王武没来", "王五", ["王五"]),  # two syllables are too many people's
        ("李建", "李建国", []),
        ("欧阳娜娜在不在", "欧阳娜娜", ["欧阳娜娜", "欧阳娜娜", "娜娜"]),
        (
            "is john smith there, Mr Smith",
            "John Smith",
            ["john smith", "Smith", "Smith"],
        ),
        ("smithson is another", "John Smith", []),
        ("Tobias, or Toby", "Tobias", ["Tobias", "Tobias", "Toby"]),
        ("José llamó", "José", ["José"]),
    ],
)
def test_names_parts_and_what_sounds_the_same(text: str, name: str, expected: list[str]) -> None:
    found = find(text, [name])
    assert [text[each.start : each.end] for each in found] == expected
    assert {each.kind for each in found} <= {"name"}
