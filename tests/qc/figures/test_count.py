from qc.figures.count import Judged, Line, count_day


def call(team="T1", agent="A1", debtor="d1", hour=9, band="clean", categories=()):
    return Judged(team, agent, debtor, hour, band, frozenset(categories))


def test_a_day_is_counted_by_team_and_collector():
    calls = [
        call(categories=("threat", "off_hours"), hour=22, band="critical"),
        call(agent="A2"),
        call(team="T2", debtor="d2", band=""),
    ]
    assert count_day(calls) == {
        Line("team", "hour", "T1", "", "22"): 1,
        Line("team", "outside", "T1", "", "22"): 1,
        Line("team", "hour", "T1", "", "09"): 1,
        Line("team", "hour", "T2", "", "09"): 1,
        Line("team", "band", "T1", "", "critical"): 1,
        Line("team", "band", "T1", "", "clean"): 1,
        Line("team", "band", "T2", "", ""): 1,
        Line("collector", "band", "T1", "A1", "critical"): 1,
        Line("collector", "band", "T1", "A2", "clean"): 1,
        Line("collector", "band", "T2", "A1", ""): 1,
        Line("team", "category", "T1", "", "threat"): 1,
        Line("team", "category", "T1", "", "off_hours"): 1,
        Line("collector", "category", "T1", "A1", "threat"): 1,
        Line("collector", "category", "T1", "A1", "off_hours"): 1,
        Line("team", "debtor_calls", "T1", "", "2"): 1,
        Line("team", "debtor_calls", "T2", "", "1"): 1,
    }


def test_many_calls_to_a_debtor_are_one_heap():
    lines = count_day([call() for _ in range(7)])
    assert lines[Line("team", "debtor_calls", "T1", "", "4+")] == 1
