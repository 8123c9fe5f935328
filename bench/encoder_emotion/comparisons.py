"""The comparisons: within acted speech, on changed clips, and from one language to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bench.encoder_emotion.clips import Clip, as_rendered, on_the_telephone
from bench.encoder_emotion.encoder import Cost, Encoder
from bench.encoder_emotion.judge import Flags, Names, Values, area, held_out, interval, relative, train
from bench.encoder_emotion.prosody import prosody

CALM = ("neutral", "polite", "cold")
STYLES = ("angry", "loud", "anxious", "crying")


class Material(NamedTuple):
    """Clips with what each way makes of them; features are relative to the speaker."""

    clips: Sequence[Clip]
    arousal: Values
    prosody: Values
    encoder: Values

    @property
    def emotions(self) -> Names:
        return np.array([clip.emotion for clip in self.clips])

    @property
    def groups(self) -> Names:
        return np.array([clip.group for clip in self.clips])

    def some(self, chosen: Flags) -> "Material":
        """Those that are chosen."""
        clips = [clip for clip, taken in zip(self.clips, chosen, strict=True) if taken]
        return Material(clips, self.arousal[chosen], self.prosody[chosen], self.encoder[chosen])


@dataclass(frozen=True, slots=True)
class Outcome:
    """One comparison: the area under the curve of each way, and encoder less arousal with its interval."""

    name: str
    clips: int
    auc: Mapping[str, float]
    low: float
    high: float

    @property
    def difference(self) -> float:
        return self.auc["encoder"] - self.auc["arousal"]

    def line(self) -> str:
        """As a row of the table."""
        areas = " ".join(f"{self.auc[way]:7.3f}" for way in ("arousal", "prosody", "encoder", "both"))
        difference = f"{self.difference:+.3f} ({self.low:+.3f} to {self.high:+.3f})"
        return f"{self.name:52}{self.clips:6} {areas}  {difference}"

    def figures(self) -> dict[str, float]:
        """For the JSON object."""
        areas = {f"auc_{way}": round(value, 4) for way, value in self.auc.items()}
        rest = {"difference": self.difference, "low": self.low, "high": self.high}
        return {"clips": self.clips, **areas, **{name: round(value, 4) for name, value in rest.items()}}


def gather(clips: Sequence[Clip], encoder: Encoder, cost: Cost, *, telephone: bool) -> Material:
    """Listen to clips both ways, through a telephone line where they have not come through one."""
    heard = on_the_telephone(clips) if telephone else list(clips)
    speakers = np.array([clip.speaker for clip in heard])
    measured, arousal = prosody(heard, cost)
    return Material(heard, arousal, relative(measured, speakers), relative(encoder.pooled(heard), speakers))


def within(heard: Material, text_in_name: slice | None, draws: int) -> list[Outcome]:
    """Anger against neutral and against everything else: speakers not met, then sentences not met either."""
    outcomes = []
    unseen: dict[str, Names | None] = {"unseen speakers": None}
    if text_in_name is not None:
        texts = np.array([clip.name[text_in_name] for clip in heard.clips])
        unseen["unseen speakers and sentences"] = texts
    for name, own in unseen.items():
        for against, chosen in (
            ("neutral", np.isin(heard.emotions, ("anger", "neutral"))),
            ("rest", np.ones(len(heard.clips), dtype=np.bool_)),
        ):
            part = heard.some(chosen)
            angry = part.emotions == "anger"
            kept = None if own is None else own[chosen]
            learnt = [
                held_out(part.prosody, angry, part.groups, kept),
                held_out(part.encoder, angry, part.groups, kept),
            ]
            outcomes.append(_outcome(f"anger/{against}, {name}", part, angry, learnt, draws))
    return outcomes


def changed(
    clips: Sequence[Clip], heard: Material, encoder: Encoder, cost: Cost, draws: int
) -> list[Outcome]:
    """Neutral clips, and the same made angry as the renderer does it, told apart by what acted anger taught.

    If these are not told apart, it is the renderer's anger that is not met, not the other language.
    """
    neutral = [clip for clip in clips if clip.emotion == "neutral"]
    pairs = [each for clip in neutral for each in (clip, as_rendered(clip))]
    test = gather(pairs, encoder, cost, telephone=True)
    learnt = _transferred(_anger_neutral(heard), heard_as="anger", test=test, groups=True)
    return [_outcome("neutral clips changed as rendered", test, test.emotions == "changed", learnt, draws)]


def across(acted: Material, turns: Material, draws: int) -> list[Outcome]:
    """From acted speech to turns of rendered calls, each style against calm ones, and back."""
    outcomes = []
    known = _anger_neutral(acted)
    for style in STYLES:
        part = turns.some(np.isin(turns.emotions, (*CALM, style)))
        learnt = _transferred(known, heard_as="anger", test=part)
        outcomes.append(
            _outcome(f"acted to rendered, {style}/calm", part, part.emotions == style, learnt, draws)
        )
    angry = turns.some(np.isin(turns.emotions, (*CALM, "angry")))
    for against, test in (("neutral", known), ("rest", acted)):
        learnt = _transferred(angry, heard_as="angry", test=test)
        outcomes.append(
            _outcome(f"rendered to acted, anger/{against}", test, test.emotions == "anger", learnt, draws)
        )
    return outcomes


def _anger_neutral(heard: Material) -> Material:
    return heard.some(np.isin(heard.emotions, ("anger", "neutral")))


def _transferred(known: Material, *, heard_as: str, test: Material, groups: bool = False) -> list[Values]:
    """Scores of a test by classifiers trained on other material; with `groups` on other groups of it only."""
    positive = known.emotions == heard_as
    scores = []
    for learn, judge in ((known.prosody, test.prosody), (known.encoder, test.encoder)):
        if not groups:
            scores.append(train(learn, positive).scores(judge))
            continue
        own = np.zeros(len(judge))
        for group in np.unique(test.groups):
            other = known.groups != group
            tested = test.groups == group
            own[tested] = train(learn[other], positive[other]).scores(judge[tested])
        scores.append(own)
    return scores


def _outcome(name: str, part: Material, positive: Flags, learnt: Sequence[Values], draws: int) -> Outcome:
    scores = {
        "arousal": part.arousal,
        "prosody": learnt[0],
        "encoder": learnt[1],
        "both": learnt[0] + learnt[1],
    }
    low, high = interval(
        lambda places: (
            area(learnt[1][places], positive[places]) - area(part.arousal[places], positive[places])
        ),
        part.groups,
        draws,
    )
    areas = {way: area(values, positive) for way, values in scores.items()}
    return Outcome(name, len(part.clips), areas, low, high)
