"""How the two spoke with each other: shares, answers, silence, and who cut in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.sound import Sound
from transcription.types import Because, Cue, Speaker, Transcript
from transcription.voice.talk.holds import MIN_SILENCE_S, Silence, announced, silences
from transcription.voice.talk.spoken import Stretch, stretches
from transcription.voice.talk.timing import overlaps
from transcription.voice.talk.turns import BREAK_S, Floor, Turn, take_floor
from transcription.voice.types import Interaction, Limit, SpeakerTurns

# An answer usually comes within half a second; on the telephone people ask "hello?" after three.
SLOW_RESPONSE_S = 3.0
# Reading out a notice takes some twenty to thirty seconds; who goes on for longer talks at somebody.
MONOLOGUE_S = 45.0
_ROLES: tuple[Speaker, ...] = ("agent", "customer")

Spans = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Answer:
    """One side answers the other after `seconds`; `held` where somebody had asked to wait."""

    asked: Turn
    answer: Turn
    seconds: float
    held: bool


def interaction(transcript: Transcript, sound: Sound | None = None) -> Interaction:
    """How the two spoke with each other; see `converse`."""
    return converse(transcript, sound)[0]


def converse(transcript: Transcript, sound: Sound | None = None) -> tuple[Interaction, list[Cue]]:
    """How the two spoke with each other, and the cues of it: overlap, interruption, backchannel, dead_air,
    hold, slow_response and monologue. Of sides whose roles are unknown only the common figures are told.

    Args:
        transcript: what was said, and when.
        sound: the recording, where there is one: it tells speech from what leaks across.
    """
    spoken = stretches(transcript, sound)
    floor = take_floor(spoken)
    cues = [*overlaps(transcript, spoken, floor), *silences(transcript)]
    answers = list(_answers(transcript, floor, cues))
    cues += [_slow(answer) for answer in answers if _is_slow(answer)]
    cues += [_monologue(turn) for turn in floor.turns if turn.end - turn.start >= MONOLOGUE_S]
    return _summary(transcript, spoken, floor, cues, answers), cues


def _answers(transcript: Transcript, floor: Floor, cues: Sequence[Cue]) -> Iterator[_Answer]:
    """Whenever the floor changes: how long that took. Who cuts in does not answer."""
    cut_in = {cue.utterances[0] for cue in cues if cue.kind == "interruption"}
    for asked, answer in zip(floor.turns, floor.turns[1:], strict=False):
        if asked.place == answer.place or answer.stretches[0].utterance.id in cut_in:
            continue
        seconds = round(max(0.0, answer.start - asked.end), 2)
        gap = Silence(asked.end, answer.start)
        held = seconds >= SLOW_RESPONSE_S and announced(transcript, gap) is not None
        yield _Answer(asked, answer, seconds, held)


def _is_slow(answer: _Answer) -> bool:
    """Longer silence is dead air."""
    return not answer.held and SLOW_RESPONSE_S <= answer.seconds < MIN_SILENCE_S


def _slow(answer: _Answer) -> Cue:
    said = answer.answer.stretches[0].utterance
    return Cue(
        "slow_response",
        said.speaker,
        answer.asked.end,
        answer.answer.start,
        answer.seconds,
        "s",
        (said.id,),
        confidence=0.8,
        because=Because(
            "没有人请求等待；也可能对方最后的话不需要回答",
            "nobody had asked to wait; the other's last words may not have called for an answer",
        ),
    )


def _monologue(turn: Turn) -> Cue:
    ids = tuple(dict.fromkeys(stretch.utterance.id for stretch in turn.stretches))
    return Cue(
        "monologue",
        turn.stretches[0].utterance.speaker,
        turn.start,
        turn.end,
        round(turn.end - turn.start, 2),
        "s",
        ids,
        confidence=0.9,
        because=Because(
            f"对方未说话或只是应声；没有 {BREAK_S:.0f} 秒的停顿",
            f"the other said nothing, or only showed to be listening; no pause of {BREAK_S:.0f} s",
        ),
    )


def _summary(
    transcript: Transcript,
    spoken: Sequence[Stretch],
    floor: Floor,
    cues: Sequence[Cue],
    answers: Sequence[_Answer],
) -> Interaction:
    spans = {role: _union([s for s in spoken if s.utterance.speaker == role]) for role in _ROLES}
    total = sum(_length(each) for each in spans.values())
    people = _union(spoken)
    silent = people[-1][1] - people[0][0] - _length(people) if people else 0.0
    return Interaction(
        turns=tuple(
            _turns_of(role, _length(spans[role]), total, floor, cues, answers)
            for role in _ROLES
            if spans[role]
        ),
        overlap_s=round(sum(_common(spoken)), 2) + 0.0,  # never minus zero
        silent_s=round(silent, 2),
        hold_s=round(sum(cue.end - cue.start for cue in cues if cue.kind == "hold"), 2),
        limits=_limits(transcript, spoken),
    )


def _turns_of(
    role: Speaker,
    talk_s: float,
    total: float,
    floor: Floor,
    cues: Sequence[Cue],
    answers: Sequence[_Answer],
) -> SpeakerTurns:
    turns = [turn for turn in floor.turns if turn.place[0] == role]
    responses = tuple(a.seconds for a in answers if a.answer.place[0] == role and not a.held)
    kinds = [cue.kind for cue in cues if cue.speaker == role]
    return SpeakerTurns(
        speaker=role,
        talk_s=round(talk_s, 2),
        share=round(talk_s / total, 2),
        turns=len(turns),
        response_s=round(median(responses), 2) if responses else None,
        longest_s=round(max((turn.end - turn.start for turn in turns), default=0.0), 2),
        cut_in=kinds.count("interruption"),
        listened=kinds.count("backchannel"),
        responses=responses,
    )


def _limits(transcript: Transcript, spoken: Sequence[Stretch]) -> tuple[Limit, ...]:
    limits: list[Limit] = []
    if transcript.options.get("split") == "voices":
        limits.append("one_channel")
    if transcript.health is not None and transcript.health.echoes:
        limits.append("crosstalk")
    if not all(stretch.timed for stretch in spoken):
        limits.append("no_times")
    return tuple(limits)


def _union(spoken: Sequence[Stretch]) -> Spans:
    """The times at which anybody of these speaks, joined where they meet."""
    joined: list[tuple[float, float]] = []
    for stretch in spoken:
        if joined and stretch.start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stretch.end))
        else:
            joined.append((stretch.start, stretch.end))
    return joined


def _length(spans: Spans) -> float:
    return sum(end - start for start, end in spans)


def _common(spoken: Sequence[Stretch]) -> Iterator[float]:
    """The lengths of time at which two sides speak: what all sides speak, less what anybody does."""
    places = {stretch.place for stretch in spoken}
    for place in places:
        yield _length(_union([stretch for stretch in spoken if stretch.place == place]))
    yield -_length(_union(spoken))
