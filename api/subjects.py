"""What one person is given of what is on record about them: their own data in full, other people's hidden."""

import io
import zipfile
from collections.abc import Mapping
from typing import IO, Any, Final

from sqlalchemy.orm import Session

from api.heard import heard_in_call, tones_of_call
from api.stored import stored_result
from api.templates import render
from ingest.models import CallRow
from pipeline.evidence.archive import to_bytes
from pipeline.retention.subject import calls_of, rows_of
from pipeline.version import diting_version
from store.clock import Clock
from store.errors import ConflictError, NotFoundError
from store.recordings import RecordingStore
from store.views import Subject, Viewing, exported, new_export_id
from transcription.privacy.detect import NOTHING, Known, find_in_text
from transcription.privacy.mask import hide
from transcription.privacy.sound import write_toned

MEDIA_TYPE: Final = "application/zip"
_DATE: Final = (1980, 1, 1, 0, 0, 0)
# The words one by one and the numbers beside them would put together what the text hides.
_LEFT_OUT: Final = frozenset({"words", "numbers"})
# Hashes, keys and moments stay as they are.
_KEYS: Final = ("_sha256", "_hash", "_key", "_at", "_id", "_by")
_EXACT: Final = frozenset({"sha256", "id", "source", "external_id", "rule", "started_at", "number_of_case"})
Json = dict[str, Any]


def export(
    session: Session,
    recordings: RecordingStore | None,
    clock: Clock,
    debtor_key: str,
    by: str,
    out: IO[bytes],
) -> str:
    """Write everything on record about a person; returns the number of the export, to be put on record by
    `put_on_record` before it is handed out.

    Args:
        recordings: puts the recordings in, with a tone over personal data; None leaves them out.
    """
    number = new_export_id()
    calls = calls_of(session, debtor_key)
    own = frozenset(word for call in calls for word in _own(call))
    known = Known(frozenset(), frozenset())
    documents = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for call in calls:
            heard = heard_in_call(session, call)
            known = _joined(known, NOTHING if heard is None else heard.known)
            result = stored_result(session, call)
            told = {"call": call.record, "registered_at": call.registered_at.isoformat(), "result": result}
            documents.append(shown(told, known, own))
            if recordings is not None:
                _add_sound(session, archive, recordings, call, number)
        rows = shown(rows_of(session, debtor_key), known, own)
        about = {"person": debtor_key, "export": number, "made_at": clock.now().isoformat(), "made_by": by}
        about["product"] = diting_version()
        page, _policy = render(
            "subject.html", styles=["evidence.css"], scripts=[], sources="media-src 'self' file:", lang="zh",
            about=about, calls=documents, rows=rows,
        )  # fmt: skip
        _add(archive, "index.html", page.encode())
        _add(archive, "calls.json", to_bytes(documents))
        _add(archive, "records.json", to_bytes(rows))
        _add(archive, "about.json", to_bytes(about))
    return number


def put_on_record(session: Session, clock: Clock, *, by: str, reason: str, number: str) -> None:
    """Write to the logs that a person's data was handed out; the person is named nowhere."""
    viewing = Viewing(by, Subject(f"subject:{number}"), masked=False, reason=reason)
    exported(session, clock, viewing, export_id=number, details={"kind": "subject"})


def shown(value: Any, known: Known, own: frozenset[str], name: str = "") -> Any:
    """A document with other people's names and numbers partly hidden; the person's own stay."""
    if isinstance(value, Mapping):
        return {key: shown(each, known, own, str(key)) for key, each in value.items() if key not in _LEFT_OUT}
    if isinstance(value, list):
        return [shown(each, known, own, name) for each in value]
    if not isinstance(value, str) or name in _EXACT or name.endswith(_KEYS):
        return value
    spans = find_in_text(value, known)
    return hide(value, [span for span in spans if _folded(value[span.start : span.end]) not in own])


def _own(call: CallRow) -> set[str]:
    customer = call.record.get("customer") or {}
    given = [str(each) for each in (customer.get("name"), customer.get("number")) if each]
    bare = [each.removeprefix("+86") for each in given]
    return {_folded(each) for each in (*given, *bare)}


def _folded(text: str) -> str:
    return "".join(char for char in text if char.isalnum()).casefold()


def _joined(one: Known, other: Known) -> Known:
    return Known(one.names | other.names, one.digits | other.digits)


def _add_sound(
    session: Session, archive: zipfile.ZipFile, recordings: RecordingStore, call: CallRow, number: str
) -> None:
    """The recording with a tone over personal data; nothing where it was deleted or never written down."""
    sound = io.BytesIO()
    try:
        tones = tones_of_call(session, call)
        with recordings.local_copy(call.recording_sha256) as copy:
            write_toned(copy, tones, sound, number)
    except (NotFoundError, ConflictError):
        return
    _add(archive, f"recordings/{call.id}.ogg", sound.getvalue())


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.external_attr, info.create_system, info.compress_type = 0o100644 << 16, 3, zipfile.ZIP_DEFLATED
    archive.writestr(info, content)
