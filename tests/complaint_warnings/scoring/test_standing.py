"""A warning that nobody feeds."""

from datetime import timedelta

import pytest

from complaint_warnings.scoring.score import assess_episode
from complaint_warnings.scoring.standing import standing
from complaint_warnings.scoring.weights import default_weights

from ..helpers import NOON, call, finding

WEIGHTS = default_weights()
THREAT = call(finding("complaint_intent", channel="regulator"))


def test_points_fade_with_the_days_and_the_level_holds():
    later = standing([THREAT], WEIGHTS, NOON + timedelta(days=60), "en")
    assert later is not None
    assert (later.then.score, later.then.level) == (82.5, "high")
    assert (later.score, later.level_by_points, later.quiet_days) == (41.5, "high", 60.0)
    assert later.indicators[0].points == 41.0
    assert "60" in later.indicators[0].because


def test_after_the_days_of_the_floor_only_points_remain_but_the_level_still_holds():
    later = standing([THREAT], WEIGHTS, NOON + timedelta(days=200))
    assert later is not None
    assert (later.then.level, later.level_by_points, later.score) == ("high", "low", 8.6)


def test_asking_on_the_day_of_the_newest_call_tells_what_is_stored():
    now = standing([THREAT], WEIGHTS, NOON)
    episode = assess_episode([THREAT], WEIGHTS)
    assert now is not None
    assert episode is not None
    assert (now.then, now.score, now.indicators) == (
        episode.assessment,
        episode.assessment.score,
        episode.assessment.indicators,
    )


def test_what_had_not_happened_yet_does_not_count():
    assert standing([THREAT], WEIGHTS, NOON - timedelta(seconds=1)) is None
    undated = call(finding("refusal"), name="H002", at=None)
    before = standing([THREAT, undated], WEIGHTS, NOON - timedelta(days=1))
    assert before is not None
    assert (before.score, before.quiet_days) == (8.5, None)


@pytest.mark.parametrize("days", [0, 1, 29.5, 400])
def test_the_stored_score_does_not_depend_on_when_it_is_asked(days):
    later = standing([THREAT], WEIGHTS, NOON + timedelta(days=days))
    assert later is not None
    assert later.then == standing([THREAT], WEIGHTS, NOON).then  # type: ignore[union-attr]
