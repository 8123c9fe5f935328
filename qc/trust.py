"""When evidence is certain, and when a person has to decide. One pure function of how it was found."""

from typing import NamedTuple

from qc.findings import How

SURE_CONFIDENCE = 0.4  # below this a recogniser's words accuse nobody without a person
GRAVE_CONFIDENCE = 0.6  # the same where one wrong word would sink a call or call out the rescue
SURE_CUE = 0.6
ABSENCE_CONFIDENCE = 0.75  # in poorly heard words the missing ones may be hidden
DOUBTED_WORD, MUCH_DOUBTED = 0.6, 0.3  # words below the first are doubted; from such a share, all are
# Doubts of the guard (transcription/guard.py) that the text was said at all, and that all of it was heard.
PERHAPS_INVENTED = frozenset({"no_speech", "stock_phrase", "repetition"})
FEW_WORDS = "few_words"
ROLE_TRUST = 0.5  # below this, who spoke is a guess, and a guess accuses nobody
SURE_RUN = 4  # syllables in a row that must sound exactly right for certainty
SURE_LIKENESS, SURE_SYLLABLES = 0.9, 7  # or so alike, in a phrase so long


class Evidence(NamedTuple):
    """How something was found. All shares are 0..1.

    `words` is the recogniser's mean confidence in the matched words (for an absence: in all words of the
    window; for a cue: in the cue), `utterance` that in the whole utterance, `doubted` the share of the
    window's words that were doubted. `likeness`, `run` and `syllables` are of a match by sound.
    `role_trust` says how sure it is who spoke, 0 where unknown. `grave`: the rule is critical.
    """

    how: How
    words: float = 1.0
    utterance: float = 1.0
    doubted: float = 0.0
    likeness: float = 1.0
    run: int = 0
    syllables: int = 0
    role_trust: float = 1.0
    grave: bool = False


def certain(evidence: Evidence) -> bool:
    """Whether the evidence may stand without a person's look."""
    if evidence.role_trust < ROLE_TRUST:
        return False
    if evidence.how == "cue":
        return evidence.words >= SURE_CUE
    if evidence.how == "absence":
        return evidence.words >= ABSENCE_CONFIDENCE and evidence.doubted < MUCH_DOUBTED
    if evidence.how == "sound" and not _sounds_certain(evidence):
        return False
    if evidence.grave and evidence.how in ("regex", "likeness"):
        return min(evidence.words, evidence.utterance) >= GRAVE_CONFIDENCE
    return evidence.words >= SURE_CONFIDENCE


def _sounds_certain(evidence: Evidence) -> bool:
    exact = evidence.likeness == 1 and evidence.run >= SURE_RUN
    return exact or (evidence.likeness >= SURE_LIKENESS and evidence.syllables >= SURE_SYLLABLES)
