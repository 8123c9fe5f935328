from datetime import UTC, datetime, timedelta

from complaint_warnings.learning.conversion import Heard, MissedComplaint, conversion
from complaint_warnings.learning.figures import Span
from complaint_warnings.learning.types import CaseStory, Rate

OCTOBER = Span(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
START = datetime(2026, 10, 5, 9, tzinfo=UTC)


def story(
    number: str, warned: int | None, complained: int | None, level: str = "high", source: str = "call"
) -> CaseStory:
    """A case warned of and complained of so many days after the fifth of October."""
    days = [None if d is None else START + timedelta(days=d) for d in (warned, complained)]
    return CaseStory(
        number=number,
        debtor_key=f"debtor:{number}",
        opened_at=START,
        level=level,
        source=source,
        warned_at=days[0],
        arrivals=() if days[1] is None else (days[1],),
    )


STORIES = [
    story("A", 0, 4),
    story("B", 0, None),
    story("C", 1, 11, level="medium"),
    story("D", 2, None, level="medium", source="report"),
    story("E", None, 3),
    story("F", None, 6),
    story("G", None, 7),
    story("H", 9, 8),
    story("I", -20, 1),
]
HEARD = {"E": Heard(0, 0), "F": Heard(4, 4), "G": Heard(4, 3)}


def test_warnings_that_became_complaints_and_complaints_foreseen() -> None:
    found = conversion(STORIES, OCTOBER, lambda one: HEARD.get(one.number, Heard(1, 1)))

    assert found.converted == Rate(2, 5)
    assert found.by_level == {"high": Rate(1, 3), "medium": Rate(1, 2)}
    assert found.by_source == {"call": Rate(2, 4), "report": Rate(0, 1)}
    assert found.foreseen == Rate(3, 7)
    assert found.lead_days == 10.0


def test_every_missed_complaint_says_why() -> None:
    found = conversion(STORIES, OCTOBER, lambda one: HEARD.get(one.number, Heard(1, 1)))

    assert found.missed == (
        MissedComplaint("E", START + timedelta(days=3), "no_calls"),
        MissedComplaint("F", START + timedelta(days=6), "no_signals"),
        MissedComplaint("G", START + timedelta(days=7), "not_judged"),
        MissedComplaint("H", START + timedelta(days=8), "late"),
    )


def test_nothing_is_no_share() -> None:
    found = conversion([], OCTOBER, lambda _: Heard(0, 0))

    assert (found.converted.share, found.foreseen.share, found.lead_days) == (None, None, None)
