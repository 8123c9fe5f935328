"""Two speakers on one channel, told apart by the sound of their voices."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from ingest.audio import Samples
from transcription.sound.speech import Stretch
from transcription.speakers.embedding import FRAMES_PER_S, WINDOW_FRAMES, Embeddings, embed, unit

# Gives the sound of one channel between two times in seconds, so that no more of it need be held.
Clip = Callable[[float, float], Samples]
Labels = NDArray[np.intp]

# A voice is looked at this often within a stretch.
_HOP_FRAMES = 40
# Windows shorter than this say little about a voice; they follow the others.
_SHORTEST_S = 0.8
# A point is joined to this share of the other points of the call, those that sound most alike.
_NEIGHBOURS = 0.1
_FEWEST_NEIGHBOURS = 6
# The sound of the call drifts over this many points (8 s of speech); this share of the drift is taken out.
_DRIFT_POINTS = 20.0
_DRIFT_SHARE = 0.8
# More points say nothing new about two voices, and the cost grows with their cube.
_MOST_POINTS = 600
# How much nearer the other voice must be for a change of speaker within a stretch.
_CHANGE_COST = 0.2
_ITERATIONS = 50


class Split(NamedTuple):
    """What each of two voices said; the voice heard first comes first.

    `clarity` is 0..1: how much nearer the points are to their own voice than to the other one. Near 0 the
    two may be one speaker, or the split may be wrong.
    """

    sides: tuple[tuple[Stretch, ...], tuple[Stretch, ...]]
    clarity: float


class _Points(NamedTuple):
    """Where a stretch was looked at: `centres` in frames from its start, and the voice there."""

    centres: Sequence[int]
    voices: Embeddings


def split_by_voice(clip: Clip, stretches: Sequence[Stretch]) -> Split:
    """Divide the stretches of one channel (16 kHz) between two voices, and cut them where the voice changes.

    Two voices are always assumed: embedding distance cannot tell one speaker from two. With fewer than
    two points the second voice has none. The same sound gives the same split.

    Raises:
        EngineError: `model.damaged`.
    """
    looked = [_look(clip(stretch.start, stretch.end)) for stretch in stretches]
    if sum(len(points.centres) for points in looked) < 2:
        return Split((tuple(stretches), ()), 0.0)
    centroids = _two_voices(looked, stretches)
    direction = centroids[1] - centroids[0]
    sides: tuple[list[Stretch], list[Stretch]] = ([], [])
    leaning = []
    for stretch, points in zip(stretches, looked, strict=True):
        scores = points.voices @ direction
        leaning.append(scores)
        for side, part in _cut(stretch, points.centres, _follow(scores)):
            sides[side].append(part)
    spread = float(np.linalg.norm(direction))
    clarity = float(np.median(np.abs(np.concatenate(leaning)))) / max(spread, 1e-9)
    first, second = (tuple(side) for side in sides)
    if second and (not first or second[0].start < first[0].start):
        first, second = second, first
    return Split((first, second), round(clarity, 3))


def _look(sound: Samples) -> _Points:
    """The voice at regular points of a stretch; at its middle where it is short."""
    frames = len(sound) * FRAMES_PER_S // 16_000
    centres = (
        range(_HOP_FRAMES // 2, frames, _HOP_FRAMES)
        if frames > WINDOW_FRAMES
        else range(frames // 2, frames // 2 + 1)
    )
    return _Points(centres, embed(sound, centres))


def _two_voices(looked: Sequence[_Points], stretches: Sequence[Stretch]) -> Embeddings:
    """The two voices of a call as directions, shape (2, 256)."""
    lengths = [stretch.end - stretch.start for stretch in stretches]
    long = [points.voices for points, length in zip(looked, lengths, strict=True) if length >= _SHORTEST_S]
    voices = np.concatenate(long if sum(map(len, long)) > 1 else [points.voices for points in looked])
    taken = np.linspace(0, len(voices) - 1, min(len(voices), _MOST_POINTS)).astype(int)
    labels = _two_groups(_spectrum(_without_drift(voices)[taken]))
    return unit(np.stack([voices[taken][labels == side].mean(axis=0) for side in (0, 1)]))


def _without_drift(voices: Embeddings) -> Embeddings:
    """What differs from the speech around it: speakers alternate quickly, shouting comes and goes slowly."""
    around = gaussian_filter1d(voices, _DRIFT_POINTS, axis=0, mode="reflect")
    return unit(voices - _DRIFT_SHARE * around - (1 - _DRIFT_SHARE) * voices.mean(axis=0))


def _spectrum(voices: Embeddings) -> NDArray[np.float64]:
    """Where each point lies when points are near that share neighbours (normalised graph Laplacian)."""
    count = len(voices)
    likeness = voices @ voices.T
    neighbours = min(count, max(_FEWEST_NEIGHBOURS, int(count * _NEIGHBOURS)) + 1)
    graph = np.zeros((count, count))
    np.put_along_axis(graph, np.argsort(-likeness, axis=1, kind="stable")[:, :neighbours], 1.0, axis=1)
    graph = (graph + graph.T) / 2
    scale = 1 / np.sqrt(graph.sum(axis=1))
    laplacian = np.eye(count) - graph * scale[:, None] * scale[None, :]
    place = np.linalg.eigh(laplacian)[1][:, :2]
    return np.asarray(place / np.maximum(np.linalg.norm(place, axis=1, keepdims=True), 1e-9))


def _two_groups(places: NDArray[np.float64]) -> Labels:
    """2-means from a fixed start, the split along the widest direction; both groups have members."""
    centred = places - places.mean(axis=0)
    widest = np.linalg.svd(centred, full_matrices=False)[2][0]
    labels: Labels = (centred @ widest > 0).astype(np.intp)
    if labels.min() == labels.max():
        labels[np.argmax(centred @ widest)] = 1 - labels[0]
    for _ in range(_ITERATIONS):
        centres = np.stack([places[labels == side].mean(axis=0) for side in (0, 1)])
        distances = ((places[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
        changed = distances.argmin(axis=1)
        if changed.min() == changed.max() or np.array_equal(changed, labels):
            break
        labels = changed
    return labels


def _follow(scores: NDArray[np.floating]) -> Labels:
    """The likeliest speaker at each point of a stretch (Viterbi); a change must be worth its cost."""
    gains = np.stack([-scores, scores], axis=1) / 2
    total, came_from = gains[0], []
    for gain in gains[1:]:
        changed = total[::-1] - _CHANGE_COST
        came_from.append(np.where(changed > total, [1, 0], [0, 1]))
        total = np.maximum(total, changed) + gain
    path = [int(total.argmax())]
    for step in reversed(came_from):
        path.append(int(step[path[-1]]))
    return np.array(path[::-1], dtype=np.intp)


def _cut(stretch: Stretch, centres: Sequence[int], labels: Labels) -> list[tuple[int, Stretch]]:
    """The parts of a stretch with their speakers, cut midway between points of different speakers."""
    parts, start = [], stretch.start
    for index, label in enumerate(labels):
        last = index == len(labels) - 1
        if not last and labels[index + 1] == label:
            continue
        end = (
            stretch.end
            if last
            else stretch.start + (centres[index] + centres[index + 1]) / (2 * FRAMES_PER_S)
        )
        parts.append((int(label), Stretch(start, end)))
        start = end
    return parts
