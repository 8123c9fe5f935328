"""The complaints on record, as a back-test reads them."""

from datetime import timedelta

from complaint_warnings.backtest.complaints_file import ArrivedComplaint
from complaint_warnings.backtest.stored_complaints import stored_complaints
from complaint_warnings.cases.door import act
from complaint_warnings.complaints.documents import read_intake
from complaint_warnings.complaints.service import receive
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.people import Person, add_person, find_actor

from .stored import day


def put(factory: SessionFactory, *arrived: tuple[str, float]) -> list[int]:
    """Complaints of debtors so many days after the start; an empty id is a debtor not known yet."""
    cases = []
    with transaction(factory) as session:
        add_person(session, FixedClock(day(0)), Person("li", "李", ("complaint_officer",)))
        for number, (debtor, days) in enumerate(arrived):
            document = {
                "channel": "company_line",
                "external_number": f"T-{number}",
                "arrived_at": day(days).isoformat(),
                "debtor": {"customer_id": debtor} if debtor else {"name": "不详"},
                "claim": f"第{number}件",
                "wanted": "核实",
            }
            clock = FixedClock(day(days) + timedelta(hours=1))
            row = receive(session, clock, read_intake(document), actor=find_actor(session, "li"))
            cases.append(row.case_id)
    return cases


def test_complaints_come_in_order_of_arrival_within_the_time_asked(factory: SessionFactory) -> None:
    put(factory, ("B", 9), ("A", 3), ("A", 20), ("A", 3))
    with reading(factory) as session:
        found = stored_complaints(session)
        some = stored_complaints(session, day(3.5), day(20))
    assert found.refused == ()
    assert found.complaints == (
        ArrivedComplaint("debtor", "customer:A", day(3), "company_line", 1),
        ArrivedComplaint("debtor", "customer:B", day(9), "company_line", 3),
        ArrivedComplaint("debtor", "customer:A", day(20), "company_line", 4),
    )
    assert [(each.who, each.arrived_at) for each in some.complaints] == [("customer:B", day(9))]


def test_a_merged_complaint_is_of_the_debtor_with_whom_it_went_on(factory: SessionFactory) -> None:
    known, unknown = put(factory, ("A", 3), ("", 5))
    with transaction(factory) as session:
        li = find_actor(session, "li")
        details = {"into": known, "reason": "同一债务人"}
        act(session, FixedClock(day(6)), case_id=unknown, action="merge", actor=li, details=details)
    with reading(factory) as session:
        found = [(each.who, each.arrived_at) for each in stored_complaints(session).complaints]
    assert found == [("customer:A", day(3)), ("customer:A", day(5))]
