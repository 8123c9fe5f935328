"""Runs the monitors over a debtor's stored calls, and keeps what they say as items."""

import hashlib
from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningCallRow, WarningRow
from complaint_warnings.scoring.document import evidence_from_document
from complaint_warnings.scoring.indicators import in_order
from complaint_warnings.scoring.weights import Weights
from complaint_warnings.sources.models import WarningItemRow
from complaint_warnings.sources.monitor_policy import MonitorPolicy
from complaint_warnings.sources.monitors import MonitorHit, watch
from complaint_warnings.sources.service import NewItem, Received, receive
from complaint_warnings.types import ItemEvidence
from ingest.metadata import CallRecord
from store.clock import Clock
from store.people import SYSTEM

_CONTACTS_KEPT = 50


def watch_debtor(
    session: Session, clock: Clock, *, debtor_key: str, weights: Weights, policy: MonitorPolicy
) -> list[Received]:
    """Let the monitors look at the calls of the debtor's open episode, and at those that no warning has yet.

    Looking again writes nothing: a hit is known by monitor, debtor and the moment of its newest contact,
    and the same monitor keeps silent for `again_after_days`.
    """
    rows = session.scalars(
        select(WarningCallRow)
        .outerjoin(WarningRow, WarningRow.id == WarningCallRow.warning_id)
        .where(
            WarningCallRow.debtor_key == debtor_key,
            or_(WarningRow.id.is_(None), WarningRow.closed_at.is_(None)),
        )
        .order_by(WarningCallRow.id)
    )
    calls = in_order([evidence_from_document(row.evidence) for row in rows])
    new = [hit for hit in watch(calls, policy) if not _spoke_lately(session, debtor_key, hit, policy)]
    items = [_item(debtor_key, hit, policy, calls[-1].record) for hit in new]
    return [receive(session, clock, item, actor=SYSTEM.id, weights=weights) for item in items]


def _spoke_lately(session: Session, debtor_key: str, hit: MonitorHit, policy: MonitorPolicy) -> bool:
    silent = timedelta(days=policy.again_after_days)
    spoken = session.scalar(
        select(WarningItemRow.id)
        .where(
            WarningItemRow.source == "monitor",
            WarningItemRow.kind == hit.monitor,
            WarningItemRow.debtor_key == debtor_key,
            WarningItemRow.happened_at > hit.at - silent,
            WarningItemRow.happened_at < hit.at + silent,
        )
        .limit(1)
    )
    return spoken is not None


def _item(debtor_key: str, hit: MonitorHit, policy: MonitorPolicy, newest: CallRecord) -> NewItem:
    debtor = hashlib.sha256(debtor_key.encode()).hexdigest()[:16]
    moment = hit.at.astimezone(UTC)
    evidence = ItemEvidence(
        item=f"monitor:{hit.monitor}:{moment:%Y-%m-%d}",
        at=hit.at,
        indicators=(f"monitor.{hit.monitor}",),
        why_zh=hit.why_zh,
        why_en=hit.why_en,
        client=newest.case.client,
        collector_id=newest.agent.id,
        team=newest.agent.team,
    )
    external_id = f"{hit.monitor}:{moment:%Y%m%dT%H%M%S}:{debtor}"
    return NewItem("monitor", external_id, hit.monitor, _document(hit, policy), evidence, debtor_key)


def _document(hit: MonitorHit, policy: MonitorPolicy) -> dict[str, Any]:
    return {
        "monitor": hit.monitor,
        "policy": policy.name,
        "at": hit.at.isoformat(),
        "figures": hit.figures,
        "why": {"zh": hit.why_zh, "en": hit.why_en},
        "contacts": [
            {"at": each.at.isoformat(), "connected": each.connected, "ending": each.ending, "call": each.call}
            for each in hit.contacts[-_CONTACTS_KEPT:]
        ],
    }
