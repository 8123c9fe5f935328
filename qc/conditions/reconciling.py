"""The condition that holds the collector's note against the recording."""

from dataclasses import dataclass

from qc.call import Call
from qc.conditions.base import Scope
from qc.differences import Conversation, Difference
from qc.extract.note import read_note
from qc.extract.read import read_facts
from qc.hits import NOTHING, Found, Hit, placed
from qc.language.reconcile import Reconcile
from qc.reconcile import differences
from qc.trust import ROLE_TRUST

_REAL_WORDS = {"zh": 4, "en": 3}  # characters, or words, of an utterance that is more than a greeting
_LEAST_UTTERANCES = {"zh": 2, "en": 1}


@dataclass(frozen=True, slots=True)
class Differs:
    """The note differs from the recording in some respect."""

    test: Reconcile

    def find(self, call: Call, _scope: Scope) -> Found:
        """A hit for each difference, in the utterance that shows it where there is one."""
        aspect, wanted = self.test.asked
        return (
            placed(
                _hit(found, call)
                for found in differences_of(call)
                if found.aspect == aspect and found.what in wanted
            )
            or NOTHING
        )


def differences_of(call: Call) -> tuple[Difference, ...]:
    """All differences of a call, worked out once; none where there is no note."""
    if call.record.note is None:
        return ()
    if call.facts is None:
        call.facts = read_facts(call)
    if call.differences is None:
        note = read_note(call.record.note, call.language, call.today)
        call.differences = differences(note, call.facts, _conversation(call))
    return call.differences


def _conversation(call: Call) -> Conversation:
    language = "en" if call.language == "en" else "zh"
    real = [turn for turn in call.turns if turn.speaker != "agent" and _words(turn.text, language)]
    talked = call.talked and len(real) >= _LEAST_UTTERANCES[language]
    disclosed = [finding for finding in call.findings if finding.category == "third_party_disclosure"]
    trusted = (
        bool(real) and call.utterances[real[0].id].role_trust >= ROLE_TRUST and real[0].speaker == "customer"
    )
    return Conversation(
        talked=talked,
        first_words=real[0].id if real else None,
        trusted=trusted,
        disclosed=tuple(at for finding in disclosed for at in finding.utterances[:1]),
        disclosed_surely=any(finding.status == "certain" for finding in disclosed),
    )


def _words(text: str, language: str) -> bool:
    size = len(text.split()) if language == "en" else len(text.rstrip("。?!，"))
    return size >= _REAL_WORDS[language]


def _hit(found: Difference, call: Call) -> Hit:
    at = found.utterances[0] if found.utterances else None
    english = call.language == "en"
    told = (
        f"记录：{found.noted[0]}；录音：{found.said[0]}",
        f"note: {found.noted[1]}; recording: {found.said[1]}",
    )
    differs = f"{found.aspect}.{found.what}"
    return Hit(
        at,
        None,
        "fact",
        told[english],
        sure=found.sure,
        others=found.utterances[1:],
        measured=told,
        attributes={"differs": (differs, differs), "noted": found.noted, "said": found.said},
    )
