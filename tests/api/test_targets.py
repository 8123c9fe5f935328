"""What paths point at."""

import pytest

from api.http.targets import FREE, TARGETS, require_target, target_of
from api.permissions import ROUTES
from ingest.models import CallRow
from store.database import SessionFactory, reading
from store.errors import NotFoundError

# What a route reads as a number, too.
SPELLINGS = ("+7", "-7", " 7", "7.0", "0_7")


def test_every_part_of_every_path_is_looked_up_or_known_to_be_free() -> None:
    for route in ROUTES:
        path = route.split()[1]
        named = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        found = target_of(path)
        assert named - FREE - ({found[1]} if found else set()) == set(), route


def test_the_longest_beginning_counts() -> None:
    assert target_of("/calls") is None
    found = target_of("/calls/{call_id}/audio")
    assert found is not None
    assert found == (TARGETS["/calls/{call_id}"], "call_id")
    assert found[0].column is CallRow.id


def test_what_is_not_there_is_not_found(session_factory: SessionFactory) -> None:
    with reading(session_factory) as session:
        for path, values, code in (
            ("/calls/{call_id}", {"call_id": "7"}, "call.not_found"),
            ("/calls/{call_id}", {"call_id": "9" * 30}, "call.not_found"),
            *[("/calls/{call_id}", {"call_id": each}, "call.not_found") for each in SPELLINGS],
            ("/complaints/{number}", {"number": "C-1"}, "complaint.unknown"),
        ):
            with pytest.raises(NotFoundError) as refused:
                require_target(session, path, values)
            assert refused.value.code == code
        require_target(session, "/calls/{call_id}", {"call_id": "seven"})  # refused by the route itself
        require_target(session, "/calls", {})
