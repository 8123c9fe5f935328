import pytest

from ingest.progress import ignore, portion, portions


def test_a_step_tells_its_share_of_the_whole():
    seen: list[float] = []
    step = portion(seen.append, 0.2, 0.6)
    step(0.0)
    step(0.5)
    step(1.0)
    assert seen == pytest.approx([0.2, 0.4, 0.6])


def test_steps_follow_each_other_and_end_at_one():
    seen: list[float] = []
    for step in portions(seen.append, (0.05, 0.8, 0.05, 0.1)):
        step(0.5)
        step(1.0)
    assert seen == pytest.approx([0.025, 0.05, 0.45, 0.85, 0.875, 0.9, 0.95, 1.0])
    assert seen[-1] == 1.0


def test_nobody_need_listen():
    assert ignore(0.5) is None
