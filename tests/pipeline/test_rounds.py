"""Going round beside the calls: in a thread that stops when it is asked to, whatever a round does."""

import threading

from sqlalchemy import select

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.complaints.documents import read_intake
from complaint_warnings.complaints.service import receive
from pipeline.rounds import Rounds, go_round, mark_groups
from store.clock import FixedClock
from store.database import transaction
from store.errors import ConflictError
from store.people import Actor


class Counted:
    """A round that fails at first and lets the test wait for a number of calls."""

    def __init__(self, enough: int, failures: int = 0) -> None:
        self.calls = 0
        self.enough = enough
        self.failures = failures
        self.done = threading.Event()

    def __call__(self, *_: object) -> None:
        self.calls += 1
        if self.calls >= self.enough:
            self.done.set()
        if self.calls <= self.failures:
            raise ConflictError("not now", code="test.not_now")


def test_a_round_that_fails_keeps_no_other_from_its_turn(session_factory, clock: FixedClock):
    failing, good = Counted(1, failures=1), Counted(1)
    go_round(session_factory, clock, (failing, good))
    assert (failing.calls, good.calls) == (1, 1)


def test_it_goes_round_at_once_and_again_until_the_end(session_factory, clock: FixedClock):
    one = Counted(3, failures=2)
    with Rounds(session_factory, clock, every_s=0.001, rounds=(one,)):
        assert one.done.wait(30)
    after = one.calls
    assert after >= 3
    assert not [thread for thread in threading.enumerate() if thread.name == "diting-rounds"]
    assert one.calls == after


def test_the_end_does_not_wait_for_the_next_round(session_factory, clock: FixedClock):
    one = Counted(1)
    with Rounds(session_factory, clock, every_s=3600, rounds=(one,)):
        assert one.done.wait(30)
    assert one.calls == 1


def test_who_is_stopped_at_once_has_gone_round_once(session_factory, clock: FixedClock):
    one = Counted(1)
    with Rounds(session_factory, clock, every_s=3600, rounds=(one,)):
        pass
    assert one.calls == 1


def test_groups_of_complaints_are_put_on_record_once(session_factory, clock: FixedClock):
    desk = Actor("desk", frozenset({"customer_service"}))
    given = {
        "channel": "company_line",
        "arrived_at": clock.moment.isoformat(),
        "claim": "催收员多次在夜间来电，要求停止",
        "wanted": "道歉",
        "client": "中国联通",
    }
    for number in range(3):
        intake = read_intake(given | {"debtor": {"customer_id": f"C{number}"}})
        with transaction(session_factory) as session:
            receive(session, clock, intake, actor=desk)

    assert [mark_groups(session_factory, clock) for _ in range(2)] == [3, 0]
    with session_factory() as session:
        assert list(session.scalars(select(CaseRow.level))) == ["high"] * 3
