from bench.asr.plot import front, points


def test_the_front_is_what_nothing_beats_in_both() -> None:
    found = [("cheap", 100, 20), ("both", 150, 10), ("dear", 300, 12), ("best", 900, 9), ("worse", 100, 25)]
    assert front(found) == [("cheap", 100, 20), ("both", 150, 10), ("best", 900, 9)]
    assert front([]) == []


def test_a_setting_as_dear_and_no_better_is_not_on_the_front() -> None:
    assert front([("a", 100, 10), ("b", 200, 10)]) == [("a", 100, 10)]


def test_points_are_cost_and_percent() -> None:
    made = {"diting": {"cer": 0.125, "cpu_s_per_hour": 300.0, "deletions": 0.0}}
    assert points(made) == [("diting", 300.0, 12.5)]
