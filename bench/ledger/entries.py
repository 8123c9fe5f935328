"""Fills a ledger: cases as the door would have written them, with warnings, items and the audit chain.

Only the way into the tables is shorter: many rows a statement. Events are folded and hashed by the product's
own functions, so that `diting verify` finds nothing to complain of.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from complaint_warnings.cases.events import entry_hash, event_hash
from complaint_warnings.cases.fold import after, begin
from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.cases.view import CaseView, row_values
from complaint_warnings.clocks.models import DeadlineRow
from complaint_warnings.ledger.models import COPIED, HEAD, LedgerLineRow, LedgerResultRow, LedgerWordsRow
from complaint_warnings.ledger.service import ranks
from complaint_warnings.models import WarningDebtorRow, WarningRow
from complaint_warnings.scoring.wording import first_advice
from complaint_warnings.seals import values_hash
from complaint_warnings.sources.models import WarningItemRow
from store.audit import GENESIS, AuditEntry, AuditHead
from store.audit import entry_hash as audit_hash
from store.people import PersonRow

START = datetime(2024, 1, 1, tzinfo=UTC)
BATCH = 2_000
HANDLERS = tuple(f"handler-{number:03}" for number in range(60))
COLLECTORS = tuple(f"A{number:04}" for number in range(800))
TEAMS = tuple(f"团队{number:02}" for number in range(40))
CLIENTS = tuple(f"委托方{number:02}" for number in range(25))
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
SOURCES = ("call",) * 14 + ("report",) * 3 + ("monitor",) * 2 + ("opinion",)
RESULT = "经核实通话录音与账务记录，已向客户说明情况并就减免方案达成一致，客户表示认可，案号"
SIGNALS = (
    ("high", "complaint_intent.regulator"), ("high", "self_harm"), ("medium", "stop_request"),
    ("medium", "emotion.angry"), ("medium", "conduct.critical"), ("low", "hardship"), ("low", "dispute"),
)  # fmt: skip


@dataclass
class Batch:
    """Rows to be written together, by table."""

    rows: dict[type, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: type, values: dict[str, Any]) -> None:
        """One more row."""
        self.rows.setdefault(table, []).append(values)


class Chain:
    """The audit chain, entry after entry."""

    def __init__(self) -> None:
        self.seq, self.hash = 0, GENESIS

    def entry(
        self, batch: Batch, at: datetime, actor: str, action: str, subject: str, **details: Any
    ) -> None:
        """Link one more entry."""
        entry = AuditEntry(
            seq=self.seq + 1, at=at, actor=actor, action=action, subject=subject, details=details,
            previous_hash=self.hash,
        )  # fmt: skip
        entry.hash = audit_hash(entry)
        self.seq, self.hash = entry.seq, entry.hash
        batch.add(AuditEntry, _values(entry))


def fill(session: Session, count: int, seed: int = 7) -> None:
    """Write `count` cases over two years, a fifth of them open still, and their people."""
    rng, chain = random.Random(seed), Chain()
    people = [
        {
            "id": one,
            "name": f"姓名{one[-3:]}",
            "roles": ["customer_service"],
            "active": True,
            "added_at": START,
        }
        for one in (*HANDLERS, "head")
    ]
    session.execute(insert(PersonRow), people)
    words = ["\n".join(_advice(level, signal).values()).casefold() for level, signal in SIGNALS]
    rows = [{"id": place, "sha256": f"{place:064}", "words": text} for place, text in enumerate(words, 1)]
    session.execute(insert(LedgerWordsRow), rows)
    for start in range(1, count + 1, BATCH):
        batch = Batch()
        for number in range(start, min(start + BATCH, count + 1)):
            _one(batch, chain, rng, number, count)
        for table in (
            WarningDebtorRow,
            WarningRow,
            WarningItemRow,
            CaseRow,
            CaseEventRow,
            LedgerLineRow,
            LedgerResultRow,
            DeadlineRow,
            AuditEntry,
        ):
            if batch.rows.get(table):
                session.execute(insert(table.__table__), batch.rows[table])
        session.commit()
    session.execute(AuditHead.__table__.update().values(seq=chain.seq, hash=chain.hash))
    session.commit()


def _one(batch: Batch, chain: Chain, rng: random.Random, number: int, count: int) -> None:
    at = START + timedelta(seconds=(number / count) * 730 * 86_400 + rng.random() * 30)
    at = at.replace(microsecond=0)
    key, source = f"customer:C{number}", rng.choice(SOURCES)
    level, signal = rng.choice(SIGNALS)
    advice = _advice(level, signal)
    seen = None if rng.random() < 0.02 else at - timedelta(hours=rng.randrange(1, 400))
    batch.add(WarningDebtorRow, {"debtor_key": key, "turns": 1})
    opened = _opened(rng, number, key, level, source, seen, advice, at)
    steps = list(_steps(rng, at, open_=rng.random() < 0.2))
    closed_at = next((moment for moment, action, *_ in steps if action == "dismiss"), None)
    _warning(batch, chain, number, opened, signal, at, closed_at)
    if source != "call":
        _item(batch, chain, rng, number, opened, at)
    view, row = _case(batch, chain, rng, number, opened, steps, at)
    score = {"high": 82.0, "medium": 25.0, "low": 8.0}[level] + number % 7
    due = at + timedelta(days=3)
    words_id = 1 + SIGNALS.index((level, signal))
    _line(batch, number, view, row, score, words_id, None if closed_at else due)
    batch.add(
        DeadlineRow,
        {
            "case_id": number,
            "clock": "general",
            "number": 1,
            "title": {"zh": "答复", "en": "answer"},
            "starts_at": at,
            "due_at": due,
            "rule_due_at": due,
            "met_at": None,
            "ended_at": closed_at,
            "breached_at": None,
            "by_hand": False,
            "provisional": False,
            "force": "house",
            "policy": "default@1",
            "why": {},
            "document": {},
            "stamp": "",
            "next_at": None,
        },
    )


def _advice(level: str, signal: str) -> dict[str, str]:
    return {language: first_advice([signal], level, language) for language in ("zh", "en")}  # type: ignore[arg-type]


def _opened(
    rng: random.Random,
    number: int,
    key: str,
    level: str,
    source: str,
    seen: datetime | None,
    advice: dict[str, str],
    at: datetime,
) -> dict[str, Any]:
    name = rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2))))
    return {
        "number": f"W-{at.year}-{number:06d}",
        "kind": "warning",
        "debtor_key": key,
        "warning_id": number,
        "level": level,
        "source": source,
        "complexity": "general",
        "first_seen_at": seen.isoformat() if seen else None,
        "debtor_name": name,
        "contact": f"+861{rng.randrange(3_000_000_000, 9_999_999_999)}",
        "amount_due": f"{rng.lognormvariate(8.5, 1.2):.2f}",
        "currency": "CNY",
        "client": rng.choice(CLIENTS),
        "collector_id": rng.choice(COLLECTORS),
        "team": rng.choice(TEAMS),
        "advice": advice,
        "flags": [],
        "details": {},
    }


def _steps(
    rng: random.Random, at: datetime, *, open_: bool
) -> Iterator[tuple[datetime, str, str, dict[str, Any]]]:
    if rng.random() < 0.7:
        at += timedelta(hours=rng.randrange(1, 40))
        signed = {"truth": rng.choice(("confirmed", "partly", "unclear")), "accurate": True}
        yield at, "sign", "reviewed", {"level": None, "comment": None, **signed}
    if open_:
        return
    at += timedelta(hours=rng.randrange(2, 200))
    yield at, "dismiss", "closed", {"reason": "经核实不属实，已向客户说明。"}


def _warning(
    batch: Batch,
    chain: Chain,
    number: int,
    opened: dict[str, Any],
    signal: str,
    at: datetime,
    closed_at: datetime | None,
) -> None:
    because = {"zh": "客户反映的情况见通话。", "en": "As heard in the call."}
    values = {
        "id": number,
        "debtor_key": opened["debtor_key"],
        "episode": 1,
        "opened_at": at,
        "updated_at": closed_at or at,
        "closed_at": closed_at,
        "first_seen_at": datetime.fromisoformat(opened["first_seen_at"]) if opened["first_seen_at"] else None,
        "level": opened["level"],
        "score": 25.0,
        "model": "default@3",
        "source": opened["source"],
        "advice": opened["advice"],
        "indicators": [{"name": signal, "points": 25.0, "floor": opened["level"], "because": because}],
        "debtor_name": opened["debtor_name"],
        "contact": opened["contact"],
        "amount_due": opened["amount_due"],
        "currency": "CNY",
    }
    batch.add(WarningRow, values)
    chain.entry(batch, at, "system", "warning.opened", f"warning:{number}", sha256=values_hash(values))


def _item(
    batch: Batch, chain: Chain, rng: random.Random, number: int, opened: dict[str, Any], at: datetime
) -> None:
    values = {
        "id": number,
        "source": opened["source"],
        "external_id": f"X-{number}",
        "kind": "other",
        "state": "matched",
        "debtor_key": opened["debtor_key"],
        "warning_id": number,
        "happened_at": at,
        "received_at": at,
        "received_by": rng.choice(HANDLERS),
        "reporter_id": None,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        "document": {"words": "客户不满"},
        "content_sha256": "0" * 64,
        "evidence": {},
    }
    batch.add(WarningItemRow, values)
    chain.entry(batch, at, "system", "item.received", f"item:{number}", sha256=values_hash(values))


def _case(
    batch: Batch,
    chain: Chain,
    rng: random.Random,
    number: int,
    opened: dict[str, Any],
    steps: list[tuple[datetime, str, str, dict[str, Any]]],
    at: datetime,
) -> tuple[CaseView, dict[str, Any]]:
    reporter = rng.choice(HANDLERS) if opened["source"] == "report" else "system"
    view: CaseView | None = None
    row: dict[str, Any] = {}
    happened = [(at, "opened", "reported", opened), *steps]
    for seq, (moment, action, state, details) in enumerate(happened, 1):
        actor = reporter if seq == 1 else "head"
        event = CaseEventRow(
            case_id=number,
            seq=seq,
            at=moment,
            actor=actor,
            action=action,
            from_state=view.state if view else None,
            to_state=state,
            details=details,
        )
        view = begin(event) if view is None else after(view, event)
        row = {"id": number, **row_values(view)}
        event.entry_sha256 = entry_hash(SimpleNamespace(**row))  # type: ignore[arg-type]
        event.sha256 = event_hash(event)
        values = _values(event)
        values.pop("id")
        batch.add(CaseEventRow, values)
        chain.entry(
            batch,
            moment,
            actor,
            f"case.{action}",
            f"case:{number}",
            seq=seq,
            state=state,
            event=event.sha256,
            entry=event.entry_sha256,
        )
    batch.add(CaseRow, row)
    if view is None:
        raise ValueError(number)
    return view, row


def _line(
    batch: Batch,
    number: int,
    view: CaseView,
    row: dict[str, Any],
    score: float,
    words_id: int,
    due: datetime | None,
) -> None:
    review, advice = view.review, view.advice["zh"]
    level_rank, state_rank = ranks(view.level, view.state)
    values = {
        "case_id": number,
        "happened_at": view.first_seen_at or view.opened_at,
        "level_rank": level_rank,
        "state_rank": state_rank,
        "amount": float(view.amount_due or 0),
        "score": score,
        "advice_head": advice[:HEAD],
        "signed_at": review.at if review else None,
        "verdict": review.document.model_dump()["truth"] if review else None,
        "words_id": words_id,
        "awaited_due_at": due,
        **{name: row[name] for name in COPIED},
    }
    batch.add(LedgerLineRow, values)
    if row["closed_at"] is not None:  # texts of their own, so that a search reads as much as it would
        batch.add(LedgerResultRow, {"case_id": number, "words": f"{row['debtor_name']}{RESULT}{number}。"})


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
