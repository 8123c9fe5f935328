import numpy as np
import pytest

from qc.likeness.features import Vocabulary, fold, grams, is_sound, rarities, shown
from qc.likeness.model import shipped_model
from qc.likeness.runs import RunTable


def test_runs_of_characters_and_of_sounds_are_counted():
    counts = grams("台不")
    assert {gram: count for gram, count in counts.items() if not is_sound(gram)} == {
        "台": 1, "不": 1, "^台": 1, "台不": 1, "不^": 1, "^台不": 1, "台不^": 1, "^台不^": 1,
    }  # fmt: skip
    assert {gram for gram in counts if is_sound(gram)} == {
        "~^ tai", "~tai bu", "~bu ^", "~^ tai bu", "~tai bu ^", "~^ tai bu ^",
    }  # fmt: skip


def test_what_a_recogniser_garbles_has_the_same_sounds():
    def sounds(text: str) -> set[str]:
        return {gram for gram in grams(text) if is_sound(gram)}

    assert sounds("抬不起头") == sounds("台不起头")
    assert grams("抬不起头") != grams("台不起头")


def test_sentence_ends_are_edges_and_question_marks_are_kept():
    assert grams(fold("好。行")) == grams(fold("好！行"))
    assert "行?" in grams(fold("行？"))


def test_grams_are_shown_without_edges():
    assert shown("^台不") == "台不"
    assert shown("~^ tai bu") == "/tai bu/"
    assert shown("^") == ""


def test_rare_grams_weigh_more_and_the_rarest_are_left_out():
    rarity = rarities([{"a": 1}, {"a": 2, "b": 1}, {"b": 1, "a": 1, "c": 1}], at_least=2)
    assert list(rarity) == ["a", "b"]
    assert rarity["a"] == 1.0
    assert rarity["b"] == pytest.approx(1 + np.log(4 / 3))


def test_characters_and_sounds_weigh_the_same_together():
    vocabulary = Vocabulary({"台": 1.0, "不": 1.0, "~tai bu": 1.0})
    rows, values = vocabulary.weigh({"台": 1, "不": 1, "~tai bu": 1, "别": 3})
    assert rows.tolist() == [0, 1, 2]
    assert values.tolist() == pytest.approx([0.5, 0.5, 0.5**0.5])
    assert np.linalg.norm(values) == pytest.approx(1)


def test_a_text_of_unknown_grams_weighs_nothing():
    rows, values = Vocabulary({"台": 1.0}).weigh({"别": 1})
    assert rows.size == values.size == 0


SAID = [
    "",
    "嗯",
    "。",
    "对。对?好。",
    "您好，请问方便说话吗",
    "app 下载 abc，ABC",
    "𠮷野家走着瞧!走着瞧?走着瞧",
    "我^要~投诉",
]


def test_texts_weighed_together_weigh_bit_by_bit_what_each_weighs_alone():
    vocabulary = shipped_model().vocabulary
    texts = [fold(said) for said in (*SAID, *reversed(SAID))]
    for text, (rows, values) in zip(texts, vocabulary.weigh_texts(texts), strict=True):
        alone = vocabulary.weigh(grams(text))
        assert (rows.tolist(), values.tolist()) == (alone[0].tolist(), alone[1].tolist())
    assert vocabulary.weigh_texts([]) == []


def test_a_vocabulary_without_grams_weighs_nothing():
    ((rows, values),) = Vocabulary({}).weigh_texts(["走着瞧"])
    assert (rows.tolist(), values.tolist()) == ([], [])


def test_runs_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        RunTable(["走着瞧你等"])
