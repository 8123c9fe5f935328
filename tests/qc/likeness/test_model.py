from pathlib import Path

import numpy as np
import pytest

from qc.likeness.bank import content_hash, shipped_banks
from qc.likeness.explain import explain
from qc.likeness.features import fold, grams
from qc.likeness.model import load, save, shipped_model
from qc.likeness.nearest import Examples, bank_examples
from qc.likeness.turns import score_turns
from store.errors import NotFoundError

ABOUT = {
    "bank_hash": "0",
    "banks": {"threat": {"curve": [1.0, 0.0], "report_at": 0.5, "certain_at": None}},
    "grams": ["走", "^走"],
    "rarity": [1.0, 1.0],
    "scale": [0.1],
    "bias": [-0.5],
}


def test_the_model_was_trained_on_the_banks_as_they_are():
    assert shipped_model().bank_hash == content_hash(shipped_banks()), "run `make train-likeness`"


def test_every_bank_was_trained_and_has_sensible_thresholds():
    model = shipped_model()
    assert set(model.names) == set(shipped_banks())
    for bank in model.banks.values():
        assert 0.3 <= bank.report_at <= 0.9
        assert bank.certain_at is None or bank.certain_at >= bank.report_at


def test_what_was_saved_is_loaded_and_the_same_model_gives_the_same_bytes(tmp_path: Path):
    weights = np.array([[10], [-3]], dtype=np.int8)
    for name in ("one", "two"):
        save(tmp_path / name, ABOUT, weights)
    files = [sorted((tmp_path / name).iterdir()) for name in ("one", "two")]
    assert [path.read_bytes() for path in files[0]] == [path.read_bytes() for path in files[1]]
    model = load(tmp_path / "one")
    assert model.digest == load(tmp_path / "two").digest
    # 走: both grams, each 1/√2 after scaling: (10 - 3) × 0.1 / √2 - 0.5
    assert model.scores(["走"])[0, 0] == pytest.approx(0.7 / 2**0.5 - 0.5)
    assert model.scores([""])[0, 0] == -0.5


def test_a_model_of_another_format_is_refused(tmp_path: Path):
    save(tmp_path, {**ABOUT, "format": 99}, np.zeros((2, 1), dtype=np.int8))
    with pytest.raises(ValueError, match="format 99"):
        load(tmp_path)


def test_scores_are_the_same_alone_and_in_a_batch():
    model = shipped_model()
    texts = [fold(text) for text in ("您好", "你下夜班走路小心点", "我一分钱都没有了")]
    together = model.scores(texts)
    alone = np.concatenate([model.scores([text]) for text in texts])
    assert together.tobytes() == alone.tobytes()


def test_the_nearest_example_of_an_example_is_itself():
    text = shipped_banks()["threat"].positives[0]
    nearest = bank_examples("threat", True).nearest(fold(text), 2)
    assert nearest[0].text == text
    assert nearest[0].likeness == pytest.approx(1)
    assert nearest[1].likeness < 1


def test_the_earlier_of_two_like_examples_comes_first():
    examples = Examples(["我要投诉", "完全无关的话", "我要投诉"])
    assert [one.likeness for one in examples.nearest(fold("我要投诉"), 3)] == [1.0, 1.0, 0.0]


@pytest.mark.parametrize("said", ["我要投诉你们", "你在这片儿也住了不少年了，街坊都挺熟吧", "嗯", ""])
def test_the_nearest_are_those_with_the_largest_cosines(said: str):
    texts = ["我要投诉", "完全无关的话", "我要投诉你", "街坊都熟", "投诉我要"]
    vocabulary = shipped_model().vocabulary

    def weights(text: str) -> np.ndarray:
        rows, values = vocabulary.weigh(grams(fold(text)))
        dense = np.zeros(len(vocabulary))
        dense[rows] = values
        return dense

    cosines = {text: round(float(weights(text) @ weights(said)), 6) for text in texts}
    found = Examples(texts).nearest(fold(said), len(texts))
    assert {one.text: one.likeness for one in found} == pytest.approx(cosines, abs=2e-6)
    assert Examples(texts).nearest(fold(said)) == found[:1]


def test_what_a_call_asks_again_is_answered_the_same():
    turns = score_turns([fold("我要投诉你们"), fold("下夜班走路可小心点")])
    assert turns.nearest(1, "threat") is turns.nearest(1, "threat")
    assert turns.nearest(1, "threat") == bank_examples("threat", True).nearest(turns.texts[1])[0]
    curve = turns.about("threat").curve
    column = turns.scores[:, turns.model.column["threat"]]
    assert [turns.probability(at, "threat") for at in (0, 1)] == [curve.probability(each) for each in column]


def test_an_explanation_names_examples_and_what_weighed():
    found = explain("你不还是吧，那你下夜班走路可小心点", "threat")
    assert found.reported
    assert 0.5 < found.probability <= 1
    assert found.positives[0].likeness >= found.positives[1].likeness
    assert {one.text for one in found.positives} <= set(shipped_banks()["threat"].positives)
    assert {one.text for one in found.negatives} <= set(shipped_banks()["threat"].negatives)
    weights = [abs(one.weight) for one in found.weights]
    assert weights == sorted(weights, reverse=True)
    assert all(one.gram for one in found.weights)
    assert not explain("您好，请问方便说话吗", "threat").reported


def test_an_unknown_bank_is_told():
    with pytest.raises(NotFoundError, match="no trained bank") as error:
        explain("您好", "treat")
    assert error.value.code == "likeness.bank_unknown"
