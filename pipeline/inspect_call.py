"""The whole way of one call without a database: decode, transcribe, hear, inspect, assess."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from ingest.audio import Audio, decode
from ingest.intake import METADATA_SUFFIX, metadata_beside
from ingest.metadata import CallRecord, fit_channels, load_call_record, record_without_metadata
from ingest.progress import Progress, ignore, portions
from pipeline.advising import advised, adviser_from_settings
from pipeline.judging import Judge, reasons
from pipeline.result import CallResult, RecordingFacts
from pipeline.second_hearing import hear_doubtful_again
from pipeline.tools import audio_limits, second_opener, speech_opener
from store.errors import BadInputError
from store.recordings import file_sha256
from store.settings import Settings
from transcription.engines.engine import Engine
from transcription.given import load_transcript
from transcription.questions import Answer
from transcription.surroundings import with_surroundings
from transcription.text.numbers import call_date, with_numbers
from transcription.transcribe import transcribe
from transcription.types import Transcript
from transcription.voice.hear import Heard, hear

TRANSCRIPT_SUFFIX = ".transcript.json"

# What decoding, transcribing, listening to the voices and hearing again have of the work.
_SHARES = (0.05, 0.8, 0.05, 0.1)
_Given = TypeVar("_Given")


@dataclass(frozen=True, slots=True)
class CallFiles:
    """The files of one call: a recording, a transcript, or both (then the transcript is not made anew).

    `metadata` is looked for beside them when it is not given.
    """

    recording: Path | None = None
    transcript: Path | None = None
    metadata: Path | None = None

    @property
    def main(self) -> Path:
        """The file that the call is known by.

        Raises:
            BadInputError: `call.no_input`.
        """
        return _needed(self.recording or self.transcript)


class CallInspector:
    """Inspects calls from files. The rules are read once, and the speech engine is opened once, when the
    first recording without a transcript comes.

    Args:
        settings: engine, rules and limits.
        packs: names of packs to use besides the default ones.
        now: calls that began later have the problem `time.future`; None does not check, so that the
            result depends on the files alone.
        speech: opens the engine; default: the one the settings name.
        second: opens the engine for second hearings; default: the one the settings name, if any.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        packs: Sequence[str] = (),
        now: datetime | None = None,
        speech: Callable[[], Engine] | None = None,
        second: Callable[[], Engine | None] | None = None,
    ) -> None:
        self._settings = settings
        self._judge = Judge(settings, packs)
        self._now = now
        self._speech = speech or speech_opener(settings)
        self._second = second or second_opener(settings)
        self._adviser = adviser_from_settings(settings)

    def inspect(self, files: CallFiles, progress: Progress | None = None) -> CallResult:
        """Inspect one call.

        Args:
            files: where the call lies.
            progress: is told the share (0..1) of the work that is done.

        Raises:
            BadInputError: a file is missing or unusable; the message says which and why.
            EngineError: the speech engine cannot be used.
        """
        given = load_transcript(files.transcript) if files.transcript else None
        decoding, writing, listening, again = portions(progress or ignore, _SHARES)
        audio = (
            decode(files.recording, audio_limits(self._settings), progress=decoding)
            if files.recording
            else None
        )
        record = self._record(files, audio)
        numbered = with_numbers(given, call_date(record)) if given else None
        transcript = numbered or transcribe(_needed(audio), record, self._speech(), progress=writing)
        transcript = with_audio_problems(transcript, audio)
        heard = hear(transcript, audio, progress=listening)
        answers = self._heard_again(record, transcript, heard, audio, again)
        again(1.0)
        judged = self._judge.inspect(record, transcript, heard.cues, answers, heard.voice)
        inspection = advised(
            self._adviser,
            judged,
            record,
            transcript,
            most=self._settings.adviser_questions,
            recall=lambda _keys: {},
        )[0]
        evidence = self._judge.evidence(record, transcript, inspection)
        return CallResult(
            record=record,
            recording=None if audio is None else recording_facts(audio),
            transcript=transcript,
            cues=heard.cues,
            inspection=inspection,
            warning=self._judge.warning(evidence),
            reasons=reasons(inspection),
            voice=heard.voice,
        )

    def _heard_again(
        self,
        record: CallRecord,
        transcript: Transcript,
        heard: Heard,
        audio: Audio | None,
        progress: Progress,
    ) -> tuple[Answer, ...]:
        if audio is None:
            return ()
        return hear_doubtful_again(
            self._judge,
            record,
            transcript,
            heard,
            audio,
            speech=self._speech,
            second=self._second,
            progress=progress,
        )

    def _record(self, files: CallFiles, audio: Audio | None) -> CallRecord:
        metadata = files.metadata or find_metadata(files)
        if metadata is None:
            sha256 = audio.sha256 if audio else file_sha256(files.main)
            return record_without_metadata(files.main, sha256)
        record = load_call_record(metadata, now=self._now)
        if audio is None or files.recording is None:
            return record
        return fit_channels(record, files.recording, audio.source_channels, mixed=audio.mixed)


def find_metadata(files: CallFiles) -> Path | None:
    """`NAME.call.json` beside `NAME.opus`, `NAME.mono.opus` or `NAME.transcript.json`, if it is there."""
    if files.recording is not None:
        return metadata_beside(files.recording)
    main = files.main
    beside = main.with_name(main.name.removesuffix(TRANSCRIPT_SUFFIX) + METADATA_SUFFIX)
    return beside if main.name.endswith(TRANSCRIPT_SUFFIX) and beside.is_file() else None


def _needed(given: _Given | None) -> _Given:
    if given is None:
        raise BadInputError(
            "there is neither a recording nor a transcript", code="call.no_input", mend="Give one of them."
        )
    return given


def recording_facts(audio: Audio) -> RecordingFacts:
    """What the result says of the audio file."""
    return RecordingFacts(
        sha256=audio.sha256,
        codec=audio.codec,
        sample_rate=audio.source_rate,
        channels=audio.source_channels,
        duration_s=audio.duration_s,
    )


def with_audio_problems(transcript: Transcript, audio: Audio | None) -> Transcript:
    """The transcript with what surrounds the words, and what was wrong with its audio among its problems."""
    known = with_surroundings(transcript, audio)
    damage = () if audio is None else audio.problems
    return replace(known, problems=tuple(dict.fromkeys((*known.problems, *damage))))
