"""A finding: a rule that fired, with its evidence."""

from dataclasses import dataclass, field
from typing import Literal

from qc.extract.facts import Fact
from qc.language.statuses import Status as StateStatus
from transcription.types import Speaker

Kind = Literal["violation", "signal"]
Status = Literal["certain", "unsure"]
Severity = Literal["critical", "major", "minor", "info"]
How = Literal["letters", "sound", "regex", "likeness", "order", "absence", "repetition", "cue", "fact"]


Outcome = Literal["confirmed", "weakened", "undecided"]


@dataclass(frozen=True, slots=True)
class SecondHearing:
    """What came of hearing a finding's clip again: evidence, never another transcript.

    `heard_again` are the readings, each heard another way or by another engine. The likelihoods are natural
    log probabilities of the whole utterance as heard, and with the words that the rule looked for in it;
    None where the engine cannot tell. `engine` and `model` are those that told.
    """

    outcome: Outcome
    heard_again: tuple[str, ...]
    likelihood_heard: float | None
    likelihood_expected: float | None
    engine: str
    model: str


View = Literal["supports", "doubts", "cannot_tell", "no_answer"]


@dataclass(frozen=True, slots=True)
class Advice:
    """What a language model says of an unsure finding: shown to the person who decides, and nothing else.

    `reason` is one sentence of the model's; for `no_answer` it says why there is none.
    """

    view: View
    reason: str
    model: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that fired once.

    `rule` is `id@version`. `utterances` are transcript ids, empty when the evidence is a fact of the
    call. `span` is the character range in the first utterance's text. `start`/`end` are seconds in the
    audio, None without a place. `heard` is what the transcript says, `matched` what the rule looked
    for, `how` the kind of match. `points` is the deduction when certain (0 for signals). `why` is one
    sentence per language. `second_hearing` is None where the clip was not heard again. `advisory`: people
    overturned the rule so often that it only advises; then the finding is unsure whatever its evidence.
    `advice`: a language model's, where a site runs one.
    """

    rule: str
    pack: str
    category: str
    kind: Kind
    speaker: Speaker | None
    utterances: tuple[int, ...]
    span: tuple[int, int] | None
    start: float | None
    end: float | None
    heard: str
    matched: str
    how: How
    confidence: float
    status: Status
    severity: Severity
    points: int
    why: dict[str, str]
    cite: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    second_hearing: SecondHearing | None = None
    advisory: bool = False
    advice: Advice | None = None


Band = Literal["clean", "minor", "major", "critical"]


def band_to_tell(band: Band, *, judged: bool) -> Band | None:
    """The band that may be shown: a call that could not be judged is never called clean."""
    return None if band == "clean" and not judged else band


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points taken for one rule, after the cap of its category."""

    rule: str
    category: str
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """`total` 0..100; `veto` names the rule that set it to 0, if any."""

    total: int
    band: Band
    deductions: tuple[Deduction, ...]
    veto: str | None = None


Priority = Literal["urgent", "high", "normal", "low"]


@dataclass(frozen=True, slots=True)
class TicketProposal:
    """That a person should look at this call, and why."""

    priority: Priority
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StateOfCall:
    """How something that the customer said stands when the call ends.

    `name` is the state of the pack, `matter` what later calls know it by (dispute, stop_request, vulnerable).
    `opener` is the id of the utterance that opened it, `by` of the one that brought it to `status`. `sure`
    is False where it is not certain that it was opened at all.
    """

    name: str
    matter: str
    status: StateStatus
    opener: int
    by: int
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Inspection:
    """All findings of one call under given packs. `unjudged` are reason codes with their sentence:
    parts of the call that could not be judged, so that nothing is silently clean. `shadow` are findings of
    rules on trial: they count for nothing and accuse nobody. `states` is what the call leaves to later
    ones, `facts` what it established: promises, disputes, who was on the line."""

    findings: tuple[Finding, ...]
    score: Score
    ticket: TicketProposal | None
    packs: tuple[str, ...]
    pack_hash: str
    unjudged: tuple[tuple[str, str], ...] = ()
    shadow: tuple[Finding, ...] = ()
    states: tuple[StateOfCall, ...] = ()
    facts: tuple[Fact, ...] = ()
