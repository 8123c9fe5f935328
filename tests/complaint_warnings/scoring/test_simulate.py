"""What would be otherwise, by hand."""

from complaint_warnings.scoring.overrides import with_settings
from complaint_warnings.scoring.simulate import Change, Difference, StoredEpisode, simulate
from complaint_warnings.scoring.weights import default_weights

from ..helpers import call, finding

NOW = default_weights()


def stored(debtor: str, *categories: str, warning: int | None = None) -> StoredEpisode:
    evidence = call(*(finding(each) for each in categories), name=f"H-{debtor}")
    return StoredEpisode(debtor, warning, open=True, evidence=(evidence,))


POPULATION = (
    stored("A", "dispute.amount", warning=1),
    stored("B", "refusal", warning=2),
    stored("C"),
    stored("D", "dispute.paid", "stop_request", warning=3),
)


def test_levels_gained_and_lost_points_moved_and_those_left_alone():
    tried = with_settings(
        NOW, ["indicators.dispute.points=30", "indicators.refusal.floor=null", "thresholds.low=9"]
    )
    found = simulate(POPULATION, NOW, tried, language="en")
    assert (found.model_before, found.model_after) == (NOW.model, tried.model)
    assert (found.episodes, found.debtors, found.complete) == (4, 4, True)
    # The group friction ends at 13 points: a dispute alone does not come to 30.
    assert found.moves == {("low", "low"): 1, ("low", None): 1, (None, None): 1, ("medium", "medium"): 1}
    assert (found.raised, found.lowered, found.rescored) == (0, 1, 2)
    assert [(d.debtor, d.score_before, d.score_after) for d in found.differences] == [
        ("B", 8.5, 0.0),
        ("D", 33.5, 38.5),
        ("A", 8.5, 13.5),
    ]
    assert found.differences[2] == Difference(
        "A",
        1,
        True,
        "low",
        "low",
        8.5,
        13.5,
        (
            Change(
                "dispute",
                8.0,
                13.0,
                "The customer disputes the debt (call H-A 12.5 s; "
                "reduced by the limit of its group, where a heavier indicator counts).",
            ),
        ),
    )
    assert [(c.indicator, c.before, c.after) for c in found.differences[0].changes] == [
        ("refusal", 8.0, 0.0),
        ("days_overdue", 0.5, 0.0),
    ]


def test_the_same_weights_change_nothing():
    found = simulate(POPULATION, NOW, NOW)
    assert found.differences == ()
    assert found.moves == {("low", "low"): 2, (None, None): 1, ("medium", "medium"): 1}


def test_a_raised_level_comes_first_and_the_list_is_cut_but_all_are_counted():
    tried = with_settings(NOW, ["indicators.dispute.floor=high", "indicators.refusal.points=9"])
    found = simulate(POPULATION, NOW, tried, show=1)
    assert (found.raised, found.rescored) == (2, 1)
    assert [(d.debtor, d.level_before, d.level_after, d.moved) for d in found.differences] == [
        ("A", "low", "high", 2)
    ]
    many = simulate((stored(f"R{n:03}", "refusal") for n in range(100)), NOW, tried, show=3)
    assert [d.debtor for d in many.differences] == ["R000", "R001", "R002"]
    assert many.rescored == 100


def test_a_population_that_is_cut_says_so():
    found = simulate(POPULATION, NOW, NOW, at_most=3)
    assert (found.episodes, found.complete) == (3, False)
    assert simulate(POPULATION, NOW, NOW, at_most=4).complete
