"""The facts of a call on its report."""

from datetime import date
from decimal import Decimal

from api.report.facts import FactLine, fact_lines
from api.words import Words
from qc.extract.facts import Contact, Dispute, Instalments, Promise, to_document

SURE = Words("证据确定", "Certain")


def test_a_promise_shows_its_sum_and_its_days():
    promise = Promise(
        utterances=(3, 4),
        certainty="certain",
        amount=Decimal("300.00"),
        amount_to=Decimal("500.00"),
        date_from=date(2026, 6, 3),
        date=date(2026, 6, 5),
        condition="payday",
    )
    assert fact_lines([to_document(promise)]) == (
        FactLine(
            Words("承诺还款", "Promise to pay"),
            (
                Words("300.00–500.00 CNY", "300.00–500.00 CNY"),
                Words("待发工资", "on pay day"),
                Words("2026-06-03 – 2026-06-05", "2026-06-03 – 2026-06-05"),
            ),
            SURE,
            (3, 4),
        ),
    )


def test_instalments_and_a_promise_taken_back():
    promise = Promise(
        utterances=(1,),
        certainty="certain",
        instalments=Instalments(3, Decimal("800.00"), "month"),
        withdrawn=True,
    )
    (line,) = fact_lines([to_document(promise)])
    assert line.said == (
        Words("分 3 期 每月 800.00", "3 payments 800.00 a month"),
        Words("后来收回", "taken back"),
    )


def test_a_dispute_and_who_answered():
    dispute = Dispute(
        utterances=(5,), certainty="certain", kind="paid", date_paid=date(2026, 5, 20), channel="app"
    )
    contact = Contact(utterances=(), certainty="unsure", person="relative", relation="mother", how="record")
    lines = fact_lines([to_document(dispute), to_document(contact)])
    assert [line.said for line in lines] == [
        (Words("已还清", "already paid"), Words("app", "app"), Words("2026-05-20", "2026-05-20")),
        (Words("亲属", "a relative"), Words("mother", "mother"), Words("据通话记录", "as the record says")),
    ]
