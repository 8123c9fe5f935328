"""What is stored about the roles of a call: the versions of its transcript, and what came of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.masking import mask_text
from qc.models import InspectionRow
from store.errors import NotFoundError
from transcription.service import Version, load_transcript, versions
from transcription.speakers.decision import agent_side
from transcription.types import RoleDecision, Transcript, Utterance

_EXCERPT_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version: how it came about, how its roles were decided, and the inspection it led to, if any."""

    version: Version
    roles: RoleDecision | None
    agent_side: int | None
    inspection: InspectionRow | None

    @property
    def unjudged(self) -> bool:
        """Whether part of it could not be judged; its score is then the best that can come out."""
        return bool(self.inspection and self.inspection.document["unjudged"])


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the call by the current version: who it is taken for, and how it begins, numbers masked."""

    side: int
    speaker: str
    begins: str


@dataclass(frozen=True, slots=True)
class StoredRoles:
    """All versions, the oldest first (none before the call was transcribed), and the sides of the last."""

    versions: tuple[StoredVersion, ...]
    sides: tuple[Side, ...]

    @property
    def current(self) -> StoredVersion | None:
        """The version that counts."""
        return self.versions[-1] if self.versions else None


def stored_roles(session: Session, call_id: int) -> StoredRoles:
    """The versions of a call's transcript with their inspections."""
    rows = session.scalars(
        select(InspectionRow).where(InspectionRow.call_id == call_id).order_by(InspectionRow.id)
    )
    inspections = {row.transcript_id: row for row in rows}
    known = versions(session, call_id)
    transcripts = {each.transcript_id: load_transcript(session, each.transcript_id) for each in known}
    return StoredRoles(
        tuple(_stored(each, transcripts[each.transcript_id], inspections) for each in known),
        _sides(transcripts[known[-1].transcript_id]) if known else (),
    )


def transcript_of(session: Session, call_id: int, version: int) -> int:
    """The row id of one version of a call's transcript.

    Raises:
        NotFoundError: `call.no_version`.
    """
    for each in versions(session, call_id):
        if each.number == version:
            return each.transcript_id
    raise NotFoundError(
        f"the transcript has no version {version}",
        code="call.no_version",
        where=f"call {call_id}",
        mend="`diting roles show` lists them.",
    )


def _stored(
    version: Version, transcript: Transcript, inspections: Mapping[int, InspectionRow]
) -> StoredVersion:
    return StoredVersion(
        version=version,
        roles=transcript.roles,
        agent_side=agent_side(transcript),
        inspection=inspections.get(version.transcript_id),
    )


def _sides(transcript: Transcript) -> tuple[Side, ...]:
    heard: dict[int, list[Utterance]] = {}
    for said in transcript.utterances:
        if said.side is not None:
            heard.setdefault(said.side, []).append(said)
    return tuple(Side(side, _usual_speaker(said), _begins(said)) for side, said in sorted(heard.items()))


def _usual_speaker(said: list[Utterance]) -> str:
    spoken = {one.speaker: sum(u.end - u.start for u in said if u.speaker == one.speaker) for one in said}
    return max(spoken, key=lambda speaker: spoken[speaker])


def _begins(said: list[Utterance]) -> str:
    text = " / ".join(utterance.text for utterance in said)
    shown = mask_text(text)
    return shown if len(shown) <= _EXCERPT_CHARACTERS else f"{shown[:_EXCERPT_CHARACTERS]}…"
