import json
from pathlib import Path

import pytest

from bench.speakers import Score, main, score_roles, score_split

TRUTH = (("agent", 0.0, 4.0), ("customer", 5.0, 9.0))


def test_the_better_naming_of_the_voices_counts_and_edges_do_not():
    # 0.25 s beside each edge are not counted: 3.5 s of each speaker are.
    right = score_split(TRUTH, ([(5.1, 9.1)], [(0.0, 3.9)]), 10.0)
    assert (right.speech, right.missed, right.false_alarm, right.confused) == (7.0, 0.0, 0.0, 0.0)


def test_missed_false_and_confused_speech_are_told_apart():
    score = score_split(TRUTH, ([(0.0, 2.0)], [(2.0, 3.0), (5.0, 10.0)]), 10.0)
    assert score.confused == pytest.approx(1.0)
    assert score.missed == pytest.approx(0.75)
    assert score.false_alarm == pytest.approx(0.75)
    assert score.speech == pytest.approx(7.0)


def test_speech_without_the_right_role_is_not_right():
    said = [("agent", 0.0, 4.0), ("unknown", 5.0, 7.0), ("customer", 7.0, 9.0)]
    score = score_roles(TRUTH, said, 10.0)
    assert (score.roles_right, score.roles_speech) == (pytest.approx(5.25), pytest.approx(7.0))


def test_scores_add_up_to_shares():
    total = Score(speech=8.0, duration=20.0, cpu=0.1)
    total.add(Score(speech=2.0, missed=1.0, confused=0.5))
    assert total.figures() == {
        "der": 0.15,
        "missed": 0.1,
        "false_alarm": 0.0,
        "confusion": 0.05,
        "role_accuracy": None,
        "rtf": 0.005,
    }


def test_the_bench_measures_the_samples(capsys, monkeypatch, tmp_path):
    calls = Path(__file__).parents[2] / "samples" / "calls"
    for kind in ("opus", "transcript.json"):
        (tmp_path / f"S01.{kind}").write_bytes((calls / f"S01-clean.{kind}").read_bytes())
    monkeypatch.setattr("sys.argv", ["speakers", str(tmp_path), "--no-words"])
    main()
    (figures,) = json.loads(capsys.readouterr().out.splitlines()[-1]).values()
    assert figures["confusion"] < 0.02
    assert figures["der"] < 0.06
    assert figures["role_accuracy"] is None
