"""Who is the agent, judged from what both sides say over the whole call. Single turns do not tell."""

from collections.abc import Sequence
from typing import NamedTuple

from transcription.speakers.role_words import RoleLanguage, weigh
from transcription.speakers.sides import GIVEN_TRUST
from transcription.text.announcements import passages
from transcription.types import Speaker

# Trust in roles that were judged from content …
CONTENT_TRUST = 0.8
# … and where the words contradict each other, or the voices of one channel are hardly different.
DOUBTFUL_TRUST = 0.6
# Trust in roles that were given, but that the words contradict: too little to accuse anybody.
SWAPPED_TRUST = 0.3

# The two sides must differ by this much before the roles are taken from content …
_MARGIN = 3.0
# … and by this share of the weight of all words, or the words contradict each other too much.
_MARGIN_SHARE = 0.15
# From this share on the words leave no doubt.
_CLEAR_SHARE = 0.4
# Below this the voices may be one: of calls with two speakers 1 in 20 is below, of single speakers 3 in 4.
_CLEAR_VOICES = 0.14
# To contradict roles that were given takes more, from both sides: a false alarm costs trust.
_SWAP_MARGIN = 5.0
_SWAP_SHARE = 0.25
_SWAP_TURNS = 2


class Said(NamedTuple):
    """What one side (a channel, or a voice) said in one turn, and when, in seconds."""

    side: int
    start: float
    end: float
    text: str


class Roles(NamedTuple):
    """Who is on each side (None: nobody can tell), how far that can be trusted, and what is wrong with it."""

    speakers: tuple[Speaker, ...] | None
    trust: float
    problems: tuple[str, ...] = ()


class RoleEvidence(NamedTuple):
    """How much the words make side 0 the agent (above 0) or side 1 (below 0).

    `share` is -1..1: the same as a share of the weight of all words. `turns` is how many turns of the side
    that said less there are.
    """

    difference: float
    share: float
    turns: int


def judge_roles(
    said: Sequence[Said],
    language: str | None,
    *,
    given: tuple[Speaker, ...] | None,
    given_trust: float,
    clarity: float = 1.0,
) -> Roles:
    """Metadata decide, unless the words contradict them; without them the words of the whole call.

    Args:
        said: all that was said, in order of time.
        language: `en`, or anything else for Mandarin.
        given: the roles by side as metadata or the usual order of channels have them, if any.
        given_trust: below `GIVEN_TRUST` when `given` is only the usual order.
        clarity: 0..1, how well two voices on one channel could be told apart.
    """
    evidence = weigh_sides(said, language)
    if given is not None and given_trust == GIVEN_TRUST:
        if likely_swapped(given, evidence):
            return Roles(given, SWAPPED_TRUST, ("roles.likely_swapped",))
        return Roles(given, GIVEN_TRUST)
    told = abs(evidence.difference) >= _MARGIN and abs(evidence.share) >= _MARGIN_SHARE
    if told and evidence.turns:
        clear = abs(evidence.share) >= _CLEAR_SHARE and clarity >= _CLEAR_VOICES
        speakers: tuple[Speaker, Speaker] = (
            ("agent", "customer") if evidence.difference > 0 else ("customer", "agent")
        )
        return Roles(speakers, CONTENT_TRUST if clear else DOUBTFUL_TRUST)
    if given is not None:
        return Roles(given, given_trust, ("roles.assumed",))
    return Roles(None, 0.0, ("roles.unknown",))


def weigh_sides(said: Sequence[Said], language: str | None) -> RoleEvidence:
    """Compare what two sides said, turn by turn; what machines say counts for nobody."""
    spoken: RoleLanguage = "en" if language == "en" else "zh"
    weights: tuple[list[float], list[float]] = ([], [])
    for turn in said:
        text = "".join(turn.text[part.start : part.end] for part in passages(turn.text) if not part.machine)
        if text.strip():
            weights[turn.side].append(weigh(text, spoken))
    difference = sum(weights[0]) - sum(weights[1])
    total = sum(abs(weight) for side in weights for weight in side)
    return RoleEvidence(difference, difference / total if total else 0.0, min(map(len, weights)))


def likely_swapped(given: Sequence[Speaker], evidence: RoleEvidence) -> bool:
    """Whether the words make the given customer the agent, and the given agent the customer."""
    towards_given = 1 if given[0] == "agent" else -1
    return (
        evidence.turns >= _SWAP_TURNS
        and towards_given * evidence.difference <= -_SWAP_MARGIN
        and towards_given * evidence.share <= -_SWAP_SHARE
    )
