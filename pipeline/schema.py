"""All tables of Diting. Importing every slice's models here makes `Base.metadata` whole."""

from importlib import import_module
from typing import Final

from sqlalchemy import MetaData

from store.database import Base

_MODELS: Final = (
    "store.audit",
    "store.erasing",
    "store.tombstones",
    "store.idempotency",
    "store.views",
    "ingest.models",
    "ingest.facts.models",
    "ingest.sources.models",
    "transcription.models",
    "transcription.search.models",
    "qc.models",
    "qc.adviser.models",
    "qc.figures.models",
    "qc.approval.models",
    "qc.verdicts.models",
    "qc.review.models",
    "store.people",
    "store.teams",
    "store.identity.models",
    "qc.sampling.models",
    "qc.assigning.models",
    "qc.agreement.models",
    "qc.coaching.models",
    "complaint_warnings.models",
    "complaint_warnings.sources.models",
    "complaint_warnings.cases.models",
    "complaint_warnings.ledger.models",
    "complaint_warnings.clocks.models",
    "complaint_warnings.complaints.models",
    "complaint_warnings.notices.models",
    "complaint_warnings.learning.models",
    "pipeline.models",
    "pipeline.backtest.models",
    "pipeline.runs.models",
    "pipeline.retention.models",
)


def whole_metadata() -> MetaData:
    """The metadata with the tables of every slice in it."""
    for module in _MODELS:
        import_module(module)
    return Base.metadata
