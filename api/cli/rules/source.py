"""Which call the workbench looks at: sentences, files, or a call that is stored here."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from api.cli.database import prepare_database
from api.cli.storage import find_call
from ingest.metadata import CallRecord, load_call_record, official_zone, record_without_metadata
from pipeline.inspect_call import CallFiles, find_metadata
from pipeline.stage_work import record_with_history
from qc.call import Call
from qc.workbench.trial import Make
from store.database import open_sessions, reading
from store.errors import BadInputError, NotFoundError
from store.recordings import file_sha256
from store.settings import Settings
from transcription.given import load_transcript
from transcription.service import latest_transcript_id, load_hearing
from transcription.service import load_transcript as load_transcript_row
from transcription.types import Cue, Transcript
from transcription.voice.hear import VERSION, hear

_ZONES = {"zh": "Asia/Shanghai"}  # where the record names none
HEARD = "recogniser"  # the engine named where given words are to be taken as recognised ones


def from_file(transcript: Path, metadata: Path | None, confidence: float | None) -> Make:
    """A call from a transcript file, with the metadata given or beside it.

    Raises:
        BadInputError: a file cannot be read or used.
    """
    said = load_transcript(transcript)
    files = CallFiles(transcript=transcript, metadata=metadata)
    place = metadata or find_metadata(files)
    record = (
        load_call_record(place) if place else record_without_metadata(transcript, file_sha256(transcript))
    )
    if confidence is not None:
        doubted = tuple(replace(each, confidence=confidence) for each in said.utterances)
        said = replace(said, engine=HEARD, utterances=doubted)
    return _made(said, hear(said, None).cues, record)


def stored(call: str) -> Make:
    """A call that is stored here: its current transcript, cues, metadata and history.

    Raises:
        NotFoundError: `call.not_found`, or `transcript.not_found` where it was not transcribed yet.
    """
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        row = find_call(session, call)
        transcript_id = latest_transcript_id(session, row.id)
        if transcript_id is None:
            raise NotFoundError(
                "the call has no transcript yet",
                code="transcript.not_found",
                where=call,
                mend="Let `diting worker --until-done` work on it first.",
            )
        said = load_transcript_row(session, transcript_id)
        heard = load_hearing(session, transcript_id, VERSION)
        record = record_with_history(session, row)
    return _made(said, heard.cues if heard else (), record)


def _made(said: Transcript, cues: Sequence[Cue], record: CallRecord) -> Make:
    language = said.language or "zh"
    if language not in ("zh", "en"):
        raise BadInputError(
            f"there are no rules for {language!r}",
            code="language.unsupported",
            mend="Only zh and en are known.",
        )
    name = record.customer.timezone or _ZONES.get(language)
    zone = official_zone(name) if name else None
    return lambda: Call(said, cues, record, zone, language)
