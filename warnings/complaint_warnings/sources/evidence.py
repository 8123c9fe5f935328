"""From documents to what counts for the score. Pure."""

from functools import lru_cache
from pathlib import Path

import yaml

from complaint_warnings.sources.documents import Opinion, Report
from complaint_warnings.sources.types import Venue
from complaint_warnings.types import ItemEvidence
from ingest.metadata import Agent

_PLATFORMS = Path(__file__).parent / "platforms.yaml"


def report_evidence(report: Report, item: str, collector: Agent | None = None) -> ItemEvidence:
    """Each doubt is an indicator; so is the level that the reporter proposes. `collector` is the one of the
    call that the report refers to."""
    talked = collector or Agent()
    proposed = (f"report.proposed.{report.level}",) if report.level else ()
    return ItemEvidence(
        item=item,
        at=report.happened_at,
        indicators=(*(f"report.{doubt}" for doubt in report.doubts), *proposed),
        name=report.name,
        contact=report.contact,
        amount_due=report.amount_due,
        currency=report.currency if report.amount_due is not None else None,
        client=report.client,
        collector_id=report.collector_id or talked.id,
        team=report.team or talked.team,
    )


def opinion_evidence(opinion: Opinion, item: str) -> ItemEvidence:
    """The kind of place where it stands is the indicator; the remark names the place."""
    return ItemEvidence(
        item=item,
        at=opinion.posted_at,
        indicators=(f"opinion.{venue_of(opinion.platform)}",),
        why_zh=opinion.platform,
        why_en=opinion.platform,
        client=opinion.client,
    )


def venue_of(platform: str) -> Venue:
    """Of what kind a platform is, by platforms.yaml; `other` where it is not listed."""
    return _venues().get(platform.strip().casefold(), "other")


@lru_cache(maxsize=1)
def _venues() -> dict[str, Venue]:
    listed: dict[Venue, list[object]] = yaml.safe_load(_PLATFORMS.read_text(encoding="utf-8"))
    return {str(name).casefold(): venue for venue, names in listed.items() for name in names}
