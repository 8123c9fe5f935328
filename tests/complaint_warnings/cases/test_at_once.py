"""Several people at the same case at the same time: one wins, the others are told, nothing is lost."""

import threading
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from complaint_warnings.cases.check import check_cases
from complaint_warnings.cases.door import act, history
from complaint_warnings.cases.models import CaseEventRow, CaseRow
from store import audit
from store.database import SessionFactory, reading, transaction
from store.errors import ConflictError, DitingError

from .fuzzing import OF_CLOCKS, Stored, agree, explained, new_model, row_shown
from .model import Model
from .model_rules import DONE, OF_DITING
from .people import ACTORS, REVIEW, add_house, begin
from .random_steps import ACTIONS, random_case, random_step

THREADS, STEPS = 4, 12
# What the door adds where something comes to a case that is on hold.
WOKEN = ("system", "resume")


def together(*jobs: Callable[[], None]) -> None:
    """Run the jobs at the same time; what goes wrong in one is raised here."""
    start, errors = threading.Barrier(len(jobs)), []

    def run(job: Callable[[], None]) -> None:
        start.wait()
        try:
            job()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.parametrize(("version", "code"), [(1, "case.version"), (None, "case.transition")])
def test_of_two_who_sign_at_once_one_wins(session_factory: SessionFactory, clock, version, code):
    with transaction(session_factory) as session:
        add_house(session, clock)
        number = begin(session, clock).id
    won: list[str] = []
    lost: list[tuple[str, ConflictError]] = []

    def sign(who: str) -> Callable[[], None]:
        def job() -> None:
            try:
                with transaction(session_factory) as session:
                    act(
                        session, clock, case_id=number, action="sign", actor=ACTORS[who], details=REVIEW,
                        version=version,
                    )  # fmt: skip
            except ConflictError as error:
                lost.append((who, error))
            else:
                won.append(who)

        return job

    together(sign("wang"), sign("zhou"))

    [winner] = won
    [(_, refusal)] = lost
    assert refusal.code == code
    assert "reviewed" in refusal.message  # the state by now, in words
    with session_factory() as session:
        row = session.get_one(CaseRow, number)
        assert (row.state, row.version, row.reviewer_id) == ("reviewed", 2, winner)
        assert [event.actor for event in history(session, number)] == ["system", winner]
        assert list(check_cases(session)) == []


def test_random_people_at_once_lose_nothing(session_factory: SessionFactory, clock):
    with transaction(session_factory) as session:
        add_house(session, clock)
    starts = [random_case(Random(seed)) for seed in range(2)]
    cases = [Stored(session_factory, clock, start, f"debtor:{n}") for n, start in enumerate(starts)]
    taken: list[tuple[int, str, str]] = []
    together(
        *(
            _worker(session_factory, Random(100 + n), cases[n % 2], starts[n % 2], taken)
            for n in range(THREADS)
        )
    )

    with session_factory() as session:
        events = session.scalars(select(CaseEventRow).where(CaseEventRow.action.in_(ACTIONS)))
        seen = [(e.case_id, e.actor, e.action) for e in events if (e.actor, e.action) != WOKEN]
        assert sorted(seen) == sorted(taken)
        assert len(taken) > THREADS
        for case, start in zip(cases, starts, strict=True):
            model = replayed(start, history(session, case.id), strict=True)
            assert agree(model, row_shown(session.get_one(CaseRow, case.id)))
        assert audit.verify(session) == []
        assert list(check_cases(session)) == []


def _worker(
    sessions: SessionFactory,
    rng: Random,
    case: Stored,
    start: dict[str, Any],
    taken: list[tuple[int, str, str]],
) -> Callable[[], None]:
    """Looks at the case, thinks of a step, and tries it while others do the same."""

    def job() -> None:
        for _ in range(STEPS):
            with reading(sessions) as session:
                model = replayed(start, history(session, case.id), strict=False)
            step = random_step(rng, model)
            try:
                case(step)
            except DitingError as error:
                explained(error)
            else:
                taken.append((case.id, step.who, step.action))

    return job


def replayed(start: dict[str, Any], events: list[CaseEventRow], *, strict: bool) -> Model:
    """The model after the steps taken; `strict`: each of them was allowed when it came."""
    model = new_model(start)
    for event in events[1:]:
        if event.action == "handle_again":
            assert model.state == event.to_state, "the model went there with the event before"
        elif (event.actor, event.action) == WOKEN:
            assert not model.held, "the model ended the pause with the event before"
        elif event.action in ACTIONS:
            if strict and event.action not in OF_CLOCKS:
                told = model.refusals(event.actor, event.action, event.details, broken=False, version=None)
                assert told == set(), f"event {event.seq}: {event.action} by {event.actor}: {told}"
            model.take(event.actor, event.action, event.details)
            led_back = event.action in OF_DITING and event.to_state in DONE
            assert model.state in {event.to_state, "planned" if led_back else event.to_state}
        else:
            model.version += 1  # what Diting itself put on record
    return model
