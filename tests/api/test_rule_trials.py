"""Rules tried and checked over HTTP."""

from pathlib import Path

import httpx
import pytest

from store.clock import FixedClock
from tests.api.http_client import API, problem
from tests.api.rules_site import RulesSite, head, open_site, rule, write_house


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> RulesSite:
    site = open_site(sqlite_url, tmp_path, clock)
    site.approved(write_house(site.folder))
    return site


def test_words_are_tried_on_all_rules_that_judge(site: RulesSite) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        told = (await http.post(f"{API}/rules/try", json={"text": "坐席：你给我听好了"})).json()
        found = {each["rule"]: each for each in told["findings"]}
        assert found["house.scolds@1"]["heard"] == "你给我听好了"
        assert found["house.scolds@1"]["rule_status"] == "stable"
        assert found["house.scolds@1"]["why"]["zh"]
        assert told["explanations"] == []
        turns = [{"speaker": "customer", "text": "你给我听好了"}]
        customer = (await http.post(f"{API}/rules/try", json={"turns": turns})).json()
        assert "house.scolds@1" not in {each["rule"] for each in customer["findings"]}
        assert (await http.post(f"{API}/rules/try", json={"text": "您好"})).json()["findings"] == []

    site.tell("reviewer", story)


def test_one_rule_explains_itself(site: RulesSite) -> None:
    asked = {"pack": "house", "rule": "house.scolds", "text": "你给我听着"}

    async def story(http: httpx.AsyncClient) -> None:
        (told,) = (await http.post(f"{API}/rules/try", json=asked)).json()["explanations"]
        assert (told["rule"], told["speaker"], told["findings"]) == ("house.scolds@1", "agent", [])
        (part,) = told["parts"]
        assert (part["found"], part["nearest"]["text"]) == (False, "你给我听着")
        said = asked | {"text": "你给我听好了"}
        (told,) = (await http.post(f"{API}/rules/try", json=said)).json()["explanations"]
        assert [each["heard"] for each in told["findings"]] == ["你给我听好了"]
        unknown = await http.post(f"{API}/rules/try", json=asked | {"rule": "house.sings"})
        problem(unknown, 422, "rules.rule_unknown")

    site.tell("lawyer", story)


def test_a_rule_as_written_is_tried_before_it_is_proposed(site: RulesSite) -> None:
    asked = {"pack": "house", "definition": rule(2, "闭嘴"), "text": "闭嘴"}

    async def story(http: httpx.AsyncClient) -> None:
        (told,) = (await http.post(f"{API}/rules/try", json=asked)).json()["explanations"]
        assert (told["rule"], len(told["findings"])) == ("house.scolds@2", 1)
        wrong = await http.post(f"{API}/rules/try", json=asked | {"definition": "- id: house.x\n"})
        problem(wrong, 422, "rules.schema")
        kept = (await http.get(f"{API}/packs/house/rules")).json()["items"]
        assert [each["rule"] for each in kept] == ["house.scolds@1"]

    site.tell("lead", story)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"text": " \n "},
        {"text": "x", "turns": [{"speaker": "agent", "text": "x"}]},
        {"text": "x", "rule": "house.scolds"},
        {"text": "x", "pack": "../house", "rule": "house.scolds"},
        {"text": "x\n" * 101},
    ],
)
def test_trials_are_bounded_and_name_what_they_try(site: RulesSite, asked: dict[str, object]) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        problem(await http.post(f"{API}/rules/try", json=asked), 422, "request.invalid")

    site.tell("reviewer", story)


def test_mistakes_are_shown_at_their_line_of_the_rule(site: RulesSite) -> None:
    text = rule(2).replace("  category: dismissive", "  categry: dismissive")

    async def story(http: httpx.AsyncClient) -> None:
        told = (await http.post(f"{API}/rules/lint", json={"pack": "house", "rules": [text]})).json()
        wrong = next(each for each in told["problems"] if "categry" in each["field"])
        assert (wrong["rule"], wrong["file"], wrong["line"]) == ("house.scolds", "tone.yaml", 4)
        assert "category" in wrong["mend"]["zh"]
        broken = (await http.post(f"{API}/rules/lint", json={"pack": "house", "rules": ["- id: [\n"]})).json()
        assert [each["code"] for each in broken["problems"]] == ["rules.yaml"]
        assert broken["problems"][0]["line"] >= 1
        nobody = await http.post(f"{API}/rules/lint", json={"pack": "nobody"})
        problem(nobody, 404, "rules.pack_unknown")

    site.tell("lead", story)


def test_what_is_sound_is_tested_at_once(site: RulesSite) -> None:
    many = ", ".join(f"您好{number}" for number in range(3))
    sound = (
        rule(2)
        .replace("allowed: [您好]", f"allowed: [{many}]")
        .replace("violates: [你给我听好了]", "violates: [你给我听好了, 那你给我听好了, 滚开]")
    )

    async def story(http: httpx.AsyncClient) -> None:
        asked = {"pack": "house", "rules": [sound]}
        told = (await http.post(f"{API}/rules/lint", json=asked)).json()
        assert told["problems"] == []
        assert [(each["text"]["zh"], each["passes"]) for each in told["tests"]][:3] == [
            ("你给我听好了", True), ("那你给我听好了", True), ("滚开", False),
        ]  # fmt: skip
        fresh = {"pack": "brand-new", "files": {"pack.yaml": head().replace("house", "brand-new")}}
        assert (await http.post(f"{API}/rules/lint", json=fresh)).json() == {"problems": [], "tests": []}
        reach = head() + "extends: [../../etc]\n"
        refused = await http.post(f"{API}/rules/lint", json={"pack": "house", "files": {"pack.yaml": reach}})
        problem(refused, 422, "rules.pack_unknown")
        name = {"pack": "house", "files": {"../x.yaml": "rules: []"}}
        problem(await http.post(f"{API}/rules/lint", json=name), 422, "request.invalid")

    site.tell("lead", story)


def test_an_auditor_tries_nothing(site: RulesSite) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        problem(await http.post(f"{API}/rules/try", json={"text": "x"}), 403, "auth.role")

    site.tell("auditor", story)
