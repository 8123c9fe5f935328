"""Reading what is stored, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from complaint_warnings.backtest.complaints_file import ArrivedComplaint
from complaint_warnings.backtest.population import (
    debtors_of,
    stored_episode,
    stored_episodes,
    stored_histories,
)
from complaint_warnings.models import WarningCallRow, WarningDebtorRow, WarningRow
from complaint_warnings.scoring.document import item_to_document
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.service import apply_call
from complaint_warnings.sources.models import WarningItemRow
from complaint_warnings.types import ItemEvidence
from ingest.models import CallRow
from store.database import SessionFactory, reading, transaction
from store.errors import NotFoundError

from ..helpers import call, finding
from .stored import day, heard, store

WEIGHTS = default_weights()


def keep(factory: SessionFactory, *calls) -> None:
    with transaction(factory) as session:
        store(session, calls)


def test_episodes_come_with_all_their_evidence(factory, clock, register):
    first = call(finding("refusal"), name="H1", at=day(1))
    second = call(finding("dispute.amount"), name="H2", at=day(2))
    quiet = call(name="H3", at=day(3))
    with transaction(factory) as session:
        for evidence, debtor in ((first, "customer:A"), (second, "customer:A"), (quiet, "customer:B")):
            number = register(session, evidence, debtor)
            apply_call(session, clock, call_id=number, evidence=evidence, weights=WEIGHTS)
        item = ItemEvidence("report:R-1", day(4), ("report.attitude",))
        session.add(
            WarningItemRow(
                source="report",
                external_id="R-1",
                kind="attitude",
                state="matched",
                debtor_key="customer:B",
                happened_at=day(4),
                received_at=day(9),
                received_by="p1",
                document={},
                content_sha256="0" * 64,
                evidence=item_to_document(item),
            )
        )
    with reading(factory) as session:
        found = list(stored_episodes(session))
        warning = session.scalar(select(WarningRow.id))
        assert warning is not None
        alone = stored_episode(session, warning)
        [history] = [h for h in stored_histories(session, {}) if h.debtor == "customer:B"]
    assert [(e.debtor, e.warning, e.open, [x.reference for x in e.evidence]) for e in found] == [
        ("customer:A", warning, True, ["H1", "H2"]),
        ("customer:B", None, True, ["H3", "report:R-1"]),
    ]
    assert alone == found[0]
    assert history.received == {"report:R-1": day(9)}


def test_closed_episodes_are_apart_and_may_be_left_out(factory, clock):
    keep(factory, heard("A", 1, finding("refusal")), heard("A", 20, finding("refusal")))
    with transaction(factory) as session:
        row = WarningRow(
            debtor_key="customer:A", episode=1, opened_at=day(1), updated_at=day(5), closed_at=day(5),
            first_seen_at=day(1), level="low", score=8.0, model="default@3", advice={}, indicators=[],
        )  # fmt: skip
        session.add(row)
        session.flush()
        first = session.scalars(select(WarningCallRow).order_by(WarningCallRow.call_id)).first()
        assert first is not None
        first.warning_id = row.id
        closed = row.id
    with reading(factory) as session:
        found = [(e.warning, e.open, len(e.evidence)) for e in stored_episodes(session)]
        left = [(e.warning, e.open) for e in stored_episodes(session, open_only=True)]
        [history] = stored_histories(session, {"customer:A": [day(7)]})
    assert found == [(closed, False, 1), (None, True, 1)]
    assert left == [(None, True)]
    assert (history.closings, history.complaints, len(history.evidence)) == ((day(5),), (day(7),), 2)


def test_everybody_is_read_however_many(factory):
    many = 650  # more than are read at once
    keep(factory, *(heard(f"{n:04}", 1, finding("refusal")) for n in range(many)))
    with reading(factory) as session:
        assert [e.debtor for e in stored_episodes(session)] == [f"customer:{n:04}" for n in range(many)]
        debtors = [h.debtor for h in stored_histories(session, {"customer:9999": [day(1)]})]
    assert debtors == [*(f"customer:{n:04}" for n in range(many)), "customer:9999"]


def test_calls_that_nobody_judged_are_known_as_such(factory):
    keep(factory, heard("A", 1), heard("A", 2))
    with transaction(factory) as session:
        kept = session.scalars(select(WarningCallRow).order_by(WarningCallRow.call_id)).first()
        session.delete(kept)
        row = session.get_one(CallRow, 1)
        session.add(WarningDebtorRow(debtor_key="customer:Z", turns=0))
        assert row.started_at == day(1)
    with reading(factory) as session:
        found = {h.debtor: h for h in stored_histories(session, {})}
    assert found["customer:A"].unjudged == (day(1),)
    assert found["customer:Z"].evidence == ()


def test_a_complaint_finds_its_debtor_by_customer_case_or_key(factory):
    keep(
        factory,
        heard("A", 1),
        heard("B", 1, id="K-shared"),
        heard("B", 2, id="K-shared"),
        heard("C", 1, id="K-shared"),
    )
    arrived = day(3)

    def one(kind: str, who: str, hours: int = 0) -> ArrivedComplaint:
        return ArrivedComplaint(kind, who, arrived + timedelta(hours=hours), "", 2)

    with reading(factory) as session:
        found = debtors_of(
            session,
            [
                one("customer_id", "A"),
                one("debtor", "customer:A", 1),
                one("case_id", "K-shared"),
                one("customer_id", "nobody"),
                one("case_id", "K-none"),
            ],
        )
    assert found == {
        "customer:A": [arrived, arrived + timedelta(hours=1)],
        "customer:B": [arrived],
        "customer:nobody": [arrived],
        "case:K-none": [arrived],
    }


def test_no_such_warning(factory):
    with reading(factory) as session, pytest.raises(NotFoundError) as refused:
        stored_episode(session, 7)
    assert refused.value.code == "warnings.unknown"
