"""The simulated portfolio is what its README says, and nothing of the hidden part reaches the score."""

import numpy as np
import pytest

from bench.warnings.evidence import FIRST, START, findings_marks, histories
from bench.warnings.process import DAYS, MARKS, WARM_UP, simulate
from bench.warnings.settings import MAIN, VARIANTS, World
from complaint_warnings.scoring.document import evidence_from_document, evidence_to_document

DEBTORS = 1500


@pytest.fixture(scope="module")
def portfolio():
    return simulate(MAIN, DEBTORS, 7, asked=(WARM_UP,))


def test_the_same_seed_gives_the_same_portfolio(portfolio):
    again = simulate(MAIN, DEBTORS, 7, asked=(WARM_UP,))
    assert np.array_equal(again.calls.marks, portfolio.calls.marks)
    assert all(np.array_equal(a, b) for a, b in zip(again.complaints, portfolio.complaints, strict=True))
    assert portfolio.truth.shape == (1, DEBTORS)


def test_six_calls_a_debtor_most_of_them_to_few(portfolio):
    calls = np.bincount(portfolio.calls.debtor, minlength=DEBTORS)
    assert 4.5 < calls.mean() < 7.5
    assert np.sort(calls)[-DEBTORS // 10 :].sum() > 0.45 * calls.sum()
    assert 0.25 < (calls == 0).mean() < 0.4


def test_who_threatens_does_not_complain_because_of_it():
    """Twice the bluster makes more threats, and leaves who is aggrieved alone but for what is drawn anew."""
    loud = simulate(World("loud", bluster=1.6), DEBTORS, 7)
    calm = simulate(World("calm", bluster=0.2), DEBTORS, 7)
    threat = MARKS.index("threat")
    assert loud.calls.marks[:, threat].sum() > 1.3 * calm.calls.marks[:, threat].sum()
    assert np.array_equal(loud.people.litigiousness, calm.people.litigiousness)


def test_findings_are_missed_and_invented_at_the_measured_rates():
    chance = np.random.default_rng(1)
    true = chance.random((200_000, len(MARKS))) < 0.05
    found, sure = findings_marks(MAIN, true, chance)
    assert found[true].mean() == pytest.approx(MAIN.recall, abs=0.01)
    assert true[found].mean() == pytest.approx(MAIN.precision, abs=0.01)
    assert true[found & sure].mean() == pytest.approx(0.93, abs=0.01)


def test_histories_hold_every_call_once_and_complaints_after_the_warm_up(portfolio):
    told = list(histories(portfolio, MAIN, 8))
    assert len(told) == DEBTORS
    assert sum(len(h.evidence) + len(h.unjudged) for h in told) == len(portfolio.calls.debtor)
    arrived = [moment for h in told for moment in h.complaints]
    assert arrived
    assert all(moment > FIRST for moment in arrived)
    assert all((each.moment - START).days < DAYS for h in told for each in h.evidence if each.moment)
    assert all(
        [e.moment for e in h.evidence] == sorted(e.moment for e in h.evidence if e.moment) for h in told
    )


def test_the_evidence_is_such_as_the_product_keeps(portfolio):
    told = next(h for h in histories(portfolio, MAIN, 8) if sum(len(e.findings) for e in h.evidence) > 2)
    for each in told.evidence:
        back = evidence_from_document(evidence_to_document(each))
        assert back.findings == each.findings
        assert back.record.case == each.record.case
        assert [e.started_at for e in back.record.history] == [e.started_at for e in each.record.history]


def test_the_other_worlds_differ_from_the_main_one():
    assert {world.name for world in VARIANTS} == {"unannounced", "silent", "conduct", "slow", "overdue"}
    silent = next(world for world in VARIANTS if world.name == "silent")
    assert (silent.background, silent.recall) == (4 * MAIN.background, 0.55)
