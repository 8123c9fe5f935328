"""The whole way of a high warning, from a call to closing: once at the command line, once over HTTP."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import yaml

from api.cli.main import main
from api.http.app import create_app
from complaint_warnings.cases.check import check_cases
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.models import WarningRow
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.service import apply_call
from ingest.record import Agent
from store import audit
from store.clock import SystemClock
from store.database import SessionFactory, transaction
from store.people import new_token
from store.settings import Settings
from tests.complaint_warnings.helpers import call, finding

from .people import HOUSE, add_house


def a_call_threatens_with_the_regulator(sessions: SessionFactory, clock: Any, register: Any) -> int:
    """A customer of zhang, team-1, says that they will go to the regulator. Returns the id of the case."""
    heard = call(finding("complaint_intent", channel="regulator"), finding("negative_emotion", state="angry"))
    record = heard.record.model_copy(update={"agent": Agent(id="zhang", name="张伟", team="team-1")})
    heard = replace(heard, record=record)
    with transaction(sessions) as session:
        add_house(session, clock)
        warning = apply_call(
            session, clock, call_id=register(session, heard), evidence=heard, weights=default_weights()
        )
        assert warning is not None
        case = session.query(CaseRow).filter_by(warning_id=warning.id).one()
        assert (case.level, case.source, case.reporter_id, case.state) == (
            "high",
            "call",
            "system",
            "reported",
        )
        assert (case.collector_id, case.team, case.debtor_name) == ("zhang", "team-1", "李建国")
        return case.id


def plan_for(now: Any) -> dict[str, Any]:
    return {
        "goal": "客户撤回投诉意向",
        "measures": [
            {"what": "复核通话并致歉", "owner": "liu", "due": (now + timedelta(days=1)).isoformat()},
            {"what": "减免违约金", "owner": "chen", "due": (now + timedelta(days=2)).isoformat()},
        ],
    }


def everything_holds(sessions: SessionFactory, case_id: int) -> None:
    """The case is closed, its warning with it, and nothing was lost or altered."""
    with sessions() as session:
        case = session.get_one(CaseRow, case_id)
        assert (case.state, case.handler_id, case.reviewer_id) == ("closed", "chen", "wang")
        assert case.result == "relief_granted"
        warning = session.get_one(WarningRow, case.warning_id)
        assert warning.closed_at == case.closed_at is not None
        assert audit.verify(session) == []
        assert list(check_cases(session)) == []


@pytest.fixture
def diting(database_url: str, tmp_path, monkeypatch, capsys) -> Callable[..., str]:
    """The command itself: `diting("cases", …)` gives what it prints, `refused=CODE` that it says so."""
    monkeypatch.setenv("DITING_DATABASE_URL", database_url)
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path / "var"))

    def run(*arguments: object, refused: str | None = None) -> str:
        monkeypatch.setattr(sys, "argv", ["diting", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        if refused is None:
            assert ended.value.code == 0, told.err
            return told.out
        assert ended.value.code != 0
        assert f"[{refused}]" in told.err
        assert len(told.err.splitlines()) == 1
        return told.err

    return run


def test_a_high_warning_is_handled_at_the_command_line(diting, session_factory, register, tmp_path):
    clock = SystemClock()
    case = a_call_threatens_with_the_regulator(session_factory, clock, register)
    now = clock.now().isoformat()
    plan = tmp_path / "plan.yaml"
    plan.write_text(yaml.safe_dump(plan_for(clock.now()), allow_unicode=True), encoding="utf-8")

    # Complaint control sees it and starts at once: the review has not come yet.
    [listed] = json.loads(diting("cases", "list", "--open", "--level", "high", "--json"))
    assert (listed["id"], listed["state"], listed["contact"]) == (case, "reported", "+86138****8000")
    number = listed["number"]
    assert "collect" in diting("cases", "allowed", case, "--by", "li")
    diting("cases", "collect", number, "--by", "li", "--complexity", "complex", "--version", 1)

    # Somebody who saw the case before that is told so.
    told = diting("cases", "collect", case, "--by", "feng", "--version", 1, refused="case.version")
    assert "it is collected now, version 2" in told

    # The collector complained of is kept out; so is a team that lacks somebody.
    zhang = ("--member", "zhang=talks")
    members = ("--member", "feng=lead", "--member", "xu=legal", "--member", "chen=customer_service")
    form = ("cases", "form-team", case, "--by", "feng", "--handler", "chen", *members)
    diting(*form, "--member", "liu=supervisor", *zhang, refused="case.handler")
    diting(*form, refused="case.team")
    diting(*form, "--member", "wu=supervisor", refused="case.team")  # of another team than zhang's
    diting(*form, "--member", "liu=supervisor")

    # The customer is called at once, and is angry.
    talk = ("cases", "contact", case, "--by", "chen", "--channel", "phone", "--at", now)
    diting(*talk, "--said", "客户要求道歉", "--mood", "angry")
    diting(
        "cases",
        "contact",
        case,
        "--by",
        "zhang",
        *talk[5:],
        "--said",
        "…",
        "--mood",
        "calm",
        refused="case.handler",
    )

    # The department head signs what was begun at once.
    diting("cases", "sign", case, "--by", "wang", "--truth", "confirmed", "--accurate")

    # Cause, plan, money by two persons.
    diting("cases", "analyse", case, "--by", "xu", "--dimensions", "staff", "--cause", "用语不当")
    diting("cases", "plan", case, "--by", "chen", refused="case.document")
    diting("cases", "plan", case, "--by", "chen", "--file", plan)
    relief = ("--kind", "fee_relief", "--amount", "120.50", "--reason", "违约金计算有误")
    diting("cases", "propose-relief", case, "--by", "feng", *relief)
    diting("cases", "approve-relief", case, "--by", "feng", "--relief", 1, refused="case.second_person")
    diting(*talk, "--said", "致歉，说明将减免违约金", "--mood", "calm")
    result = ("--outcome", "relief_granted", "--words", "减免违约金 120.50 元，客户接受")
    diting("cases", "resolve", case, "--by", "chen", *result, refused="case.relief")
    diting("cases", "approve-relief", case, "--by", "wang", "--relief", 1)
    diting("cases", "resolve", case, "--by", "li", *result, refused="case.not_in_team")
    diting("cases", "resolve", case, "--by", "chen", *result)

    # Whether it holds, what is learned, and the end.
    diting("cases", "track", case, "--by", "chen", "--seen", "已到账", "--measures-done", 2)
    worth = ("--effective", "yes", "--attribution", "staff", "--lessons", "增加用语培训")
    diting("cases", "evaluate", case, "--by", "liu", *worth, refused="case.tracking")
    diting("cases", "track", case, "--by", "chen", "--seen", "未再投诉", "--measures-done", 1, "--ended")
    diting("cases", "evaluate", case, "--by", "liu", *worth)
    diting("cases", "close", case, "--by", "li", refused="case.role")
    assert "已结案" in diting("cases", "close", case, "--by", "feng")
    diting("cases", "contact", case, *talk[3:], "--said", "…", "--mood", "calm", refused="case.closed")

    shown = diting("cases", "show", number, "--lang", "en")
    for words in (
        "closed",
        "handler chen",
        "客户撤回投诉意向",
        "fee_relief 120.50 CNY",
        "用语不当",
        "增加用语培训",
    ):
        assert words in shown
    assert "13800138000" not in shown
    actions = [json.loads(line)["action"] for line in diting("cases", "history", case).splitlines()]
    assert [action for action in actions if not action.startswith("deadline")] == [
        "opened", "collect", "form_team", "contact", "sign", "analyse", "plan", "propose_relief", "contact",
        "approve_relief", "resolve", "track", "track", "evaluate", "close",
    ]  # fmt: skip
    everything_holds(session_factory, case)


TOKEN = "4f0c2a9d7be14c55a1d3e8f7"


class House:
    """Everybody of the house at the API, each with their own token."""

    def __init__(self, app: Any, tokens: dict[str, str], case: int) -> None:
        self.app, self.tokens, self.case, self.version = app, tokens, case, 1

    def ask(self, who: str | None, method: str, path: str, **options: Any) -> httpx.Response:
        token = self.tokens[who] if who else TOKEN

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
                return await client.request(method, f"/api/v1/cases/{path}", headers=headers, **options)

        return asyncio.run(send())

    def does(self, who: str | None, action: str, refused: str | None = None, **document: Any) -> str:
        """Acts with the version that was seen last; gives the state after it, or the reason against it."""
        wanted = {"version": self.version, "document": document}
        answer = self.ask(who, "POST", f"{self.case}/actions/{action}", json=wanted)
        body = answer.json()
        if refused is not None:
            assert (answer.status_code >= 400, body["code"]) == (True, refused), body
            assert body["mend"]
            return str(body["detail"])
        assert answer.status_code == 200, body
        self.version = body["version"]
        return str(body["state"])


@pytest.fixture
def house(database_url, session_factory, register, clock, tmp_path) -> Iterator[House]:
    case = a_call_threatens_with_the_regulator(session_factory, clock, register)
    with transaction(session_factory) as session:
        tokens = {person: new_token(session, clock, person) for person in HOUSE}
    settings = Settings(database_url=database_url, data_dir=tmp_path / "var", api_token=TOKEN)
    app = create_app(settings, clock=clock)
    yield House(app, tokens, case)
    app.state.engine.dispose()


def test_a_high_warning_is_handled_over_http(house, session_factory, clock):
    case = house.case
    now = clock.now().isoformat()
    members = {"feng": "lead", "xu": "legal", "liu": "supervisor", "chen": "customer_service"}
    team = {
        "handler": "chen",
        "members": [{"person": person, "function": function} for person, function in members.items()],
    }
    talk = {"channel": "phone", "at": now, "said": "致歉并说明", "mood": "angry"}

    # The installation's token reads and does not act; a collector does neither.
    assert house.ask(None, "GET", str(case)).json()["state"] == "reported"
    house.does(None, "collect", refused="auth.person")
    assert house.ask("zhang", "GET", str(case)).json()["code"] == "auth.role"
    assert house.ask("lei", "GET", f"{case}/actions").json()["code"] == "auth.role"

    # It starts at once.
    assert house.does("li", "collect") == "collected"
    house.version = 1
    assert "it is collected now, version 2" in house.does("feng", "collect", refused="case.version")
    house.version = 2
    house.does("feng", "form_team", refused="case.document", handler="chen")
    assert house.does("feng", "form_team", **team) == "teamed"
    assert house.does("chen", "contact", **talk) == "teamed"
    house.does("zhang", "contact", refused="auth.role", **talk)

    # The signature follows; cause, plan, money by two persons.
    assert house.does("wang", "sign", truth="confirmed", accurate=True) == "teamed"
    assert house.does("xu", "analyse", dimensions=["staff"], cause="用语不当") == "analysed"
    assert house.does("chen", "plan", **plan_for(clock.now())) == "planned"
    house.does("chen", "propose_relief", kind="fee_relief", amount="120.50", reason="违约金有误")
    house.does("chen", "approve_relief", refused="case.role", relief=1)
    house.does("wang", "approve_relief", relief=1)
    assert house.does("chen", "contact", **talk | {"mood": "calm"}) == "contacting"
    assert house.does("chen", "resolve", outcome="relief_granted", words="减免违约金") == "resolved"

    # Whether it holds, what is learned, and the end.
    assert house.does("chen", "track", seen="未再投诉", measures_done=[1, 2], ended=True) == "tracking"
    worth = {"effective": "yes", "attribution": ["staff"], "lessons": "增加用语培训"}
    assert house.does("liu", "evaluate", **worth) == "evaluated"
    house.does("li", "close", refused="case.role")
    assert house.does("feng", "close") == "closed"
    assert "is closed" in house.does("chen", "contact", refused="case.closed", **talk)

    detail = house.ask("wang", "GET", str(case)).json()
    assert detail["handling"]["plan"]["goal"] == "客户撤回投诉意向"
    assert detail["handling"]["reliefs"][0]["decided_by"] == "wang"
    assert detail["contact"] == "+86138****8000"
    told = house.ask("wang", "GET", f"{case}/history").text
    assert "13800138000" not in told
    assert [event["to_state"] for event in json.loads(told)][-1] == "closed"
    everything_holds(session_factory, case)


def test_an_action_may_name_the_etag_that_was_seen(house):
    """Whoever was slower is told who was faster; nothing happens to the case then."""
    seen = house.ask("li", "GET", str(house.case)).headers["etag"]
    place = f"{house.case}/actions/collect"

    def collects(who: str, *, match: str, version: int | None = None) -> httpx.Response:
        headers = {"If-Match": match}
        return house.ask(who, "POST", place, headers=headers, json={"version": version, "document": {}})

    first = collects("li", match=seen)
    assert (first.status_code, first.json()["version"]) == (200, 2)
    assert first.headers["etag"] == house.ask("li", "GET", str(house.case)).headers["etag"] != seen

    for match in (seen, '"1"', 'W/"2"', "nothing"):
        late = collects("feng", match=match)
        told = late.json()
        assert (late.status_code, told["code"]) == (412, "request.changed")
        assert told["detail"] == "it was changed meanwhile by li"
    # The tag lets it through: what is refused is the step, or the version in the body.
    for match in ("*", '"2"', f'"1", {first.headers["etag"]}'):
        assert collects("feng", match=match).json()["code"] == "case.transition"
    assert collects("feng", match="*", version=1).json()["code"] == "case.version"
    assert house.ask("li", "GET", str(house.case)).json()["version"] == 2

    known = {"If-None-Match": first.headers["etag"]}
    assert house.ask("li", "GET", str(house.case), headers=known).status_code == 304
