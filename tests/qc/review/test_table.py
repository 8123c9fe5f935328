"""Every action in every state by every role: what the table says happens, and nothing else."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from api.cli.cases.manual import fill
from api.cli.tickets.manual import commands, tables
from qc.review.decide import check_guards, line_of, read_document, require_role
from qc.review.fold import after
from qc.review.guards.base import Step
from qc.review.transitions import ACTIONS, TRANSITIONS, UNTOUCHED
from qc.review.types import STATES
from qc.review.view import Call, Machine, TicketView
from qc.review.wording import STATE_WORDS, action_words, state_words
from store.errors import DitingError
from store.people import ROLES, SYSTEM, Actor

DOCS = Path(__file__).parents[3] / "docs"
NOW = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
CALL = Call("A-7", 60.0, (Machine(1, "threat", "violation", "certain"),))
# What people may do, written out once more, apart from the table.
EXPECTED = {
    "open": {"assign": "open", "take": "draft", "ask_second": "open"},
    "draft": {
        "assign": "draft", "take": "draft", "give_back": "open", "ask_second": "draft", "decide": "draft",
        "add_missed": "draft", "rate": "draft", "complete": "draft", "adjudicate": "draft", "share": "shared",
    },
    "shared": {"acknowledge": "acknowledged", "appeal": "appealed", "finalise": "final"},
    "acknowledged": {"finalise": "final"},
    "appealed": {"decide_appeal": "final"},
    "final": {"reopen": "draft"},
    "withdrawn": {},
}  # fmt: skip
WHO = {
    "assign": {"qc_lead", "supervisor", "system"},
    "ask_second": {"qc_lead", "supervisor", "system"},
    "acknowledge": {"collector"},
    "appeal": {"collector"},
    "decide_appeal": {"qc_lead", "department_head"},
    "finalise": {"qc_reviewer", "qc_lead", "system"},
    "reopen": {"qc_lead"},
}


@dataclass
class Happened:
    """An event that is only thought of."""

    seq: int
    actor: str
    action: str
    to_state: str
    details: dict[str, Any]
    at: datetime = field(default=NOW)


@pytest.mark.parametrize(("state", "action"), list(product(STATES, ACTIONS)))
def test_an_action_leads_where_it_should_or_nowhere(state: str, action: str):
    view = TicketView(1, state, 1, CALL)
    expected = EXPECTED[state].get(action)
    if expected is None:
        with pytest.raises(DitingError) as raised:
            line_of(view, action)
        assert raised.value.code == "ticket.transition"
    else:
        line = line_of(view, action)
        assert (line.target or state) == expected


@pytest.mark.parametrize(("line", "role"), list(product(TRANSITIONS, (*ROLES, "system"))))
def test_only_the_roles_of_a_line_may_walk_it(line: Any, role: str):
    may = role in WHO.get(line.action, {"qc_reviewer", "qc_lead"})
    if line.by_machine:
        may = role == "system"
    view = TicketView(1, line.sources[0], 1, CALL)
    if may:
        require_role(view, line, Actor("x", frozenset({role})))
        return
    with pytest.raises(DitingError) as raised:
        require_role(view, line, Actor("x", frozenset({role})))
    assert raised.value.code == "ticket.role"


def test_the_machine_moves_only_what_nobody_touched():
    assert UNTOUCHED == ("open", "withdrawn")
    assert {line.action for line in TRANSITIONS if line.by_machine} == {"follow", "withdraw"}


def test_the_collector_of_a_call_takes_no_step_of_a_reviewer():
    collector = Actor("A-7", frozenset(ROLES))
    for line in TRANSITIONS:
        if line.by_machine or line.roles == ("collector",):
            continue
        view = TicketView(1, line.sources[0], 1, CALL, reviewer="A-7", appeal_until=NOW)
        with pytest.raises(DitingError) as raised:
            check_guards(line, Step(view, collector, NOW))
        assert raised.value.code == "ticket.person"


def test_the_system_finalises_at_the_minute_the_window_ends():
    until = NOW + timedelta(hours=72)
    view = TicketView(1, "shared", 1, CALL, shared_at=NOW, appeal_until=until)
    line = line_of(view, "finalise")
    with pytest.raises(DitingError) as raised:
        check_guards(line, Step(view, SYSTEM, until - timedelta(seconds=1)))
    assert raised.value.code == "ticket.window"
    check_guards(line, Step(view, SYSTEM, until))


def test_a_document_names_what_is_wrong_with_it():
    line = line_of(TicketView(1, "draft", 1, CALL), "decide")
    for details, where in (
        ({"verdict": "true"}, "decide"),
        ({"finding": 1, "missed": 2, "verdict": "true"}, "decide"),
        ({"finding": 1, "verdict": "yes"}, "verdict"),
        ({"finding": 1, "verdict": "true", "more": 1}, "more"),
        ({"finding": "1", "verdict": "true"}, "finding"),
        ({"finding": 1, "verdict": "true", "comment": "a\x07"}, "comment"),
        ({"finding": object()}, "decide"),
    ):
        with pytest.raises(DitingError) as raised:
            read_document(line, details)
        assert (raised.value.code, raised.value.where) == ("ticket.document", where)


def test_an_action_that_is_not_known_leaves_the_view_as_it_is():
    view = TicketView(1, "draft", 4, CALL)
    became = after(view, Happened(1, "ann", "unheard_of", "draft", {}))
    assert (became.state, became.version) == ("draft", 5)


@pytest.mark.parametrize(
    ("page", "name", "made"), [("tickets.md", "table", tables), ("cli.md", "tickets", commands)]
)
def test_the_pages_equal_the_table(page: str, name: str, made: Any):
    path = DOCS / page
    assert fill(path, name, made()) == path.read_text(encoding="utf-8")


def test_everything_has_words_in_both_languages():
    assert set(STATE_WORDS) == set(STATES)
    assert state_words("final", "zh") == "已定稿"
    assert state_words("elsewhere", "en") == "elsewhere"
    assert action_words("share", "en") == "share with the collector"
    assert action_words("dance", "zh") == "dance"
    for line in TRANSITIONS:
        assert line.zh
        assert line.en
        assert all(guard.zh and guard.en for guard in line.guards)
