from pathlib import Path

import pytest

from pipeline.voice_evaluation.clips import Scored, Scores
from pipeline.voice_evaluation.figures import auc, figures, to_json
from pipeline.voice_evaluation.labels import Clip


def scored(speaker, counted, arousal, number):
    clip = Clip(f"{number}.wav", Path("x"), speaker, counted, counted)
    return Scored(clip, arousal, (None, arousal, -arousal))


@pytest.mark.parametrize(
    ("higher", "lower", "expected"),
    [
        ([3, 4], [1, 2], 1.0),
        ([1, 2], [3, 4], 0.0),
        ([1, 3], [2, 2], 0.5),
        ([1.0], [1.0], 0.5),
        ([2, 1], [1, 0, 1], 0.8333),
        ([], [1], None),
        ([1], [], None),
    ],
)
def test_auc_is_the_share_of_pairs_in_order(higher, lower, expected):
    assert auc(higher, lower) == expected


def test_rest_is_all_that_is_not_anger():
    values = [
        ("A", "anger", 2.0),
        ("A", "neutral", 1.0),
        ("A", "rest", 3.0),
        ("B", "anger", 1.5),
        ("B", "rest", 0.0),
    ]
    clips = [scored(*value, number) for number, value in enumerate(values)]
    found = figures([clip.clip for clip in clips], Scores(tuple(clips), (), {"A": True, "B": False}))
    assert (found.auc_anger_neutral, found.auc_anger_rest) == (1.0, 0.6667)
    assert (found.clips, found.speakers) == (5, 2)
    assert [(each.speaker, each.auc_anger_neutral, each.auc_anger_rest) for each in found.per_speaker] == [
        ("A", 1.0, 0.5),
        ("B", None, 1.0),
    ]
    assert found.within_speakers == (1.0, 0.6667)  # one pair; two of three
    assert found.by_measure == {"level": (None, None), "pitch": (1.0, 0.6667), "tilt": (0.0, 0.3333)}
    assert found.counted_as == {"anger": {"anger": 2}, "neutral": {"neutral": 1}, "rest": {"rest": 2}}
    assert list(to_json(found, Scores(tuple(clips), (), {}))) == [
        "auc_anger_neutral",
        "auc_anger_rest",
        "clips",
        "speakers",
        "counted_as",
        "within_speakers",
        "measures",
        "per_speaker",
        "left_out",
    ]
