"""A call made ready for its rules: normalised text, windows, sounds, and what was found so far."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from ingest.metadata import CallRecord
from qc.differences import Difference
from qc.emotion.manner import Voices
from qc.extract.facts import Fact, Promise
from qc.extract.fold import fold
from qc.extract.promises import Turn, read_promises
from qc.facts import local_time
from qc.findings import Finding
from qc.language.base import Side
from qc.language.client import client_names
from qc.language.condition import Where
from qc.likeness.turns import ScoredTurns, score_turns
from qc.matching.index import Pattern, PatternIndex
from qc.matching.normalise import normalise_all
from qc.matching.search import Search
from qc.matching.text import NormalText
from qc.matching.words import WordMatch
from qc.parties import relation_of
from qc.state import Event
from qc.trust import DOUBTED_WORD, FEW_WORDS, PERHAPS_INVENTED, ROLE_TRUST, SURE_CONFIDENCE
from transcription.types import Cue, Transcript, Utterance, Word
from transcription.voice.types import VoiceReport

# The call reached no person: what conversations need may rightly be missing.
NO_CONVERSATION = frozenset(("call.not_connected", "call.voicemail"))
_JUST_BEFORE = 4  # utterances in which something was said "just before"
GIVEN = "given"  # the engine name of transcripts that people supplied: their letters are trusted


class Call:
    """One call under inspection. Lives for one inspection; caches what several rules ask for."""

    def __init__(
        self,
        transcript: Transcript,
        cues: Sequence[Cue],
        record: CallRecord,
        zone: ZoneInfo | None,
        language: str,
        index: PatternIndex | None = None,
        voice: VoiceReport | None = None,
    ) -> None:
        self.transcript = transcript
        self.utterances: tuple[Utterance, ...] = transcript.utterances
        self.cues = tuple(cues)
        self.voice = voice
        self.record = record
        self.zone = zone
        self.language = language
        self.texts: tuple[NormalText, ...] = tuple(normalise_all([said.text for said in self.utterances]))
        self.recognised = transcript.engine != GIVEN
        self.findings: list[Finding] = []
        self.consults_examples = False
        self.untimed_facts = False
        self.facts: tuple[Fact, ...] | None = None  # read once the first rules have run
        self.differences: tuple[Difference, ...] | None = None
        self.unclear: set[str] = set()  # codes of what the record leaves open
        self.events: dict[str, tuple[Event, ...]] = {}  # of the states that several rules ask for
        self.search = Search(self.texts, self.recognised, self.least_confidence, index)
        self._client = client_names(record.case.client, language)
        self._windows: dict[tuple[object, ...], tuple[int, ...]] = {}
        self._words: dict[int, list[tuple[int, int, Word]]] = {}
        self._inside: dict[tuple[object, ...], frozenset[int]] = {}

    def matches(self, given: Pattern, at: int, *, loosely: bool = False) -> list[WordMatch]:
        """All matches of a pattern in utterance `at`: by letters, else by sound where that is allowed;
        `loosely` with a tolerance that is good for doubt alone."""
        pattern = given.for_client(self._client)
        return self.search.matches(pattern, at, loosely=loosely) if pattern is not None else []

    @cached_property
    def likeness(self) -> ScoredTurns:
        """How like the examples of each bank every utterance is; worked out when a rule first asks."""
        return score_turns([text.text for text in self.texts])

    @cached_property
    def voices(self) -> Voices:
        """How the voices sounded, by utterance."""
        return Voices(self.utterances, self.cues, self.voice)

    @cached_property
    def today(self) -> date | None:
        """The day of the call on the customer's clock; None where that is not known."""
        local = local_time(self.record, self.zone)
        return local.date() if local is not None else None

    @cached_property
    def relation(self) -> str:
        """Whose number was called."""
        return relation_of(self.record)

    @property
    def currency(self) -> str:
        """The currency of the debt; where the case does not say, that of the language."""
        given = "currency" in self.record.case.model_fields_set
        return self.record.case.currency if given or self.language != "en" else "USD"

    def folded(self, at: int) -> str:
        """Utterance `at` as the readers of facts see it."""
        return fold(self.utterances[at].text)

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """What people said, for the readers of facts."""
        return tuple(
            Turn(said.id, said.speaker, fold(said.text), self._plain(at, said))
            for at, said in enumerate(self.utterances)
            if said.kind == "speech"
        )

    def _plain(self, at: int, said: Utterance) -> bool:
        """Whether the words of an utterance, and who said them, can be trusted."""
        if said.speaker == "unknown" or self.perhaps_invented(at):
            return False
        return said.confidence >= SURE_CONFIDENCE and said.role_trust >= ROLE_TRUST

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """The promises to pay, worked out when first asked for."""
        return read_promises(self.turns, self.language, self.today, self.currency)

    @property
    def talked(self) -> bool:
        """Whether a person answered, as far as the recording tells."""
        return NO_CONVERSATION.isdisjoint(self.transcript.problems)

    @property
    def seconds(self) -> float | None:
        """How long the call was: as recorded, else up to the last word; None where nobody spoke."""
        given = (self.record.model_extra or {}).get("duration_s")
        if isinstance(given, int | float) and not isinstance(given, bool):
            return float(given)
        return max((said.end for said in self.utterances), default=None)

    def heard_before(self, at: int) -> list[NormalText]:
        """What the other side said last before utterance `at`, the newest first."""
        mine = self.utterances[at].speaker
        earlier = range(max(at - _JUST_BEFORE, 0), at)
        return [self.texts[place] for place in reversed(earlier) if self.utterances[place].speaker != mine]

    def window(self, side: Side, where: Where | None) -> tuple[int, ...]:
        """Places of the utterances of `side` inside `where`; unknown speakers count for both sides, and
        machines that speak for none."""
        key = (side, *(where.window if where else ()))
        if key not in self._windows:
            self._windows[key] = tuple(self._window(side, where))
        return self._windows[key]

    def inside(self, side: Side, where: Where | None) -> frozenset[int]:
        """The same places as `window`, for asking whether one is among them."""
        key = (side, *(where.window if where else ()))
        if key not in self._inside:
            self._inside[key] = frozenset(self.window(side, where))
        return self._inside[key]

    def _window(self, side: Side, where: Where | None) -> list[int]:
        mine = [
            at
            for at, said in enumerate(self.utterances)
            if said.kind == "speech" and (side == "any" or said.speaker in (side, "unknown"))
        ]
        if where is None or not (where.opening or where.ending) or not mine:
            return mine
        inside: set[int] = set()
        first, last = self.utterances[0].start, max(said.end for said in self.utterances)
        if where.first_utterances is not None:
            inside.update(mine[: where.first_utterances])
        if where.first_seconds is not None:
            inside.update(at for at in mine if self.utterances[at].start <= first + where.first_seconds)
        if where.last_utterances is not None:
            inside.update(mine[-where.last_utterances :])
        if where.last_seconds is not None:
            inside.update(at for at in mine if self.utterances[at].end >= last - where.last_seconds)
        return sorted(inside)

    def confidence(self, at: int, span: tuple[int, int] | None) -> float:
        """The recogniser's mean confidence (0..1) over the words in a span of normalised text."""
        said = self.utterances[at]
        words = self.words_in(at, span)
        return sum(word.confidence for word in words) / len(words) if words else said.confidence

    def role_trust(self, at: int, side: Side) -> float:
        """How sure it is (0..1) that utterance `at` is of `side`."""
        said = self.utterances[at]
        if side == "any":
            return 1.0
        return 0.0 if said.speaker == "unknown" else said.role_trust

    def heard_in(self, window: Sequence[int]) -> tuple[float, float]:
        """The recogniser's mean confidence in the words of a window, and the share that it doubted."""
        confidences = [
            word.confidence
            for at in window
            for word in self.utterances[at].words or (Word("", 0.0, 0.0, self.utterances[at].confidence),)
        ]
        doubted = sum(confidence < DOUBTED_WORD for confidence in confidences)
        return sum(confidences) / len(confidences), doubted / len(confidences)

    def perhaps_invented(self, at: int) -> bool:
        """Whether the guard thinks that the text of utterance `at` may never have been said."""
        return not PERHAPS_INVENTED.isdisjoint(self.utterances[at].doubts)

    def missed(self, side: Side, window: Sequence[int]) -> bool:
        """Whether speech of `side` has no text or, within the window, too little of it or refused text; or
        whether there was no conversation in which anything had to be said."""
        if not NO_CONVERSATION.isdisjoint(self.transcript.problems):
            return True
        if any(FEW_WORDS in self.utterances[at].doubts for at in window):
            return True
        sides = (side, "unknown") if side != "any" else ("agent", "customer", "unknown")
        start, end = self.utterances[window[0]].start, self.utterances[window[-1]].end
        return any(speaker in sides for speaker, _, _ in self.transcript.unheard) or any(
            text.speaker in sides and text.start < end and text.end > start
            for text in self.transcript.rejected
        )

    def least_confidence(self, at: int, span: tuple[int, int]) -> float:
        """The recogniser's confidence in the word of the span that it was least sure of."""
        words = self.words_in(at, span)
        return min((word.confidence for word in words), default=self.utterances[at].confidence)

    def words_in(self, at: int, span: tuple[int, int] | None) -> list[Word]:
        """The words of utterance `at` that touch a span of normalised text; none without word times."""
        said = self.utterances[at]
        if span is None or not said.words:
            return []
        start, end = self.texts[at].raw_span(*span)
        return [word for first, last, word in self._word_places(at) if first < end and last > start]

    def _word_places(self, at: int) -> list[tuple[int, int, Word]]:
        """Where the words of utterance `at` stand in its text."""
        if at not in self._words:
            said = self.utterances[at]
            found: list[tuple[int, int, Word]] = []
            place = 0
            for word in said.words:
                text = word.text.strip()
                start = said.text.find(text, place) if text else -1
                if start >= 0:
                    place = start + len(text)
                    found.append((start, place, word))
            self._words[at] = found
        return self._words[at]
