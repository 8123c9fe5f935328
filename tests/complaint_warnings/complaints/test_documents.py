from datetime import UTC, datetime
from typing import Any

import pytest

from complaint_warnings.complaints.documents import Intake, read_intake, require_past
from store.errors import BadInputError

GIVEN = {
    "channel": "regulator",
    "external_number": "12378-26-000981",
    "arrived_at": "2026-09-28T09:05:00+08:00",
    "debtor": {"customer_id": "C889201", "name": "李建国"},
    "claim": " 催收员多次在夜间来电 ",
    "wanted": "停止夜间来电",
    "mood": "angry",
    "business": {"product": "telecom"},
}


def test_a_complaint_as_it_arrived() -> None:
    found = read_intake(GIVEN)

    assert found.arrived_at == datetime(2026, 9, 28, 1, 5, tzinfo=UTC)
    assert (found.claim, found.complainant) == ("催收员多次在夜间来电", "debtor")
    assert (found.debtor.customer_id, found.debtor.name) == ("C889201", "李建国")
    assert Intake.model_validate_json(found.model_dump_json(), strict=False) == found


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"arrived_at": "2026-09-28T09:05:00"}, "arrived_at"),
        ({"arrived_at": "yesterday"}, "arrived_at"),
        ({"arrived_at": None}, "arrived_at"),
        ({"channel": "pigeon"}, "channel"),
        ({"claim": "   "}, "claim"),
        ({"wanted": ""}, "wanted"),
        ({"mood": "glad"}, "mood"),
        ({"business": {"x": 1}}, "business.x"),
        ({"surprise": 1}, "surprise"),
        ({"complainant": "creditor"}, "the whole document"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read_intake(GIVEN | change)

    assert (refused.value.code, refused.value.where) == ("complaint.document", field)


def test_a_time_to_come_is_refused() -> None:
    now = datetime(2026, 9, 28, tzinfo=UTC)

    require_past(now, now, "arrived_at")
    with pytest.raises(BadInputError) as refused:
        require_past(datetime(2026, 9, 28, 0, 0, 1, tzinfo=UTC), now, "arrived_at")
    assert refused.value.code == "complaint.future"
