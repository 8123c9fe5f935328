"""A policy with anything wrong in it is refused as a whole, naming the field. No database."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from complaint_warnings.notices.policy import load_policy, policy_of
from complaint_warnings.notices.types import ROUTED_KINDS
from store.errors import BadInputError
from store.settings import Settings

HOOK = {"type": "webhook", "url": "https://hooks.example.com/diting", "secrets": ["hook"]}
MAIL = {"type": "email", "host": "smtp.example.com", "sender": "d@example.com"}
DING = {"type": "dingtalk", "token": "t"}


def written(folder: Path, **fields: Any) -> Path:
    path = folder / "notices.yaml"
    path.write_text(yaml.safe_dump({"id": "x", "version": 1, **fields}), encoding="utf-8")
    return path


def test_the_shipped_policy_routes_every_kind_and_has_no_channels() -> None:
    policy = load_policy()

    assert policy.name == "default@1"
    assert policy.channels == {}
    assert sorted(kind for route in policy.routes for kind in route.kinds) == sorted(ROUTED_KINDS)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"channels": {"a": {**HOOK, "url": "http://hooks.example.com/x"}}}, "channels.a", "only https"),
        ({"channels": {"a": {**HOOK, "url": "https://u:p@example.com/x"}}}, "channels.a", "may be secret"),
        ({"channels": {"a": {**DING, "url": "https://x.example/s?access_token=1"}}}, "channels.a", "secret"),
        ({"channels": {"a": {**HOOK, "url": "https://exa mple.com/"}}}, "channels.a", "no address"),
        ({"channels": {"a": {**HOOK, "secret": "whsec_abc"}}}, "channels.a.webhook.secret", "Extra inputs"),
        (
            {"channels": {"a": {**HOOK, "secrets": ["../etc/passwd"]}}},
            "channels.a.webhook.secrets.0",
            "pattern",
        ),
        ({"channels": {"a": {**HOOK, "secrets": []}}}, "channels.a.webhook.secrets", "at least 1"),
        ({"channels": {"a": {**HOOK, "networks": ["10.0.0.1/8"]}}}, "channels.a", "host bits"),
        ({"channels": {"a": {**HOOK, "quiet": {"from": "22:00", "to": "22:00"}}}}, "channels.a", "the same"),
        ({"channels": {"a": {**HOOK, "quiet": {"from": 1320, "to": "08:00"}}}}, "channels.a", "time"),
        ({"channels": {"a": {**DING, "per_minute": 60}}}, "channels.a.dingtalk.per_minute", "20"),
        ({"channels": {"a": {**MAIL, "security": "none"}}}, "channels.a", "this machine"),
        ({"channels": {"a": {**MAIL, "username": "u"}}}, "channels.a", "belong together"),
        ({"channels": {"a": {**MAIL, "sender": "a@b.c\nBcc: x@y.z"}}}, "channels.a.email.sender", "pattern"),
        ({"channels": {"a": {"type": "pager"}}}, "channels.a", "pager"),
        (
            {"routes": [{"kinds": ["gossip"], "to": ["handler"]}]},
            "routes.0.kinds.0",
            "there is no kind gossip",
        ),
        ({"routes": [{"kinds": ["closed"], "to": ["everybody"]}]}, "routes.0", "everybody is nobody"),
        ({"routes": [{"kinds": ["closed"], "to": ["role:king"]}]}, "routes.0", "there is no role king"),
        (
            {"channels": {"a": HOOK}, "routes": [{"kinds": ["closed"], "to": ["channel:b"]}]},
            "the whole file",
            "routes.0.to: there is no channel b",
        ),
        (
            {"channels": {"a": HOOK}, "routes": [{"kinds": ["closed"], "to": ["handler"]}]},
            "the whole file",
            "handler needs a channel for persons",
        ),
        ({"channels": {"a": DING}, "via": ["a"]}, "the whole file", "reaches no single person"),
        (
            {"channels": {"a": MAIL}, "routes": [{"kinds": ["closed"], "to": ["channel:a"]}]},
            "the whole file",
            "has no mailbox",
        ),
        ({"link": "javascript:alert(1)"}, "link", "pattern"),
        ({"chanels": {}}, "chanels", "Extra inputs"),
    ],
)
def test_a_wrong_policy_is_refused_naming_the_field(
    tmp_path: Path, fields: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(BadInputError) as error:
        load_policy(written(tmp_path, **fields))

    assert error.value.code == "notices.invalid"
    assert field in str(error.value.where)
    assert said in error.value.message


def test_a_policy_that_is_no_file_or_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("a: [", encoding="utf-8")
    for path, code in (
        (tmp_path / "none.yaml", "notices.unreadable"),
        (tmp_path / "bad.yaml", "notices.not_yaml"),
    ):
        with pytest.raises(BadInputError) as error:
            load_policy(path)
        assert error.value.code == code


def test_outside_development_nothing_goes_over_an_open_connection(tmp_path: Path) -> None:
    path = written(tmp_path, channels={"a": {**HOOK, "url": "http://127.0.0.1:9/x"}})
    safe = {"secret_key": "0123456789abcdef" * 3, "api_token": "fedcba9876543210" * 3}

    assert policy_of(Settings(notices_file=path, data_dir=tmp_path)).name == "x@1"
    with pytest.raises(BadInputError) as error:
        policy_of(Settings(notices_file=path, data_dir=tmp_path, environment="production", **safe))
    assert error.value.code == "notices.open_connection"


def test_a_changed_policy_is_read_again(tmp_path: Path) -> None:
    settings = Settings(notices_file=written(tmp_path), data_dir=tmp_path)
    assert policy_of(settings).version == 1
    path = written(tmp_path, version=2)
    os.utime(path, ns=(1, 1))

    assert policy_of(settings).version == 2
