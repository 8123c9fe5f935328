"""When the adviser is asked, and what not again: the same for calls from files and from the database."""

from collections.abc import Callable, Mapping, Sequence

from ingest.metadata import CallRecord
from pipeline.result import prose
from qc.adviser.advising import unanswered, with_advice
from qc.adviser.question import questions
from qc.adviser.redact import Redactor
from qc.adviser.server import ChatAdviser
from qc.findings import Advice, Inspection
from store.settings import Settings
from transcription.types import Transcript

Recall = Callable[[Sequence[str]], Mapping[str, Advice]]


def adviser_from_settings(settings: Settings) -> ChatAdviser | None:
    """The adviser, where the settings name one."""
    return ChatAdviser(settings) if settings.adviser_url and settings.adviser_model else None


def advised(
    adviser: ChatAdviser | None,
    inspection: Inspection,
    record: CallRecord,
    transcript: Transcript,
    *,
    most: int,
    recall: Recall,
) -> tuple[Inspection, dict[str, Advice]]:
    """The inspection with advice on at most `most` unsure findings, and the answers that are new, by key.

    Args:
        adviser: who is asked; without one, nothing happens.
        inspection: what the rules found.
        record: the call, whose names are taken out of what is sent.
        transcript: what was said.
        most: at most so many questions.
        recall: finds answers that were given before.
    """
    if adviser is None:
        return inspection, {}
    language = prose(record, transcript)
    asked = questions(inspection.findings, transcript, Redactor(record), most, language)
    if not asked:
        return inspection, {}
    known = recall([question.key(adviser.model) for question in asked])
    missing = unanswered(asked, known, adviser.model)
    fresh = {
        question.key(adviser.model): advice
        for question, advice in zip(missing, adviser.ask(missing), strict=True)
    }
    return with_advice(inspection, asked, {**known, **fresh}, adviser.model), fresh
