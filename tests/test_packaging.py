"""What a site installs: the lock files, the image and the compose file agree with the code."""

import os
import re
import shutil
import socket
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from api.cli.main import app
from store.recording_keys import load_keys
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
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-gpu.lock"):
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


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """What the script makes that the compose file names."""
    folder = tmp_path / "secrets"
    subprocess.run([ROOT / "scripts" / "make_secrets.sh", folder], check=True, stdout=subprocess.DEVNULL)
    return folder


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return read


def mounted(secrets: Path, to: Path, service: str) -> Path:
    """The folder of secrets as a service sees it."""
    to.mkdir()
    for name in compose()["services"][service].get("secrets", []):
        source = secrets / Path(compose()["secrets"][name]["file"]).name
        shutil.copyfile(source, to / name)
    return to


@pytest.mark.parametrize("service", ["api", "worker", "worker-gpu", "clerk", "beat", "backup", "migrate"])
def test_compose_settings_are_accepted_in_production(
    service: str, secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, value in compose()["services"][service]["environment"].items():
        monkeypatch.setenv(name, re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", value))
    monkeypatch.setenv("DITING_SECRETS_DIR", str(mounted(secrets, tmp_path / "run", service)))
    settings = Settings()
    assert (settings.environment, settings.execution) == ("production", "distributed")
    assert settings.recordings_url == "s3://diting-recordings"
    password = (secrets / "postgres_password").read_text()
    assert settings.database_url == f"postgresql+psycopg://diting:{password}@postgres:5432/diting"
    assert settings.api_token is not None
    assert settings.api_token.get_secret_value() == (secrets / "diting_api_token").read_text()


def test_the_first_key_of_recordings_can_be_used(secrets: Path):
    keys = load_keys(secrets / "recording_keys")
    assert keys is not None
    assert len(keys.by_id) == 1


def test_secrets_are_made_once_and_differ(secrets: Path):
    before = {path.name: path.read_text() for path in secrets.iterdir()}
    subprocess.run([ROOT / "scripts" / "make_secrets.sh", secrets], check=True, stdout=subprocess.DEVNULL)
    assert {path.name: path.read_text() for path in secrets.iterdir()} == before
    named = {Path(each["file"]).name for each in compose()["secrets"].values()}
    assert before.keys() == named
    assert len(set(before.values())) == len(before)
    assert min(map(len, before.values())) >= 64
    assert secrets.stat().st_mode & 0o777 == 0o700


def test_compose_has_no_secret_of_its_own():
    for name, service in compose()["services"].items():
        for variable, value in service.get("environment", {}).items():
            hides = re.search("PASSWORD|TOKEN|SECRET|DATABASE_URL|REDIS_URL", variable)
            assert not hides or str(value).startswith(("/run/secrets", "${")), (name, variable)


def test_compose_services():
    services = compose()["services"]
    ours = [name for name, service in services.items() if service.get("image", "").startswith("diting:")]
    assert sorted(ours) == ["api", "backup", "beat", "clerk", "migrate", "worker", "worker-gpu"]
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert {"mem_limit", "cpus", "pids_limit"} <= service.keys(), name
        assert name in ours or service["user"] != "0:0" or service["cap_add"] == ["CHOWN"], name
        runs_once = service["restart"] == "no"
        assert runs_once or name == "api" or "test" in service["healthcheck"], name  # api: the image has one


def test_only_the_worker_of_the_gpu_profile_asks_for_one():
    services = compose()["services"]
    devices = {
        name: service["deploy"]["resources"]["reservations"]["devices"]
        for name, service in services.items()
        if "deploy" in service
    }
    assert devices == {"worker-gpu": [{"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}]}
    asked = services["worker-gpu"]
    assert (asked["profiles"], asked["environment"]["DITING_DEVICE"]) == (["gpu"], "cuda")
    assert "DITING_DEVICE" not in services["worker"]["environment"]
    assert "--queue asr" in " ".join(asked["command"])
    stages = re.findall(
        r"^FROM .* AS (\w+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {asked["build"]["target"], services["worker"]["build"]["target"]} <= set(stages)


def test_only_the_api_is_reachable_from_outside_and_metrics_by_the_scraper():
    services = compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["api"]
    assert all(port.startswith("127.0.0.1:") for port in services["api"]["ports"])
    on = {name: set(service["networks"]) for name, service in services.items()}
    assert [name for name in on if "scrape" in on[name]] == ["api", "prometheus"]
    assert all(on[name] == {"inside"} for name in ("postgres", "redis", "minio"))
    assert compose()["networks"]["inside"]["internal"]
    assert compose()["networks"]["scrape"]["internal"]
    scraper = yaml.safe_load((ROOT / "docs" / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = scraper["scrape_configs"]
    assert job["authorization"]["credentials_file"] == "/run/secrets/diting_api_token"
    assert (job.get("metrics_path", "/metrics"), job["static_configs"]) == (
        "/metrics",
        [{"targets": ["api:8400"]}],
    )
    assert all((ROOT / "docs" / "prometheus" / name).is_file() for name in scraper["rule_files"])


@pytest.mark.parametrize("service", ["migrate", "api", "worker", "worker-gpu", "clerk", "backup"])
def test_compose_commands_exist(service: str):
    """The command line takes what the service is started with."""
    program, *arguments = compose()["services"][service]["command"]
    assert program == "diting"
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        command = command.commands[arguments.pop(0)]
    command.make_context(service, arguments)


def test_redis_of_compose_wants_the_password(secrets: Path, tmp_path: Path):
    if shutil.which("redis-server") is None:
        pytest.skip("Redis is not installed: apt-get install redis-server")
    service = compose()["services"]["redis"]
    (script,) = service["command"]
    check = service["healthcheck"]["test"][1]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def here(text: str) -> str:
        text = (
            text.replace("$$", "$")
            .replace("/run/secrets", str(secrets))
            .replace("/tmp/redis", f"{tmp_path}/redis")  # noqa: S108
        )
        text = text.replace("redis-cli", f"redis-cli -p {port}")
        return text.replace("--dir /data", f"--dir {tmp_path} --port {port} --bind 127.0.0.1")

    with subprocess.Popen([*service["entrypoint"], here(script)], stdout=subprocess.DEVNULL) as process:
        try:
            healthy = ["/bin/sh", "-c", here(check)]
            answers = (
                subprocess.run(healthy, check=False, stderr=subprocess.DEVNULL).returncode
                for _ in range(3000)
            )
            assert any(code == 0 for code in answers)
            refused = subprocess.run(
                ["redis-cli", "-p", str(port), "ping"], check=True, capture_output=True, text=True
            )
            assert "NOAUTH" in refused.stdout
            assert (tmp_path / "redis.conf").stat().st_mode & 0o777 == 0o600
        finally:
            process.terminate()


@pytest.mark.skipif(
    shutil.which("docker-compose") is None,
    reason="docker-compose is not installed: apt-get install docker-compose",
)
@pytest.mark.parametrize("profile", [(), ("--profile", "metrics"), ("--profile", "gpu")])
def test_docker_compose_accepts_the_file(profile: tuple[str, ...]):
    command = ["docker-compose", *profile, "--file", str(COMPOSE), "config", "--quiet"]
    bare = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    assert subprocess.run(command, env=bare, check=False).returncode == 0
