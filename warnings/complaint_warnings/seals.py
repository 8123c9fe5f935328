"""What holds the rows of warnings and items fast: their hash, written to the audit chain at each change."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from complaint_warnings.models import WarningRow
from complaint_warnings.sources.models import WarningItemRow
from store import audit
from store.clock import Clock

SEALED: Final[tuple[type[WarningRow] | type[WarningItemRow], ...]] = (WarningRow, WarningItemRow)
WARNING_SUBJECT: Final = "warning"
ITEM_SUBJECT: Final = "item"


def row_hash(row: WarningRow | WarningItemRow) -> str:
    """SHA-256 over every column of the row as it stands."""
    return values_hash({column.key: getattr(row, column.key) for column in row.__table__.columns})


def values_hash(values: dict[str, Any]) -> str:
    """SHA-256 over named values; moments are those of UTC."""
    plain = {name: _plain(value) for name, value in values.items()}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def subject_of(row: WarningRow | WarningItemRow) -> str:
    """What the audit chain calls the row."""
    return f"{WARNING_SUBJECT if isinstance(row, WarningRow) else ITEM_SUBJECT}:{row.id}"


def put_on_record(
    session: Session,
    clock: Clock,
    row: WarningRow | WarningItemRow,
    action: str,
    details: dict[str, Any],
    actor: str,
) -> None:
    """Write to the audit chain what happened to the row, and the hash of the row after it."""
    session.flush()
    audit.append(
        session,
        clock,
        actor=actor,
        action=action,
        subject=subject_of(row),
        details=details | {"sha256": row_hash(row)},
    )
