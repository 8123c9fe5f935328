"""Puts the evidence of one call together: as everybody may see it, or with what is otherwise hidden."""

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.heard import heard_in_call, tones_of_call
from api.masking import mask_name, mask_text, masked
from api.stored import stored_result
from api.templates import render
from ingest.audio import decode
from ingest.models import CallRow
from pipeline.evidence import gather
from pipeline.evidence.archive import Contents, Stamp, to_bytes, write
from pipeline.evidence.clips import clip
from pipeline.version import diting_version
from qc.models import InspectionRow
from store.clock import Clock
from store.errors import BadInputError, ConflictError, NotFoundError
from store.recordings import RecordingStore
from store.settings import Settings
from store.views import Subject, Viewing, exported, new_export_id
from transcription.privacy.detect import NOTHING, Known
from transcription.privacy.sound import Stretch

ACTION: Final = "evidence.exported"
MEDIA_TYPE: Final = "application/zip"
_MAX_REASON: Final = 200
_MAX_CLIPS: Final = 100
_KEPT: Final = re.compile(r"[0-9a-f]{64}|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)")
_STAFF: Final = frozenset({"by", "actor", "person"})
_OUTSIDERS: Final = frozenset({"debtor_name", "customer_name"})
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """How evidence is wanted: by whom; `original` with the recording, names and numbers, which needs a
    reason."""

    by: str
    original: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What is put on record of an export: who sees what, and what the audit log says of the archive."""

    viewing: Viewing
    details: Json


def name_of(call: CallRow) -> str:
    """What the archive of a call is called."""
    return "evidence-" + re.sub(r"[^A-Za-z0-9._-]", "_", f"{call.source}-{call.external_id}")[:80] + ".zip"


def build(
    session: Session, settings: Settings, clock: Clock, call: CallRow, wish: Wish, out: IO[bytes]
) -> Exported:
    """Write the evidence of a call. Put on record that it was, and commit, before it is handed out.

    Raises:
        BadInputError: `evidence.reason`, `evidence.too_large`.
        ConflictError: `call.not_inspected`.
        IntegrityError: `evidence.log_broken`, `rules.version_damaged`, `recording.damaged`.
        DitingError: the recording cannot be read.
    """
    stamp = stamped(wish, clock)
    newest = select(InspectionRow).where(InspectionRow.call_id == call.id).order_by(InspectionRow.id.desc())
    inspection = session.scalars(newest.limit(1)).one_or_none()
    result = stored_result(session, call)
    if inspection is None or result is None:
        raise ConflictError(
            "the call has not been inspected yet",
            code="call.not_inspected",
            where=f"call {call.source}/{call.external_id}",
            mend="Wait for it, or see with `diting retry` why it is stuck.",
        )
    with ExitStack() as stack:
        contents = _contents(session, settings.recording_store(), call, inspection, result, stamp, stack)
        secret = settings.secret_key.get_secret_value() if settings.secret_key else None
        manifest = write(contents, secret, out)
    details = {"export": stamp.id, "manifest": manifest, "original": stamp.original, "reason": stamp.reason}
    details |= {"audit_seq": contents.log.size, "audit_root": contents.log.root}
    subject = Subject(f"call:{contents.call_key}", call.id)
    return Exported(Viewing(wish.by, subject, masked=not stamp.original, reason=stamp.reason), details)


def put_on_record(session: Session, clock: Clock, made: Exported) -> None:
    """Write an export to the view log and to the audit log."""
    number = str(made.details["export"])
    exported(session, clock, made.viewing, export_id=number, details=made.details, action=ACTION)


def stamped(wish: Wish, clock: Clock) -> Stamp:
    """The stamp of one export.

    Raises:
        BadInputError: `evidence.reason`.
    """
    reason = (wish.reason or "").strip() or None
    if (wish.original and reason is None) or (
        reason and (len(reason) > _MAX_REASON or not reason.isprintable())
    ):
        raise BadInputError(
            f"the original needs a reason of at most {_MAX_REASON} characters on one line",
            code="evidence.reason",
            where="reason",
            mend="Name the matter it is for, such as the number of the court case.",
        )
    return Stamp(new_export_id(), clock.now().isoformat(), wish.by, wish.original, reason)


def _contents(
    session: Session,
    recordings: RecordingStore,
    call: CallRow,
    inspection: InspectionRow,
    result: Json,
    stamp: Stamp,
    stack: ExitStack,
) -> Contents:
    heard = None if stamp.original else heard_in_call(session, call, inspection.transcript_id)
    known = NOTHING if heard is None else heard.known
    shown = result if stamp.original else masked(result)
    said = gather.decisions(session, call)
    rules, log = gather.rules(session, inspection), gather.log(session, call)
    entries = [_entry(each, known, stamp) for each in log.entries]
    documents = {
        "result.json": shown,
        "decisions.json": said if stamp.original else hidden(said, known),
        "versions.json": {"product": diting_version(), **gather.versions(session, inspection)},
        "rules/packs.json": rules.document,
        "audit.json": {"entries": entries},
    }
    files: dict[str, bytes | Path] = {name: to_bytes(document) for name, document in documents.items()}
    files |= {f"rules/{name}": text.encode() for name, text in rules.texts.items()}
    tones = () if stamp.original else tones_of_call(session, call)
    sound, kept = _sound(recordings, call, result, tones, stack)
    files |= sound
    recording = f"recording/{call.recording_sha256}{_suffix(call)}"
    if stamp.original and kept is not None:
        files[recording] = kept
    page = {
        "stamp": asdict(stamp), "result": shown, "decisions": documents["decisions.json"],
        "versions": documents["versions.json"], "packs": rules.document, "entries": entries,
        "clips": sorted(sound), "recording": recording if recording in files else None,
        "sha256": call.recording_sha256, "log": log.root,
        "key": f"{call.source}/{call.external_id}",
    }  # fmt: skip
    files["index.html"] = _page(page)
    return Contents(
        stamp=stamp,
        product=diting_version(),
        call_key=f"{call.source}/{call.external_id}",
        recording_sha256=call.recording_sha256,
        recording_file=recording if recording in files else None,
        log=log.root,
        files=files,
    )


def _sound(
    recordings: RecordingStore, call: CallRow, result: Json, tones: Sequence[Stretch], stack: ExitStack
) -> tuple[dict[str, bytes], Path | None]:
    """The clip of each finding, and the recording itself; nothing where retention deleted it."""
    try:
        copy = stack.enter_context(recordings.local_copy(call.recording_sha256))
    except NotFoundError:
        return {}, None
    sound = decode(copy).sound
    found = [each for each in result["findings"] if each["start"] is not None][:_MAX_CLIPS]
    clips = {
        clip_name(result["findings"].index(each)): clip(sound, each["start"], each["end"], tones)
        for each in found
    }
    return clips, copy


def clip_name(ordinal: int) -> str:
    """The file of a finding's clip."""
    return f"clips/finding-{ordinal + 1:03}.wav"


def _suffix(call: CallRow) -> str:
    suffix = Path(call.recording.original_name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else ""


def _entry(shown: Mapping[str, Any], known: Known, stamp: Stamp) -> Json:
    """An entry of the audit log; one that holds what is hidden is shown by its hash alone."""
    entry = shown["entry"]
    if entry is None or stamp.original or hidden(entry["details"], known) == entry["details"]:
        return dict(shown)
    return {**shown, "entry": None, "withheld": True}


def hidden(value: Any, known: Known, name: str = "") -> Any:
    """A document with personal data partly hidden in every text; hashes and moments stay."""
    if isinstance(value, Mapping):
        return {key: hidden(each, known, str(key)) for key, each in value.items()}
    if isinstance(value, list):
        return [hidden(each, known, name) for each in value]
    if not isinstance(value, str) or _KEPT.fullmatch(value) or name in _STAFF or name.endswith("_by"):
        return value
    return mask_name(value) if name in _OUTSIDERS else mask_text(value, known)


def _page(content: Json) -> bytes:
    html, _policy = render(
        "evidence.html",
        styles=["evidence.css"],
        scripts=[],
        sources="media-src 'self' file:",
        lang="zh",
        clip_name=clip_name,
        **content,
    )
    return html.encode()
