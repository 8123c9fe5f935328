"""Conditions on times: silence, talking over each other, how fast somebody speaks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qc import wording
from qc.call import Call
from qc.conditions.base import Scope
from qc.hits import NOTHING, Found, Hit, placed
from qc.language.base import Side
from qc.language.timing import OverlapTest, RateTest, SilencePlace, SilenceTest
from qc.trust import Evidence, certain
from transcription.types import Speaker
from transcription.voice.cues.rate import speech_rate, spoken_characters

_ASKING_ZH = re.compile(
    r"\?|[吗呢么嘛][。!]?$|吗[。!]|什么|哪|几[个点号天月次]|多少|多久|怎么|咋|谁|为啥|凭啥|是不是|能不能|可不可以|有没有|会不会|行不行|对不对"
)
_ASKING_EN = re.compile(
    r"\?|(?:^|[。!] ?)(?:so |and |but |well )?(?:do|does|did|is|are|was|were|can|could|will|would|should|may"
    r"|have|has|who|what|when|where|which|why|how)\b"
)


@dataclass(frozen=True, slots=True)
class _Pause:
    """Nobody speaks from `start` to `end` (seconds); `before` and `after` are the utterances around it, the
    same where it lies between two words."""

    before: int
    after: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody speaks for so long."""

    test: SilenceTest

    def find(self, call: Call, scope: Scope) -> Found:
        """One hit for each such silence, at the utterance that ends it."""
        window = set(call.window("any" if self.test.place == "anywhere" else scope.side, scope.where))
        pauses = [
            pause
            for pause in _pauses(call)
            if pause.end - pause.start >= self.test.min_seconds
            and pause.after in window
            and _is_at(self.test.place, pause, call)
        ]
        if len(pauses) < self.test.times:
            return NOTHING
        return placed(self._hit(pause, call, scope) for pause in pauses)

    def _hit(self, pause: _Pause, call: Call, scope: Scope) -> Hit:
        side: Side = "any" if self.test.place == "anywhere" else scope.side
        seconds = pause.end - pause.start
        return Hit(
            pause.after,
            None,
            "cue",
            wording.silence(self.test, call.language),
            sure=certain(Evidence("cue", role_trust=call.role_trust(pause.after, side))),
            others=(pause.before,) if pause.before != pause.after else (),
            start=round(pause.start, 2),
            end=round(pause.end, 2),
            measured=(f"静默 {seconds:.1f} 秒", f"{seconds:.1f} s of silence"),
        )


def _pauses(call: Call) -> Iterator[_Pause]:
    """Every time between speech, in order; speech without accepted text ends a silence too."""
    unheard = [(start, end) for _, start, end in call.transcript.unheard]
    spans = [(start, end, at) for at in range(len(call.utterances)) for start, end in _spoken(call, at)]
    last: tuple[int, float] | None = None
    for start, end, at in sorted(spans):
        if last is not None and start > last[1]:
            yield from _split(_Pause(last[0], at, last[1], start), unheard)
        if last is None or end > last[1]:
            last = (at, end)


def _spoken(call: Call, at: int) -> Sequence[tuple[float, float]]:
    """The stretches in which utterance `at` is spoken: its words, or all of it where they are not timed."""
    said = call.utterances[at]
    timed = [(word.start, word.end) for word in said.words]
    return (
        [(said.start, timed[0][0]), *timed, (timed[-1][1], said.end)] if timed else [(said.start, said.end)]
    )


def _split(pause: _Pause, unheard: Sequence[tuple[float, float]]) -> Iterator[_Pause]:
    """The parts of a pause in which nobody was detected speaking."""
    start = pause.start
    for first, last in sorted(unheard):
        if first < pause.end and last > start:
            if first > start:
                yield _Pause(pause.before, pause.after, start, first)
            start = max(start, last)
    if start < pause.end:
        yield _Pause(pause.before, pause.after, start, pause.end)


def _is_at(place: SilencePlace, pause: _Pause, call: Call) -> bool:
    before, after = call.utterances[pause.before], call.utterances[pause.after]
    if place == "anywhere":
        return True
    if place == "within_turn":
        return before.speaker == after.speaker
    if before.speaker == after.speaker:
        return False
    return place == "between_turns" or _asked(pause.before, call)


def _asked(at: int, call: Call) -> bool:
    """Whether the turn that ends with utterance `at` asks, also without a question mark."""
    asking = _ASKING_EN if call.language == "en" else _ASKING_ZH
    speaker = call.utterances[at].speaker
    while at >= 0 and call.utterances[at].speaker == speaker:
        if asking.search(call.texts[at].text):
            return True
        at -= 1
    return False


@dataclass(frozen=True, slots=True)
class Overlap:
    """One side begins while the other still speaks."""

    test: OverlapTest

    def find(self, call: Call, scope: Scope) -> Found:
        """One hit for each overlap, at the utterance that begins over the other."""
        test = self.test
        window = {call.utterances[at].id for at in call.window(scope.side, scope.where)}
        cues = [
            cue
            for cue in call.cues
            if cue.kind == "overlap"
            and (scope.side == "any" or cue.speaker in (scope.side, "unknown"))
            and (not cue.utterances or cue.utterances[0] in window)
            and (test.min_seconds is None or cue.end - cue.start >= test.min_seconds)
        ]
        total = sum(cue.end - cue.start for cue in cues)
        if len(cues) < test.times or (test.total_seconds is not None and total < test.total_seconds):
            return NOTHING
        measured = (f"{len(cues)} 次，共 {total:.1f} 秒", f"{len(cues)} times, {total:.1f} s in all")
        return placed(
            Hit(
                cue.utterances[0] if cue.utterances else None,
                None,
                "cue",
                wording.overlap(test, call.language),
                confidence=cue.confidence,
                sure=certain(
                    Evidence("cue", words=cue.confidence, role_trust=_trust(cue.utterances, scope, call))
                ),
                others=cue.utterances[1:],
                start=cue.start,
                end=cue.end,
                measured=measured,
            )
            for cue in cues
        )


def _trust(utterances: Sequence[int], scope: Scope, call: Call) -> float:
    return call.role_trust(utterances[0], scope.side) if utterances else 1.0


@dataclass(frozen=True, slots=True)
class Rate:
    """Somebody speaks fast, or slowly."""

    test: RateTest

    def find(self, call: Call, scope: Scope) -> Found:
        """A hit in every such utterance; for the whole call one, without a place."""
        window = call.window(scope.side, scope.where)
        if self.test.over == "call":
            return self._whole(call, window)
        hits = [hit for at in window if (hit := self._in(call, at, scope)) is not None]
        return placed(hits) if len(hits) >= self.test.times else NOTHING

    def _whole(self, call: Call, window: Sequence[int]) -> Found:
        characters = sum(spoken_characters(call.utterances[at].text) for at in window)
        seconds = sum(call.utterances[at].end - call.utterances[at].start for at in window)
        if seconds <= 0 or not self._wanted(characters, characters / seconds):
            return NOTHING
        speakers: set[Speaker] = {call.utterances[at].speaker for at in window}
        return placed([self._hit(call, None, characters / seconds, 0.0 if "unknown" in speakers else 1.0)])

    def _in(self, call: Call, at: int, scope: Scope) -> Hit | None:
        said = call.utterances[at]
        rate = speech_rate(said.text, said.end - said.start)
        if rate is None or not self._wanted(spoken_characters(said.text), rate):
            return None
        return self._hit(call, at, rate, call.role_trust(at, scope.side))

    def _wanted(self, characters: int, rate: float) -> bool:
        test = self.test
        if characters < test.min_characters:
            return False
        return rate > test.faster_than if test.faster_than is not None else rate < (test.slower_than or 0.0)

    def _hit(self, call: Call, at: int | None, rate: float, trust: float) -> Hit:
        return Hit(
            at,
            None,
            "cue",
            wording.rate(self.test, call.language),
            sure=certain(Evidence("cue", role_trust=trust)),
            measured=(f"语速 {rate:.1f} 字/秒", f"{rate:.1f} syllables a second"),
        )
