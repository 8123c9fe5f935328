import numpy as np
import pytest

from bench.encoder_emotion.judge import area, held_out, interval, relative, train

POSITIVE = np.array([True, True, False, False])


def test_the_area_is_the_share_of_pairs_in_order():
    assert area(np.array([4.0, 2.0, 3.0, 1.0]), POSITIVE) == 0.75
    assert area(np.array([4.0, 3.0, 3.0, 1.0]), POSITIVE) == 0.875
    assert np.isnan(area(np.array([1.0, 2.0]), np.array([True, True])))


def test_each_speaker_is_compared_with_their_own_mean():
    values = np.array([[1.0], [3.0], [10.0], [14.0]])
    found = relative(values, np.array(["a", "a", "b", "b"]))
    assert found.tolist() == [[-1.0], [1.0], [-2.0], [2.0]]
    assert values[0, 0] == 1.0


def test_scores_of_what_was_learnt_have_mean_zero_and_spread_one():
    rng = np.random.default_rng(1)
    positive = np.arange(60) % 2 == 0
    values = rng.normal(size=(60, 40)) + 3 * positive[:, None]
    known = train(values, positive).scores(values)
    assert known.mean() == pytest.approx(0.0, abs=1e-9)
    assert known.std() == pytest.approx(1.0)
    assert area(known, positive) == 1.0


def test_what_belongs_to_a_speaker_is_not_learnt_when_the_speaker_is_left_out():
    """Every speaker tells anger by another feature: of use only to who has met the speaker."""
    rng = np.random.default_rng(2)
    groups = np.repeat(["a", "b", "c", "d"], 20)
    angry = np.tile(np.arange(20) % 2 == 0, 4)
    values = rng.normal(scale=0.1, size=(80, 4))
    for number, speaker in enumerate(("a", "b", "c", "d")):
        own = groups == speaker
        values[own, number] += np.where(angry[own], 1.0, -1.0)
    assert area(train(values, angry).scores(values), angry) == 1.0
    assert area(held_out(values, angry, groups), angry) < 0.7


def test_texts_are_left_out_as_well():
    """Each text tells anger by its own feature: of use only to who has met the text."""
    rng = np.random.default_rng(3)
    groups = np.repeat(["a", "b", "c", "d"], 20)
    texts = np.tile(np.repeat(["x", "y"], 10), 4)
    angry = np.tile(np.arange(10) % 2 == 0, 8)
    values = rng.normal(scale=0.1, size=(80, 2))
    for number, text in enumerate(("x", "y")):
        own = texts == text
        values[own, number] += np.where(angry[own], 1.0, -1.0)
    assert area(held_out(values, angry, groups), angry) == 1.0
    assert area(held_out(values, angry, groups, texts), angry) < 0.7


def test_whole_groups_are_drawn():
    groups = np.repeat(["a", "b"], 5)
    values = np.repeat([0.0, 1.0], 5)
    drawn: set[float] = set()

    def mean(places: np.ndarray) -> float:
        drawn.add(float(values[places].mean()))
        return float(values[places].mean())

    assert interval(mean, groups, 200) == (0.0, 1.0)
    assert drawn == {0.0, 0.5, 1.0}
