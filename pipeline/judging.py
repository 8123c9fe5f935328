"""What a heard call amounts to: rules chosen, call inspected, warning scored. Pure, but for reading each rule
and weights file once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from complaint_warnings.scoring.score import assess
from complaint_warnings.scoring.weights import DEFAULT_WEIGHTS, load_weights
from complaint_warnings.sources.monitor_policy import DEFAULT_MONITORS, load_monitors
from complaint_warnings.types import CallEvidence, WarningAssessment
from ingest.metadata import CallRecord
from pipeline.result import prose
from pipeline.rulebook import FileRulebook, PinnedRulebook, Rulebook
from qc.call import NO_CONVERSATION
from qc.compile import PackSet
from qc.evaluate import inspect
from qc.findings import Inspection
from qc.packs import default_packs
from qc.reconsider import reconsidered
from qc.second_hearing import questions
from qc.tickets import propose
from qc.unjudged import EXPLAINED
from store.settings import Settings
from transcription.questions import Answer, Question
from transcription.sound.fitness import remarks
from transcription.types import Cue, Transcript
from transcription.voice.types import VoiceReport

# What the files and the listening left open, and the rules cannot know: (Chinese, English).
_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "metadata.missing": (
        "没有随录音提供元数据，时段、频次、备注与案件信息无法判定",
        "No metadata came with the recording: hours, frequency, note and case cannot be judged.",
    ),
    "audio.damaged": (
        "录音部分损坏，损坏处的内容未被检查",
        "Parts of the recording are damaged: what was said there was not inspected.",
    ),
    "audio.silent": ("录音没有声音", "The recording holds no sound."),
    "audio.no_speech": ("录音中没有检测到人声", "Nobody speaks in the recording."),
    "roles.assumed": (
        "元数据没有说明声道角色，按惯例推定坐席在第一声道",
        "The metadata does not say who speaks on which channel: the agent was assumed on the first.",
    ),
    "call.not_connected": (
        "电话没有接通：只有回铃音、忙音或系统播报，没有与客户通话",
        "The call reached nobody: there are only tones or an announcement, and no talk with the customer.",
    ),
    "call.voicemail": (
        "接到语音信箱，没有与客户对话：已检查坐席的留言，留言是否会被他人听到须由人工判断",
        "The call reached a voicemail and no person. What the agent left on it was inspected; "
        "whether somebody else may hear it is for a person to say.",
    ),
    "speech.unheard": (
        "有较多语音未能可靠转写，这些内容未被检查",
        "Much of the speech could not be written down reliably, and was not inspected.",
    ),
}


class Judge:
    """Judges calls under the rules and weights of this installation.

    Args:
        settings: say which packs a creditor adds, where further rules lie, and which weights count.
        packs: names of packs to use besides (`--pack`).
        rulebook: gives out the packs; default: from their folders as they lie.

    Raises:
        WeightsError: the weights file is wrong.
    """

    def __init__(
        self, settings: Settings, packs: Sequence[str] = (), *, rulebook: Rulebook | None = None
    ) -> None:
        self._settings = settings
        self._extra = tuple(packs)
        self._rulebook = rulebook or FileRulebook(settings.rule_folders)
        self.weights = load_weights(settings.weights_file or DEFAULT_WEIGHTS)
        self.monitors = load_monitors(settings.monitors_file or DEFAULT_MONITORS)

    def load_defaults(self) -> None:
        """Load the packs that calls are likely to need, so that a wrong rule file stops the start.

        Raises:
            RuleError: a rule file is wrong.
        """
        clients: list[str | None] = [None, *self._settings.client_packs]
        for language in ("zh", "en"):
            for client in clients:
                self._rulebook.packs(self._names(language, client))

    def questions(
        self,
        record: CallRecord,
        transcript: Transcript,
        cues: Sequence[Cue],
        voice: VoiceReport | None = None,
    ) -> tuple[Question, ...]:
        """What of a call is worth hearing again before it is inspected.

        Raises:
            RuleError: a rule file is wrong.
        """
        most = self._settings.second_hearings
        if not most:
            return ()
        packs, zone = self._rules(record, transcript)
        found = inspect(transcript, cues, record, packs, default_zone=zone, voice=voice).findings
        return questions(found, transcript, most)

    def inspect(
        self,
        record: CallRecord,
        transcript: Transcript,
        cues: Sequence[Cue],
        answers: Sequence[Answer] = (),
        voice: VoiceReport | None = None,
    ) -> Inspection:
        """All findings of a call, and under `unjudged` everything that could not be judged. Whatever could
        not be judged comes with a ticket: nothing is silently clean.

        Args:
            record: its metadata.
            transcript: what was said.
            cues: what was heard beside the words.
            answers: what was heard a second time.
            voice: how the voices sounded, where that is known.

        Raises:
            RuleError: a rule file is wrong.
        """
        packs, zone = self._rules(record, transcript)
        language = prose(record, transcript)
        made = inspect(transcript, cues, record, packs, default_zone=zone, voice=voice)
        if answers:
            made = reconsidered(
                made, answers, transcript, cues, record, packs, default_zone=zone, voice=voice
            )
        unjudged = dict(made.unjudged)
        for code in _own_problems(record, transcript):
            unjudged[code] = _SENTENCES[code][0 if language == "zh" else 1]
        unjudged |= _recording_problems(transcript, language)
        if tuple(unjudged.items()) == made.unjudged:
            return made
        problems = tuple(unjudged.items())
        return replace(made, unjudged=problems, ticket=propose(made.findings, problems, language))

    def evidence(self, record: CallRecord, transcript: Transcript, inspection: Inspection) -> CallEvidence:
        """What the call contributes to its debtor's warning."""
        return CallEvidence(
            call=record.key,
            started_at=record.started_at,
            record=record,
            findings=inspection.findings,
            band=inspection.score.band,
            language=prose(record, transcript),
        )

    def warning(self, evidence: CallEvidence) -> WarningAssessment | None:
        """The warning of an episode that consists of this call alone."""
        return assess([evidence], self.weights, language=evidence.language)

    def _rules(self, record: CallRecord, transcript: Transcript) -> tuple[PackSet, str | None]:
        """The packs for a call, and the customer's time zone where its record gives none."""
        packs = self.packs(transcript.language or record.language, record.case.client)
        return packs, self._settings.timezone if prose(record, transcript) == "zh" else None

    def packs(self, language: str | None, client: str | None) -> PackSet:
        """The packs that judge a call in this language, made for this creditor.

        Raises:
            RuleError: a rule file is wrong, or may not judge.
        """
        return self._rulebook.packs(self._names(language, client))

    def pinned(self) -> "Judge":
        """A judge who judges by the packs as they are now, whatever is approved meanwhile."""
        return Judge(self._settings, self._extra, rulebook=PinnedRulebook(self._rulebook))

    def _names(self, language: str | None, client: str | None) -> tuple[str, ...]:
        names = [*default_packs(language), *self._settings.packs_for(client), *self._extra]
        return tuple(dict.fromkeys(names))


def reasons(inspection: Inspection) -> tuple[str, ...]:
    """`code: sentence` for everything that could not be judged."""
    return tuple(f"{code}: {sentence}" for code, sentence in inspection.unjudged)


def _own_problems(record: CallRecord, transcript: Transcript) -> list[str]:
    found = ["metadata.missing"] if _came_alone(record) else []
    reached = NO_CONVERSATION.isdisjoint(transcript.problems)
    told = [code for code in transcript.problems if code in _SENTENCES]
    return found + [code for code in told if reached or code not in EXPLAINED]


def _recording_problems(transcript: Transcript, language: str) -> dict[str, str]:
    """What is so wrong with the recording that judgement suffers, channel by channel."""
    found: dict[str, str] = {}
    for remark in remarks(transcript.health, transcript.line) if transcript.health else ():
        if remark.grave:
            sentence = remark.zh if language == "zh" else remark.en
            before = found.get(remark.code)
            joint = "；" if language == "zh" else " "
            found[remark.code] = sentence if before is None else f"{before}{joint}{sentence}"
    return found


def _came_alone(record: CallRecord) -> bool:
    """Whether this is what `ingest.metadata.record_without_metadata` makes: only a file, no claims."""
    bare = CallRecord(
        external_id=record.external_id,
        source="file",
        time_problem="time.missing",
        recording=record.recording,
        channels=record.channels,
    )
    return record == bare
