"""Ten thousand random ways through a case, by random people, against rules written a second time."""

import pytest
from sqlalchemy import func, select

from complaint_warnings.cases.check import check_cases
from complaint_warnings.cases.complaint_lines import COMPLAINT
from complaint_warnings.cases.models import CaseEventRow
from complaint_warnings.cases.transitions import TRANSITIONS
from complaint_warnings.cases.way import BESIDE, WAY
from store import audit
from store.database import SessionFactory, transaction

from .fuzzing import Pure, Stored, Tally, run_sequence
from .people import add_house
from .random_steps import ACTIONS

SEQUENCES, PARTS, LENGTH = 10_000, 4, 40
STORED, STORED_LENGTH = 12, 25


def test_the_model_knows_every_action_of_people():
    by_people = {line.action for line in (*WAY, *BESIDE, *COMPLAINT)} - {
        "gather_evidence",
        "release_evidence",
    }
    assert by_people | {"evidence", "level_raised", "merged_from"} == set(ACTIONS)
    assert len(TRANSITIONS) > len(WAY)


@pytest.mark.parametrize("part", range(PARTS))
def test_random_sequences_do_what_the_rules_say(part):
    tally = Tally()
    for seed in range(part, SEQUENCES, PARTS):
        run_sequence(seed, Pure, LENGTH, tally)
    assert tally.sequences == SEQUENCES // PARTS
    # Every action was taken and every refusal met, but for the merging, which needs a second case.
    assert set(tally.taken) == set(ACTIONS) - {"merge"}
    assert set(tally.refused) == {
        "case.version", "case.transition", "case.closed", "case.role", "case.document", "case.self_review",
        "case.handler", "case.team", "case.not_in_team", "case.second_person", "case.relief", "case.tracking",
        "case.measures", "case.review_missing", "case.self_harm", "case.hold", "case.not_contacted",
        "case.not_complaint", "case.complaint_open", "case.not_classified", "case.not_answered",
        "case.not_called_back", "case.dissatisfied",
    }  # fmt: skip


def test_random_sequences_through_the_door_lose_nothing(session_factory: SessionFactory, clock):
    with transaction(session_factory) as session:
        add_house(session, clock)
    tally = Tally()
    for seed in range(STORED):
        run_sequence(
            seed,
            lambda start, seed=seed: Stored(session_factory, clock, start, f"debtor:{seed}"),
            STORED_LENGTH,
            tally,
        )
    with session_factory() as session:
        woken = (CaseEventRow.actor == "system") & (CaseEventRow.action == "resume")
        own = select(func.count()).select_from(CaseEventRow).where(CaseEventRow.action.in_(ACTIONS), ~woken)
        assert session.scalar(own) == sum(tally.taken.values()) > STORED
        assert audit.verify(session) == []
        assert list(check_cases(session)) == []
