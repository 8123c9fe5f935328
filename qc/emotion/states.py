"""States of the customer from words and voice, and the voice of the collector beside what was said. Pure.

Words tell which state, the voice how stirred up somebody is. Where both speak of the same turn they make one
finding, which says whether they agree; a voice that no words explain stands alone, and is never certain.
Words of mere discontent do not explain a raised voice: whoever says them so is perhaps angry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from qc.emotion.manner import Heard, Manner, Voices
from qc.emotion.words import NO_CALM_VOICE, WORDS_BESIDE, measures, voice
from qc.findings import Finding
from transcription.voice.types import Trend

EMOTION: Final = "negative_emotion"
# How a voice sounds that fits the words of a state, and that does not. Fear may be quiet, discontent calm.
_LOUD: Final[frozenset[Manner]] = frozenset(("raised", "agitated"))
_FITS: Final[Mapping[str, frozenset[Manner]]] = {
    "angry": _LOUD,
    "anxious": _LOUD | {"trembling", "withdrawn"},
    "dissatisfied": _LOUD,
    "questioning": _LOUD,
}
_CONTRADICTS: Final[Mapping[str, frozenset[Manner]]] = {"angry": frozenset(("calm", "withdrawn"))}
_STRONG: Final = frozenset(("angry", "anxious"))
# Who speaks so much of the call in anger or fear, as the words tell, has no calm voice that could be known.
_MOSTLY_UPSET: Final = 0.5
_MILD: Final = frozenset(("dissatisfied", "questioning"))
# Of two states of one voice the surer one to tell: anger and fear are both loud, but only fear trembles.
_OF_VOICE: Final = ("anxious", "angry", "dissatisfied", "questioning")
_TELLING: Final[frozenset[Manner]] = _LOUD | {"trembling", "withdrawn"}
_TOLD_TRENDS: Final[frozenset[Trend]] = frozenset(("rising", "falling", "peak"))


def with_voices(found: Sequence[Finding], voices: Voices, beside: Sequence[Finding]) -> list[Finding]:
    """The findings with what the voice adds to them, in the same order.

    Args:
        found: what the rules found in one call.
        voices: how the call sounded.
        beside: everything found in it that stands, these findings and those of other rules: its words tell
            which state a voice shows.

    Returns:
        States of the customer carry `from` (words, voice, both), `voice`, `agree` (yes, no; absent where the
        voice tells neither) and `trend`. Those of the voice alone are left out in turns whose words already
        tell anger or fear. What the agent said with a stirred-up voice carries `voice`.
    """
    words = _words_by_turn(beside, voices)
    upset = _mostly_upset(words, voices)
    best: dict[int, int] = {}
    for finding in found:
        if _is_state(finding) and _of_voice(finding):
            at = finding.utterances[0]
            best[at] = min(_rank(finding), best.get(at, len(_OF_VOICE)))
    out = []
    for finding in found:
        if not _is_state(finding):
            out.append(_conduct(finding, voices))
        elif not _of_voice(finding):
            out.append(_worded(finding, voices, upset=upset))
        elif _rank(finding) == best[finding.utterances[0]]:
            said = words.get(finding.utterances[0], frozenset())
            if said <= _MILD:
                out.append(_voiced(finding, min(said, default="calm"), voices))
    return out


def _words_by_turn(found: Sequence[Finding], voices: Voices) -> Mapping[int, frozenset[str]]:
    """The states that words tell, by utterance; those of the rest of the turn count as well."""
    told: dict[int, frozenset[str]] = {}
    for finding in found:
        if _is_state(finding) and not _of_voice(finding):
            at = finding.utterances[0]
            for utterance in (at, *voices.turn_of(at)):
                state = finding.attributes.get("state", "")
                told[utterance] = told.get(utterance, frozenset()) | {state}
    return told


def _is_state(finding: Finding) -> bool:
    return finding.category == EMOTION and bool(finding.utterances)


def _of_voice(finding: Finding) -> bool:
    return finding.how == "cue"


def _rank(finding: Finding) -> int:
    state = finding.attributes.get("state", "")
    return _OF_VOICE.index(state) if state in _OF_VOICE else len(_OF_VOICE) - 1


def _worded(finding: Finding, voices: Voices, *, upset: bool) -> Finding:
    """A state told by words, with how they were said; `upset`: nobody knows this speaker's calm voice."""
    heard = voices.heard(finding.utterances[0])
    if upset and heard.manner in ("calm", "unsettled"):
        return _told(finding, {"from": "words", "voice": "unknown"}, NO_CALM_VOICE)
    agrees = _agrees(finding.attributes.get("state", ""), heard.manner)
    attributes = {"from": "both" if agrees else "words", "voice": heard.manner}
    if agrees is not None:
        attributes["agree"] = "yes" if agrees else "no"
    return _told(finding, attributes | _trend(finding, voices), voice(heard, agrees))


def _agrees(state: str, manner: Manner) -> bool | None:
    """Whether a voice fits the words of a state; None where it tells neither way."""
    if manner in _FITS.get(state, frozenset()):
        return True
    return False if manner in _CONTRADICTS.get(state, frozenset()) else None


def _mostly_upset(words: Mapping[int, frozenset[str]], voices: Voices) -> bool:
    """Whether the customer speaks most of the call in words of anger or fear."""
    upset = [utterance for utterance, states in words.items() if states & _STRONG]
    return voices.share("customer", upset) >= _MOSTLY_UPSET


def _voiced(finding: Finding, said: str, voices: Voices) -> Finding:
    """A state that the voice tells; `said` is the mild one of the words, or that they are calm."""
    heard = _most_telling([voices.heard(utterance) for utterance in finding.utterances])
    attributes = {"from": "voice", "voice": heard.manner, "words": "calm", "agree": "no"}
    if said != "calm":
        attributes |= {"from": "both", "words": said, "agree": "yes"}
    unsure = replace(finding, status="unsure", points=0)
    return _told(unsure, attributes | _trend(finding, voices), _beside_words(said, _measured(heard)))


def _most_telling(heard: Sequence[Heard]) -> Heard:
    """How it sounded where something was heard in the voice, if anywhere."""
    return next((each for each in heard if each.manner in _TELLING), heard[0])


def _conduct(finding: Finding, voices: Voices) -> Finding:
    """What the agent did, with the voice where that was stirred up; a raised voice in plain words."""
    if finding.speaker != "agent" or not finding.utterances or finding.how in ("fact", "absence"):
        return finding
    heard = voices.heard(finding.utterances[0])
    if heard.manner not in _LOUD:
        return finding
    if finding.how != "cue":
        return _told(finding, {"voice": heard.manner}, voice(heard, None))
    return _told(finding, {}, _measured(heard)) if finding.category == "raised_voice" else finding


def _trend(finding: Finding, voices: Voices) -> dict[str, str]:
    trend = voices.trend(finding.speaker) if finding.speaker is not None else None
    return {"trend": trend} if trend in _TOLD_TRENDS else {}


def _measured(heard: Heard) -> tuple[str, str] | None:
    zh, en = measures(heard)
    return (f"{zh}。", f"{en[0].upper()}{en[1:]}.") if zh else None


def _beside_words(said: str, measured: tuple[str, str] | None) -> tuple[str, str]:
    zh, en = WORDS_BESIDE[said]
    return (f"{measured[0]}{zh}", f"{measured[1]} {en}") if measured is not None else (zh, en)


def _told(finding: Finding, attributes: Mapping[str, str], sentence: tuple[str, str] | None) -> Finding:
    """The finding with further attributes, and a sentence more in its reason."""
    why = finding.why
    if sentence is not None:
        why = {"zh": _joined(why["zh"], sentence[0], ""), "en": _joined(why["en"], sentence[1], " ")}
    return replace(finding, attributes={**finding.attributes, **attributes}, why=why)


def _joined(first: str, second: str, space: str) -> str:
    stop = "" if first.endswith((".", "。", "！", "？", "!", "?")) else ("." if space else "。")
    return f"{first}{stop}{space}{second}"
