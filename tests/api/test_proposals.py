"""Versions of packs over HTTP: one person proposes, another decides."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from qc.verdicts.models import RuleAdvisoryRow
from store.audit import AuditEntry
from store.clock import FixedClock
from store.database import open_sessions, reading, transaction
from tests.api.http_client import API, problem
from tests.api.rules_site import RulesSite, head, open_site, rule, write_house

PLACE = f"{API}/packs/house/proposals"


@pytest.fixture
def site(database_url: str, tmp_path: Path, clock: FixedClock) -> RulesSite:
    site = open_site(database_url, tmp_path, clock)
    site.approved(write_house(site.folder))
    return site


def propose(site: RulesSite, **wanted: object) -> int:
    made = []

    async def story(http: httpx.AsyncClient) -> None:
        answer = await http.post(PLACE, json=wanted)
        assert answer.status_code == 201, answer.text
        assert answer.headers["location"] == f"{PLACE}/{answer.json()['number']}"
        made.append(answer.json()["number"])

    site.tell("lead", story)
    return int(made[0])


def test_one_proposes_and_another_approves(site: RulesSite) -> None:
    number = propose(site, rules=[rule(2, "闭嘴")])

    async def own(http: httpx.AsyncClient) -> None:
        problem(await http.post(f"{PLACE}/{number}/approve"), 409, "rules.same_person")
        waiting = (await http.get(PLACE, params={"state": "proposed"})).json()["items"]
        assert [(each["number"], each["version"], each["judging"]) for each in waiting] == [
            (number, "2", False)
        ]
        listed = {each["pack"]: each for each in (await http.get(f"{API}/packs")).json()["items"]}
        assert (listed["house"]["version"], listed["house"]["proposals"]) == ("1", 1)

    async def other(http: httpx.AsyncClient) -> None:
        seen = (await http.get(f"{PLACE}/{number}")).json()
        assert (seen["against"], seen["proposed_by"]) == ("house@1", "lead")
        (changed,) = seen["difference"]["rules"]["changed"]
        assert (changed["before"], changed["after"]) == ("house.scolds@1", "house.scolds@2")
        assert [(each["file"], each["change"]) for each in seen["files"]] == [
            ("pack.yaml", "changed"), ("tone.yaml", "changed"),
        ]  # fmt: skip
        assert "+version: 2" in seen["files"][0]["diff"]
        approved = (await http.post(f"{PLACE}/{number}/approve")).json()
        assert (approved["state"], approved["approved_by"], approved["judging"]) == (
            "approved",
            "lawyer",
            True,
        )
        problem(await http.post(f"{PLACE}/{number}/approve"), 409, "rules.not_proposed")
        problem(await http.post(f"{PLACE}/{number}/reject", json={}), 409, "rules.not_proposed")
        now = (await http.get(f"{API}/packs/house/rules/house.scolds")).json()
        assert (now["rule"], now["versions"]) == ("house.scolds@2", ["house.scolds@2"])
        stopped = await http.post(f"{PLACE}/{number}/withdraw", json={"because": "误报太多"})
        assert stopped.json()["state"] == "withdrawn"
        before = (await http.get(f"{API}/packs/house/rules/house.scolds")).json()
        assert before["rule"] == "house.scolds@1"

    site.tell("lead", own)
    site.tell("lawyer", other)
    with open_sessions(site.settings.database_url) as sessions, reading(sessions) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.action, last.actor, last.details["because"]) == (
            "rules.withdrawn", "lawyer", "误报太多",
        )  # fmt: skip


def test_a_rejected_number_is_free_again(site: RulesSite) -> None:
    number = propose(site, rules=[rule(2, "闭嘴")])

    async def other(http: httpx.AsyncClient) -> None:
        rejected = await http.post(f"{PLACE}/{number}/reject", json={"because": "例句太少"})
        assert (rejected.json()["state"], rejected.json()["withdrawn_by"]) == ("withdrawn", "lawyer")

    site.tell("lawyer", other)
    again = propose(site, rules=[rule(2, "给我闭嘴")])
    assert again > number

    async def both(http: httpx.AsyncClient) -> None:
        page = (await http.get(PLACE, params={"limit": 1})).json()
        assert (page["items"][0]["number"], page["items"][0]["version"]) == (again, "2")
        more = (await http.get(PLACE, params={"limit": 5, "cursor": page["next"]})).json()["items"]
        assert [each["state"] for each in more] == ["withdrawn", "approved"]

    site.tell("auditor", both)


def test_only_what_is_sound_and_counted_is_proposed(site: RulesSite) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        same = await http.post(PLACE, json={})
        assert (same.status_code, same.json()["state"], same.json()["judging"]) == (201, "approved", True)
        uncounted = {"rules": [rule(1, "闭嘴")]}
        problem(await http.post(PLACE, json=uncounted), 409, "rules.version_taken")
        taken = {"rules": [rule(2, "闭嘴")], "version": "1"}
        problem(await http.post(PLACE, json=taken), 409, "rules.version_taken")
        wrong = {"rules": [rule(2, "闭嘴").replace("violates: [闭嘴]", "violates: [您慢慢说]")]}
        refused = problem(await http.post(PLACE, json=wrong), 422, "rules.examples_failed")
        assert "house.scolds@2 did not fire on violates[0]: 您慢慢说" in refused["detail"]
        other = {"files": {"pack.yaml": head(2).replace("house", "other")}}
        problem(await http.post(PLACE, json=other), 422, "rules.other_pack")
        broken = {"files": {"tone.yaml": "rules: ["}}
        problem(await http.post(PLACE, json=broken), 422, "rules.yaml")
        shipped = await http.post(f"{API}/packs/cn-base/proposals", json={})
        problem(shipped, 409, "rules.shipped")
        problem(await http.post(f"{API}/packs/new-one/proposals", json={}), 404, "rules.pack_unknown")

    site.tell("lead", story)


def test_a_new_pack_begins_as_a_proposal(site: RulesSite) -> None:
    fresh = {
        "files": {"pack.yaml": head().replace("house", "fresh")},
        "rules": [rule().replace("house", "fresh")],
    }

    async def one(http: httpx.AsyncClient) -> None:
        made = (await http.post(f"{API}/packs/fresh/proposals", json=fresh)).json()
        assert (made["pack"], made["version"]) == ("fresh", "1")
        seen = (await http.get(f"{API}/packs/fresh/proposals/{made['number']}")).json()
        assert (seen["against"], seen["difference"]["rules"]["added"]) == (None, ["fresh.scolds@1"])
        problem(await http.get(f"{PLACE}/{made['number']}"), 404, "rules.version_unknown")

    async def other(http: httpx.AsyncClient) -> None:
        (waiting,) = (await http.get(f"{API}/packs/fresh/proposals")).json()["items"]
        await http.post(f"{API}/packs/fresh/proposals/{waiting['number']}/approve")
        pack = (await http.get(f"{API}/packs/fresh")).json()
        assert (pack["approved"], pack["rules"]["stable"]) == (True, 1)

    site.tell("lead", one)
    site.tell("lawyer", other)


def test_two_persons_let_a_rule_accuse_again(site: RulesSite, clock: FixedClock) -> None:
    evidence = {"decided": 30, "overturned": 20, "least_share": 0.49}
    with open_sessions(site.settings.database_url) as sessions, transaction(sessions) as session:
        session.add(RuleAdvisoryRow(rule="house.scolds@1", dropped_at=clock.now(), evidence=evidence))
    place = f"{API}/packs/house/rules/house.scolds@1/restore"

    async def one(http: httpx.AsyncClient) -> None:
        (listed,) = (await http.get(f"{API}/packs/house/rules")).json()["items"]
        assert listed["advisory"]
        assert (await http.post(place)).json() == {"rule": "house.scolds@1", "waits": True}
        told = (await http.get(f"{API}/packs/house/rules/house.scolds")).json()["overturns"]
        assert told["restore_proposed_by"] == "lead"
        problem(await http.post(place), 409, "rules.same_person")

    async def other(http: httpx.AsyncClient) -> None:
        assert (await http.post(place)).json() == {"rule": "house.scolds@1", "waits": False}
        problem(await http.post(place), 404, "rules.not_advisory")

    site.tell("lead", one)
    site.tell("lawyer", other)


def test_reviewers_look_but_decide_nothing(site: RulesSite) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        assert (await http.get(PLACE)).status_code == 200
        problem(await http.post(PLACE, json={}), 403, "auth.role")
        for step in ("approve", "reject", "withdraw"):
            problem(await http.post(f"{PLACE}/1/{step}", json={}), 403, "auth.role")

    site.tell("reviewer", story)
