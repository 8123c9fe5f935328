"""Notices as people are shown them, on the command line and over HTTP alike."""

from typing import Any, Final

from api.words import Words
from complaint_warnings.notices.models import NoticeDeliveryRow, NoticeRow

STATE_WORDS: Final = {
    "waiting": Words("待发送", "waiting"),
    "sent": Words("已发送", "sent"),
    "gathered": Words("已并入汇总", "gathered"),
    "dead": Words("死信", "dead letter"),
}


def notice_document(row: NoticeRow) -> dict[str, Any]:
    """The notice as values that JSON can hold."""
    return {
        "id": row.id,
        "message_id": row.message_id,
        "kind": row.kind,
        "case_id": row.case_id,
        "number": row.document.get("number"),
        "channel": row.channel,
        "recipient": row.recipient or None,
        "urgent": row.urgent,
        "state": row.state,
        "held": row.held,
        "attempts": row.attempts,
        "created_at": row.created_at.isoformat(),
        "due_at": row.due_at.isoformat() if row.state == "waiting" else None,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "reason": row.reason,
        "digest_id": row.digest_id,
    }


def delivery_document(row: NoticeDeliveryRow) -> dict[str, Any]:
    """One attempt as values that JSON can hold."""
    return {
        "attempt": row.attempt,
        "began_at": row.began_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "outcome": row.outcome,
        "status": row.status,
        "reason": row.reason,
    }
