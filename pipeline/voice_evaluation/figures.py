"""The figures of an evaluation of voices."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from pipeline.voice_evaluation.clips import Scored, Scores
from pipeline.voice_evaluation.labels import Clip, Emotion

MEASURES: Final = ("level", "pitch", "tilt")
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class SpeakerFigures:
    """One speaker's clips. An AUC is None where one of the two kinds of clips is missing."""

    speaker: str
    clips: int
    anger: int
    neutral: int
    auc_anger_neutral: float | None
    auc_anger_rest: float | None
    level_counts: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """How well arousal tells anger from neutral, and from all that is not anger (neutral included).

    AUC: how often a clip of anger has more arousal than one of the other kind, ties counting half: over all
    pairs of clips of all speakers, for `per_speaker` over the pairs of each, for `within_speakers` (neutral,
    rest) over all pairs of clips of one speaker. `by_measure` is that of each
    measure alone. `counted_as` tells how many clips each word of the label file stands for.
    """

    auc_anger_neutral: float | None
    auc_anger_rest: float | None
    clips: int
    speakers: int
    per_speaker: tuple[SpeakerFigures, ...]
    within_speakers: tuple[float | None, float | None]
    by_measure: dict[str, tuple[float | None, float | None]]
    counted_as: dict[Emotion, dict[str, int]]


def figures(clips: Sequence[Clip], scores: Scores) -> Figures:
    """Sum up what `score_clips` found.

    Args:
        clips: all labelled clips, also those that were left out.
        scores: those that could be judged.
    """
    scored = scores.clips
    values = [clip.arousal for clip in scored]
    own = {name: [clip for clip in scored if clip.clip.speaker == name] for name in scores.level_counts}
    each = tuple(_of_speaker(name, theirs, scores.level_counts[name]) for name, theirs in sorted(own.items()))
    return Figures(
        auc_anger_neutral=_auc(scored, values, "neutral"),
        auc_anger_rest=_auc(scored, values, "rest"),
        clips=len(scored),
        speakers=sum(1 for theirs in own.values() if theirs),
        per_speaker=each,
        within_speakers=(
            _mean([(speaker.auc_anger_neutral, speaker.anger * speaker.neutral) for speaker in each]),
            _mean(
                [
                    (speaker.auc_anger_rest, speaker.anger * (speaker.clips - speaker.anger))
                    for speaker in each
                ]
            ),
        ),
        by_measure={name: _alone(scored, place) for place, name in enumerate(MEASURES)},
        counted_as=_counted(clips),
    )


def auc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """How often a value of the first lies above one of the second, ties counting half; None without both."""
    if not higher or not lower:
        return None
    ordered = np.sort(np.array(lower))
    below = np.searchsorted(ordered, higher, side="left") + np.searchsorted(ordered, higher, side="right")
    return round(float(below.mean() / 2 / len(ordered)), _DIGITS)


def to_json(found: Figures, scores: Scores) -> dict[str, Any]:
    """The figures as `diting voice evaluate --json` prints them (docs/cli.md)."""
    return {
        "auc_anger_neutral": found.auc_anger_neutral,
        "auc_anger_rest": found.auc_anger_rest,
        "clips": found.clips,
        "speakers": found.speakers,
        "counted_as": {kind: dict(words) for kind, words in found.counted_as.items()},
        "within_speakers": {
            "auc_anger_neutral": found.within_speakers[0],
            "auc_anger_rest": found.within_speakers[1],
        },
        "measures": {
            name: {"auc_anger_neutral": neutral, "auc_anger_rest": rest}
            for name, (neutral, rest) in found.by_measure.items()
        },
        "per_speaker": [
            {
                "speaker": each.speaker,
                "clips": each.clips,
                "anger": each.anger,
                "neutral": each.neutral,
                "auc_anger_neutral": each.auc_anger_neutral,
                "auc_anger_rest": each.auc_anger_rest,
                "level_counts": each.level_counts,
            }
            for each in found.per_speaker
        ],
        "left_out": [
            {"file": each.file, "reason": each.reason, "message": each.message} for each in scores.left_out
        ],
    }


def _of_speaker(speaker: str, clips: Sequence[Scored], level_counts: bool) -> SpeakerFigures:
    values = [clip.arousal for clip in clips]
    kinds = Counter(clip.clip.counted for clip in clips)
    return SpeakerFigures(
        speaker,
        len(clips),
        kinds["anger"],
        kinds["neutral"],
        _auc(clips, values, "neutral"),
        _auc(clips, values, "rest"),
        level_counts,
    )


def _mean(known: Sequence[tuple[float | None, int]]) -> float | None:
    """Mean of AUCs, each by the number of its pairs; None where there are no pairs."""
    pairs = sum(count for value, count in known if value is not None)
    total = sum(value * count for value, count in known if value is not None)
    return round(total / pairs, _DIGITS) if pairs else None


def _alone(clips: Sequence[Scored], place: int) -> tuple[float | None, float | None]:
    """The AUCs of one measure."""
    known = [(clip, rise) for clip in clips if (rise := clip.rises[place]) is not None]
    measured, rises = [clip for clip, _ in known], [rise for _, rise in known]
    return _auc(measured, rises, "neutral"), _auc(measured, rises, "rest")


def _auc(clips: Sequence[Scored], values: Sequence[float], against: Emotion) -> float | None:
    """Of anger against neutral, or (`rest`) against all that is not anger."""
    kinds = ("neutral",) if against == "neutral" else ("neutral", "rest")
    pairs = list(zip(clips, values, strict=True))
    return auc(
        [value for clip, value in pairs if clip.clip.counted == "anger"],
        [value for clip, value in pairs if clip.clip.counted in kinds],
    )


def _counted(clips: Sequence[Clip]) -> dict[Emotion, dict[str, int]]:
    kinds: tuple[Emotion, ...] = ("anger", "neutral", "rest")
    return {
        kind: dict(sorted(Counter(clip.emotion for clip in clips if clip.counted == kind).items()))
        for kind in kinds
    }
