"""What to hear a second time, and what follows from it. Pure: no audio, no engine.

A severe finding with weak evidence is worth hearing again. What is heard then may confirm it, weaken it, or
leave it undecided; the transcript stays as it is. The limits are measured in docs/adr/0011-second-hearing.md.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz.distance import Levenshtein

from qc.findings import Finding, How, Outcome, SecondHearing
from qc.matching.syllables import syllables
from qc.matching.text import fold_text
from qc.trust import GRAVE_CONFIDENCE
from transcription.questions import Answer, Question
from transcription.types import Transcript

SEVERE: Final = ("critical", "major")
# Only words can be heard again; what is missing, counted, or a fact of the call cannot.
_OF_WORDS: Final[tuple[How, ...]] = ("letters", "sound", "regex", "likeness")
_GAP: Final = "…"
_LONGEST_GAP: Final = 12

# Nats by which the expected words may be less likely than those heard first, and still be what was said.
LIKELY: Final = -3.0
# From here on the engine would not have misheard the expected words as these.
UNLIKELY: Final = -15.0
_ENOUGH_READINGS: Final = 2


def is_weak(finding: Finding) -> bool:
    """Whether a finding is severe, rests on words, and these words are doubtful."""
    if finding.severity not in SEVERE or finding.how not in _OF_WORDS:
        return False
    if not finding.utterances or finding.span is None or not finding.heard:
        return False
    doubtful = finding.status == "unsure" or finding.confidence < GRAVE_CONFIDENCE
    return doubtful or finding.how == "sound"


def questions(findings: Sequence[Finding], transcript: Transcript, most: int) -> tuple[Question, ...]:
    """What to hear again: the weak severe findings, the gravest and most doubtful first, at most `most`.

    Two findings in the same words are one question.
    """
    weak = sorted(
        (finding for finding in findings if is_weak(finding)),
        key=lambda finding: (
            SEVERE.index(finding.severity),
            finding.status == "certain",
            finding.start or 0.0,
            finding.rule,
        ),
    )
    asked = dict.fromkeys(question(finding, transcript) for finding in weak)
    return tuple(asked)[:most]


def question(finding: Finding, transcript: Transcript) -> Question:
    """What a weak finding asks: the utterance as heard, and with the words that its rule looked for."""
    said = next(each.text for each in transcript.utterances if each.id == finding.utterances[0])
    start, end = finding.span or (0, 0)
    expected = _filled(finding.matched, finding.heard) if finding.how == "sound" else finding.heard
    return Question(finding.utterances[0], said, said[:start] + expected + said[end:])


def _filled(matched: str, heard: str) -> str:
    """The words that a rule looked for, with what was heard in their gap: `加我…收` in 家我微信就这个手."""
    pieces = matched.split(_GAP)
    if len(pieces) == 1:
        return matched
    first, last = pieces[0], pieces[-1]
    cuts = [
        (_distance(heard[:left], first) + _distance(heard[len(heard) - right :], last), left, right)
        for left in _about(len(first))
        for right in _about(len(last))
        if left + right <= len(heard)
    ]
    if not cuts:
        return "".join(pieces)
    _, left, right = min(cuts)
    return first + heard[left : len(heard) - right] + last


def _about(length: int) -> range:
    """As many characters, or one less or more: a syllable may have been lost or doubled."""
    return range(max(1, length - 1), length + 2)


def _distance(one: str, other: str) -> int:
    return int(Levenshtein.distance("".join(syllables(one)), "".join(syllables(other))))


def reconsider(finding: Finding, answer: Answer) -> Finding:
    """The finding in the light of a second hearing. It never becomes certain here: `qc.reconsider` does that.

    Confirmed, its confidence rises; weakened, it falls, and what was certain becomes unsure and deducts
    nothing. Undecided, it stays as it is.
    """
    outcome = decide(finding, answer)
    heard = SecondHearing(
        outcome=outcome,
        heard_again=answer.readings,
        likelihood_heard=answer.likelihood_heard,
        likelihood_expected=answer.likelihood_expected,
        engine=answer.engine,
        model=answer.model,
    )
    if outcome == "weakened":
        confidence = round(finding.confidence / 2, 3)
        return replace(finding, confidence=confidence, status="unsure", points=0, second_hearing=heard)
    if outcome == "confirmed":
        confidence = round((1 + finding.confidence) / 2, 3)
        return replace(finding, confidence=confidence, second_hearing=heard)
    return replace(finding, second_hearing=heard)


def decide(finding: Finding, answer: Answer) -> Outcome:
    """What a second hearing says of a finding."""
    words = finding.matched if finding.how == "sound" else finding.heard
    agreeing = sum(_says(reading, words) for reading in answer.readings)
    margin = _margin(answer)
    if finding.how != "sound":
        return _agreed(agreeing, len(answer.readings))
    if agreeing or (margin is not None and margin >= LIKELY):
        return "confirmed"
    return "weakened" if margin is not None and margin <= UNLIKELY else "undecided"


def is_proved(finding: Finding) -> bool:
    """Whether both kinds of evidence speak for the words that a rule looked for: another hearing wrote them
    letter for letter, and the engine finds them about as likely as what it wrote first."""
    heard = finding.second_hearing
    if heard is None or heard.likelihood_heard is None or heard.likelihood_expected is None:
        return False
    words = finding.matched if finding.how == "sound" else finding.heard
    written = any(_says(reading, words) for reading in heard.heard_again)
    return written and heard.likelihood_expected - heard.likelihood_heard >= LIKELY


def _agreed(agreeing: int, readings: int) -> Outcome:
    """Of words first written as the rule has them: most other hearings write them too, or none does."""
    if readings < _ENOUGH_READINGS:
        return "undecided"
    return "confirmed" if 2 * agreeing > readings else "weakened" if agreeing == 0 else "undecided"


def _margin(answer: Answer) -> float | None:
    """How much likelier the expected words are than those heard first, in nats."""
    if answer.likelihood_heard is None or answer.likelihood_expected is None:
        return None
    return answer.likelihood_expected - answer.likelihood_heard


def _says(reading: str, words: str) -> bool:
    """Whether a reading has the words letter for letter, other words in their gaps."""
    pieces = [re.escape(fold_text(piece)) for piece in words.split(_GAP)]
    return re.search(f".{{0,{_LONGEST_GAP}}}?".join(pieces), fold_text(reading)) is not None
