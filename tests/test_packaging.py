"""What a site installs: the lock files, the image and the compose file agree with the code."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from store.settings import Settings

ROOT = Path(__file__).parents[1]
COMPOSE = ROOT / "docker-compose.yml"


def locked(name: str) -> dict[str, str]:
    """Library -> version, of one lock file (the first of versions that differ by Python)."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9._-]+)(?:\[[a-z0-9,_-]+\])?==([^ ;\\]+)", text, flags=re.MULTILINE)
    return dict(reversed(found))


def test_every_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in requirements}

    assert names(project["dependencies"]) <= locked("requirements.lock").keys()
    assert names(project["optional-dependencies"]["dev"]) <= locked("requirements-dev.lock").keys()


def test_both_lock_files_agree():
    runtime, development = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: development.get(name) for name in runtime} == runtime


def test_every_locked_library_has_a_hash():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
        assert blocks
        assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def compose_environment() -> dict[str, str]:
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["x-diting"]["environment"]


def test_compose_sets_only_known_settings():
    known = {f"DITING_{name.upper()}" for name in Settings.model_fields}
    given = {name for name in compose_environment() if name.startswith("DITING_")}
    assert given <= known


def test_compose_settings_are_accepted_in_production(monkeypatch: pytest.MonkeyPatch):
    for name, value in compose_environment().items():
        filled = re.sub(r"\$\{[A-Z_]+:\?[^}]*\}", "c2VjcmV0LWZvci1hLXRlc3Qtb25seS0wMDAx", value)
        monkeypatch.setenv(name, re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", filled))
    settings = Settings()
    assert (settings.environment, settings.execution) == ("production", "distributed")
    assert settings.recordings_url == "s3://diting-recordings"


def test_compose_has_no_secret_of_its_own():
    text = COMPOSE.read_text(encoding="utf-8")
    values = re.findall(r"^ *\w*(?:PASSWORD|TOKEN|SECRET_?\w*): (\S+)", text, flags=re.MULTILINE)
    assert values
    assert [value for value in values if not value.startswith("${")] == []


def test_compose_services():
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    assert {"api", "worker", "beat", "redis", "postgres", "minio"} <= services.keys()
    ours = [name for name, service in services.items() if service.get("image", "").startswith("diting:")]
    assert sorted(ours) == ["api", "beat", "clerk", "migrate", "worker"]
    assert all(services[name]["read_only"] and services[name]["cap_drop"] == ["ALL"] for name in ours)


@pytest.mark.skipif(
    shutil.which("docker-compose") is None,
    reason="docker-compose is not installed: apt-get install docker-compose",
)
def test_docker_compose_accepts_the_file_with_secrets_and_refuses_it_without():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    secrets = dict.fromkeys(re.findall(r"^([A-Z_]+)=$", example, flags=re.MULTILINE), "f" * 32)
    command = ["docker-compose", "--file", str(COMPOSE), "config", "--quiet"]
    bare = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    assert subprocess.run(command, env=bare | secrets, check=False).returncode == 0
    assert subprocess.run(command, env=bare, check=False, capture_output=True).returncode != 0
