"""Packs and rules over HTTP: which version judges, and all about one rule."""

import os
from pathlib import Path

import httpx
import pytest

from store.clock import FixedClock
from tests.api.http_client import API, problem
from tests.api.rules_site import RulesSite, open_site, rule, write_house


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> RulesSite:
    return open_site(sqlite_url, tmp_path, clock)


def test_packs_say_which_version_judges_and_who_approved_it(site: RulesSite) -> None:
    pack = write_house(site.folder)

    async def before(http: httpx.AsyncClient) -> None:
        listed = {each["pack"]: each for each in (await http.get(f"{API}/packs")).json()["items"]}
        assert set(listed) == {"cn-base", "cn-telecom-client", "us-regf", "house"}
        assert listed["us-regf"]["shipped"]
        assert listed["us-regf"]["approved"]
        assert listed["us-regf"]["rules"]["stable"] > 50
        assert listed["cn-telecom-client"]["extends"] == ["cn-base"]
        house = listed["house"]
        assert (house["approved"], house["version"], house["approved_by"]) == (False, "1", None)
        assert house["rules"] == {"draft": 0, "shadow": 0, "stable": 1, "deprecated": 0}

    async def after(http: httpx.AsyncClient) -> None:
        house = (await http.get(f"{API}/packs/house")).json()
        assert (house["approved"], house["version"], house["approved_by"]) == (True, "1", "李雷")
        assert house["files"] == ["pack.yaml", "tone.yaml"]
        (version,) = house["versions"]
        assert (version["state"], version["judging"], version["proposed_by"]) == ("approved", True, "王敏")
        problem(await http.get(f"{API}/packs/nobody"), 404, "rules.pack_unknown")
        problem(await http.get(f"{API}/packs/..%2Fhouse"), 404, "request.no_route")

    site.tell("auditor", before)
    site.approved(pack)
    write_house(site.folder, 2, "闭嘴")  # what is approved goes on judging
    site.tell("root", after)


def test_a_pack_that_cannot_be_read_says_why(site: RulesSite) -> None:
    pack = write_house(site.folder)
    (pack / "tone.yaml").write_text("rules: [\n", "utf-8")

    async def story(http: httpx.AsyncClient) -> None:
        listed = {each["pack"]: each for each in (await http.get(f"{API}/packs")).json()["items"]}
        house = listed["house"]
        assert (house["rules"], house["problem"]["code"]) == (None, "rules.yaml")
        assert house["problem"]["where"].startswith("tone.yaml:")  # nothing of the machine's folders
        assert (await http.get(f"{API}/packs/house")).json()["files"] == []
        problem(await http.get(f"{API}/packs/house/rules"), 422, "rules.yaml")

    site.tell("lead", story)


def test_rules_are_listed_page_by_page_and_narrowed(site: RulesSite) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        place, seen, cursor = f"{API}/packs/cn-telecom-client/rules", [], None
        while True:
            asked = {"limit": 3} | ({"cursor": cursor} if cursor else {})
            page = (await http.get(place, params=asked)).json()
            seen += [each["rule"] for each in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        whole = (await http.get(place, params={"limit": 200})).json()["items"]
        assert seen == [each["rule"] for each in whole]
        assert len(seen) > 3
        threats = (await http.get(place, params={"category": "threat"})).json()["items"]
        assert {each["category"] for each in threats} == {"threat"}
        severe = (await http.get(place, params={"severity": "critical", "status": "stable"})).json()["items"]
        assert {each["severity"] for each in severe} == {"critical"}
        assert (await http.get(place, params={"text": "没有这样的字"})).json() == {"items": [], "next": None}
        problem(await http.get(place, params={"status": "old"}), 422, "request.invalid")

    site.tell("reviewer", story)


def test_a_rule_says_all_about_itself(site: RulesSite) -> None:
    pack = write_house(site.folder)
    site.approved(pack)

    async def story(http: httpx.AsyncClient) -> None:
        told = (await http.get(f"{API}/packs/house/rules/house.scolds")).json()
        assert told["text"] == rule()
        assert (told["file"], told["line"]) == ("tone.yaml", 2)
        assert told["looks_for"][0]["says"]["zh"] == "说到 “你给我听好了”"
        (cited,) = told["citations"]
        assert (cited["source"], cited["confidence"]) == ("policy", "")
        assert told["advice"]["en"] == "Take your time"
        assert [(each["expected"], each["passes"]) for each in told["tests"]] == [
            ("violates", True), ("allowed", True),
        ]  # fmt: skip
        assert told["overturns"]["share"] is None
        assert told["shadow"] is None
        named = await http.get(f"{API}/packs/house/rules/house.scolds@1", params={"version": "1"})
        assert named.json()["rule"] == "house.scolds@1"
        problem(await http.get(f"{API}/packs/house/rules/house.sings"), 404, "rules.rule_unknown")
        old = await http.get(f"{API}/packs/house/rules/house.scolds", params={"version": "9"})
        problem(old, 404, "rules.version_unknown")

    site.tell("lawyer", story)


def test_examples_that_fail_and_a_rule_on_trial_are_told(site: RulesSite) -> None:
    pack = write_house(site.folder)
    failing = rule(status="shadow").replace("allowed: [您好]", "allowed: [你给我听好了]")
    (pack / "tone.yaml").write_text(f"rules:\n{failing}", "utf-8")
    os.utime(pack / "tone.yaml", ns=(1, 1))

    async def story(http: httpx.AsyncClient) -> None:
        told = (await http.get(f"{API}/packs/house/rules/house.scolds")).json()
        assert [each["passes"] for each in told["tests"]] == [True, False]
        assert told["shadow"] == {"looked_at": 0, "calls": 0, "findings": 0, "certain": 0, "newest": []}

    site.tell("lead", story)


def test_collectors_do_not_look_into_rules(site: RulesSite) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        for place in ("packs", "packs/cn-base", "packs/cn-base/rules", "packs/cn-base/rules/x"):
            problem(await http.get(f"{API}/{place}"), 403, "auth.role")

    site.tell("collector", story)
