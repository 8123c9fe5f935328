"""What a heard call amounts to: rules chosen, call inspected, warning scored. Pure, but for reading each rule
and weights file once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from complaint_warnings.score import assess
from complaint_warnings.types import CallEvidence, WarningAssessment
from complaint_warnings.weights import DEFAULT_WEIGHTS, load_weights
from ingest.metadata import CallRecord
from pipeline.result import prose
from qc.compile import PackSet
from qc.evaluate import inspect
from qc.findings import Inspection
from qc.packs import default_packs, load_packs
from qc.tickets import propose
from store.settings import Settings
from transcription.types import Cue, Transcript

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

    Raises:
        WeightsError: the weights file is wrong.
    """

    def __init__(self, settings: Settings, packs: Sequence[str] = ()) -> None:
        self._settings = settings
        self._extra = tuple(packs)
        self._loaded: dict[tuple[str, ...], PackSet] = {}
        self.weights = load_weights(settings.weights_file or DEFAULT_WEIGHTS)

    def load_defaults(self) -> None:
        """Load the packs that calls are likely to need, so that a wrong rule file stops the start.

        Raises:
            RuleError: a rule file is wrong.
        """
        clients: list[str | None] = [None, *self._settings.client_packs]
        for language in ("zh", "en"):
            for client in clients:
                self._packs(self._names(language, client))

    def inspect(self, record: CallRecord, transcript: Transcript, cues: Sequence[Cue]) -> Inspection:
        """All findings of a call, and under `unjudged` everything that could not be judged. Whatever could
        not be judged comes with a ticket: nothing is silently clean.

        Raises:
            RuleError: a rule file is wrong.
        """
        packs = self._packs(self._names(transcript.language or record.language, record.case.client))
        language = prose(record, transcript)
        zone = self._settings.timezone if language == "zh" else None
        made = inspect(transcript, cues, record, packs, default_zone=zone)
        unjudged = dict(made.unjudged)
        for code in _own_problems(record, transcript):
            unjudged[code] = _SENTENCES[code][0 if language == "zh" else 1]
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

    def _names(self, language: str | None, client: str | None) -> tuple[str, ...]:
        names = [*default_packs(language), *self._settings.packs_for(client), *self._extra]
        return tuple(dict.fromkeys(names))

    def _packs(self, names: tuple[str, ...]) -> PackSet:
        if names not in self._loaded:
            self._loaded[names] = load_packs(names, self._settings.rule_folders)
        return self._loaded[names]


def reasons(inspection: Inspection) -> tuple[str, ...]:
    """`code: sentence` for everything that could not be judged."""
    return tuple(f"{code}: {sentence}" for code, sentence in inspection.unjudged)


def _own_problems(record: CallRecord, transcript: Transcript) -> list[str]:
    found = ["metadata.missing"] if _came_alone(record) else []
    return found + [code for code in transcript.problems if code in _SENTENCES]


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
