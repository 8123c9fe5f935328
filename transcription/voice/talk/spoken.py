"""When somebody really speaks: stretches without a pause, from the times of words where there are any.

The edges of an utterance are those of the speech detector, which starts a little early and ends late. Two
people who take turns without a gap then seem to overlap by a quarter of a second.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.sound import Sound
from transcription.types import Speaker, Transcript, Utterance, Word
from transcription.voice.talk.crosstalk import leaked_words
from transcription.voice.talk.leakage import leakage

# A pause of this length is heard as one: the other may take the turn in it. Shorter ones are closures of
# consonants and breaths.
PAUSE_S = 0.5
# The aligner stretches a word over what it finds no word for: nobody takes so long for a character or two.
_LONGEST_S = 0.6
_USUAL_S = 0.3

Place = tuple[Speaker, int | None]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech of one side without a pause; `start` and `end` are seconds, `text` what was said in it.

    `timed` is False where no words are timed and the stretch is the whole utterance.
    """

    utterance: Utterance
    start: float
    end: float
    text: str
    timed: bool

    @property
    def place(self) -> Place:
        """Which side speaks: two sides of unknown roles are two."""
        return place_of(self.utterance)

    @property
    def key(self) -> tuple[int, float]:
        """What tells it from all other stretches of the call."""
        return self.utterance.id, self.start

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end - self.start


def place_of(utterance: Utterance) -> Place:
    """Which side an utterance is on. Without a known role the channel, or the voice, tells sides apart."""
    return utterance.speaker, utterance.side if utterance.speaker == "unknown" else None


def stretches(transcript: Transcript, sound: Sound | None = None) -> tuple[Stretch, ...]:
    """All speech of people in the call by start; machines, and what leaks across from the other side, are
    left out. With the sound of the recording more leaks are told from speech."""
    people = [said for said in transcript.utterances if said.kind == "speech" and said.end > said.start]
    by_channel = sound is not None and transcript.options.get("split") == "channels"
    heard = leakage(sound, transcript.health) if sound is not None and by_channel else None
    leaked = leaked_words(people, transcript, heard)
    found = [stretch for said in people for stretch in _stretches(said, leaked.get(said.id, frozenset()))]
    return tuple(sorted(found, key=lambda each: (each.start, each.end, each.utterance.id)))


def _stretches(said: Utterance, leaked: frozenset[int]) -> Iterator[Stretch]:
    if not said.words:
        if not leaked:
            yield Stretch(said, said.start, said.end, said.text, False)
        return
    own = [credible(word) for at, word in enumerate(said.words) if at not in leaked]
    for group in _without_pauses(own):
        start, end = max(group[0].start, said.start), min(group[-1].end, said.end)
        if end > start:
            text = "".join(word.text for word in group)
            yield Stretch(said, round(start, 2), round(end, 2), text, True)


def credible(word: Word) -> Word:
    """The word; one that takes long is a short one, after a pause or a sound without words."""
    return word._replace(start=word.end - _USUAL_S) if word.end - word.start > _LONGEST_S else word


def _without_pauses(words: Sequence[Word]) -> Iterator[list[Word]]:
    group: list[Word] = []
    for word in words:
        if group and word.start - group[-1].end >= PAUSE_S:
            yield group
            group = []
        group.append(word)
    if group:
        yield group
