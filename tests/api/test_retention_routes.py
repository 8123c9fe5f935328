"""Retention over HTTP: the policy, holds from setting to release, and proofs."""

import pytest

from tests.api.conftest import signed
from tests.api.http_client import API, get, post, problem

NAME = "S03-threat"


def test_the_policy_is_told_by_class(client, world):
    told = get(client(), f"{API}/retention", headers=signed(world, "auditor")).json()
    assert (told["policy"], told["nightly"], told["two_persons"]) == ("default@1", "off", True)
    audit = next(each for each in told["classes"] if each["what"] == "audit")
    assert audit == {"what": "audit", "client": None, "keep": "forever", "reason": None}
    problem(get(client(), f"{API}/retention", headers=signed(world, "qc_lead")), 403, "auth.role")


def test_a_call_is_held_and_released_for_a_reason(client, world):
    call, legal = world.ids[NAME], signed(world, "legal")
    place = f"{API}/calls/{call}"
    made = post(client(), f"{place}/hold", json={"reason": "函-17"}, headers=legal)
    assert (made.status_code, made.json()["case"], made.json()["reason"]) == (200, None, "函-17")
    again = post(client(), f"{place}/hold", json={"reason": "函-18"}, headers=legal)
    assert again.json() == made.json()

    listed = get(client(), f"{API}/retention/holds", params={"call": call}, headers=legal).json()
    assert made.json() in listed["items"]
    kept = get(client(), f"{place}/retention", headers=legal).json()
    assert made.json() in kept["holds"]
    recording = next(each for each in kept["parts"] if each["part"] == "recordings")
    assert recording["clause"].startswith("default@1 recordings: ")

    reason = {"reason": "结案"}
    assert post(client(), f"{place}/hold/release", json=reason, headers=legal).status_code == 204
    problem(post(client(), f"{place}/hold/release", json=reason, headers=legal), 409, "retention.not_held")
    past = {"call": call, "past": "true"}
    shown = get(client(), f"{API}/retention/holds", params=past, headers=legal).json()["items"]
    assert made.json()["id"] in [each["id"] for each in shown if each["release_reason"] == "结案"]
    now = get(client(), f"{API}/retention/holds", params={"call": call}, headers=legal).json()["items"]
    assert made.json()["id"] not in [each["id"] for each in now]
    assert world.audited("retention.held")[-1].subject.endswith(f"/{NAME}")
    assert world.audited("retention.released")[-1].subject.endswith(f"/{NAME}")


def test_who_may_not_hold_does_not(client, world):
    place = f"{API}/calls/{world.ids[NAME]}/hold"
    refused = post(client(), place, json={"reason": "x"}, headers=signed(world, "auditor"))
    problem(refused, 403, "auth.role")
    problem(
        post(client(), place, json={"reason": ""}, headers=signed(world, "legal")), 422, "request.invalid"
    )


@pytest.mark.parametrize("call", [-120, 0, 999999, 2**70])
def test_a_call_that_is_not_there_is_not_held(client, world, call):
    legal, place = signed(world, "legal"), f"{API}/calls/{call}"
    for path in ("hold", "hold/release"):
        answer = post(client(), f"{place}/{path}", json={"reason": "x"}, headers=legal)
        problem(answer, 404, "call.not_found")
    problem(get(client(), f"{place}/retention", headers=legal), 404, "call.not_found")


def test_runs_are_listed_and_what_is_there_is_not_gone(client, world):
    headers = signed(world, "auditor")
    assert get(client(), f"{API}/retention/runs", headers=headers).json() == {"items": [], "next": None}
    asked = {"call": str(world.ids[NAME])}
    found = get(client(), f"{API}/retention/proof", params=asked, headers=headers).json()
    assert (found["gone"], found["bytes_there"], found["tombstones"]) == (False, True, [])
    assert any(each["kind"] == "left" for each in found["hits"])
    unknown = get(client(), f"{API}/retention/proof", params={"call": "no/where"}, headers=headers)
    assert unknown.status_code == 404
