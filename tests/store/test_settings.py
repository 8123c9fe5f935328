import re
from pathlib import Path
from typing import Any, get_origin

import pytest

from store.errors import SettingsError
from store.settings import PREFIX, Settings, get_settings

SECRET = "5f1c0a9be8d74236a1f0c9e7b2d45836"
ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "settings.md"
PRODUCTION: dict[str, Any] = {"environment": "production", "secret_key": SECRET, "api_token": SECRET[::-1]}


def _refusal(**values: Any) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        Settings(**values)
    return caught.value


def test_defaults_lie_in_the_data_folder(tmp_path: Path):
    settings = Settings(data_dir=tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/diting.db"
    assert settings.recordings_url == f"file://{tmp_path}/recordings"
    assert (settings.environment, settings.timezone, settings.model) == (
        "development",
        "Asia/Shanghai",
        "bundled",
    )


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DITING_DATABASE_URL", "postgresql://u:p@db/d")
    monkeypatch.setenv("DITING_PORT", "9000")
    monkeypatch.setenv("DITING_PACKS", "cn-telecom-client, us-regf")
    monkeypatch.setenv("DITING_CLIENT_PACKS", '{"中国联通": ["cn-telecom-client"]}')
    monkeypatch.setenv("DITING_RULE_FOLDERS", "/etc/diting/rules,more rules")
    settings = get_settings()
    assert settings.database_url == "postgresql://u:p@db/d"
    assert settings.port == 9000
    assert settings.packs == ("cn-telecom-client", "us-regf")
    assert settings.client_packs == {"中国联通": ("cn-telecom-client",)}
    assert settings.rule_folders == (Path("/etc/diting/rules"), Path("more rules"))


def test_every_list_is_written_with_commas_and_every_mapping_as_json(monkeypatch: pytest.MonkeyPatch):
    given = {"second_factor_roles": "admin, auditor", "push_networks": "10.0.0.0/8,192.168.0.0/16"}
    for name, field in Settings.model_fields.items():
        kind = get_origin(field.annotation)
        if kind is tuple:
            written = given.get(name, "a,b")
            monkeypatch.setenv(f"DITING_{name.upper()}", written)
            read = getattr(Settings(), name)
            assert [str(each) for each in read] == [each.strip() for each in written.split(",")], name
        elif kind is dict:
            monkeypatch.setenv(f"DITING_{name.upper()}", "{}")
            assert getattr(Settings(), name) == {}, name


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DITING_API_TOKEN", "")
    monkeypatch.setenv("DITING_DATABASE_URL", "")
    settings = Settings()
    assert settings.api_token is None
    assert settings.database_url.startswith("sqlite:///")


def test_packs_of_a_client_come_after_those_of_all():
    settings = Settings(packs=("a",), client_packs={"中国联通": ("b",)})
    assert settings.packs_for("中国联通") == ("a", "b")
    assert settings.packs_for("另一家") == settings.packs_for(None) == ("a",)


def test_secrets_do_not_show():
    settings = Settings(
        api_token=SECRET, database_url=f"postgresql://u:{SECRET}@db/d", redis_url=f"redis://:{SECRET}@r"
    )
    assert SECRET not in repr(settings)
    assert settings.api_token is not None
    assert settings.api_token.get_secret_value() == SECRET


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DITING_PORT", "many"),
        ("DITING_PORT", "70000"),
        ("DITING_WORKERS", "0"),
        ("DITING_ENVIRONMENT", "staging"),
        ("DITING_TIMEZONE", "Mars/Olympus"),
        ("DITING_TIMEZONE", "../../etc/passwd"),
        ("DITING_CLIENT_PACKS", "not json"),
        ("DITING_CLIENT_PACKS", "[1]"),
        ("DITING_LEASE_SECONDS", "-1"),
        ("DITING_ENGINE_URL", "asr.example.com/v1"),
        ("DITING_ENGINE_URL", "file:///etc/passwd"),
        ("DITING_ENGINE_URL", "https://user:secret@asr.example.com/v1"),
        ("DITING_ENGINE_URL", "https://asr.example.com/v1?key=secret"),
        ("DITING_ENGINE_URL", "https://asr.example.com:port/v1"),
        ("DITING_ENGINE_URL", "https://[asr/v1"),
        ("DITING_ENGINE_API_KEY", "sk-secret\r\nX-Other: 1"),
        ("DITING_ENGINE_API_KEY", "sk-密钥"),
        ("DITING_ENGINE_TIMEOUT_SECONDS", "0"),
        ("DITING_ENGINE_RETRIES", "-1"),
    ],
)
def test_a_malformed_value_names_its_variable_and_hides_the_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
):
    monkeypatch.setenv(variable, value)
    error = _refusal()
    assert error.code == "settings.bad_value"
    assert error.where == variable
    assert len(str(error).splitlines()) == 1
    assert len(value) < 3 or value not in str(error)


def test_a_misspelt_variable_is_not_ignored(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DITING_DATABSE_URL", "sqlite:///x.db")
    error = _refusal()
    assert (error.code, error.where) == ("settings.unknown", "DITING_DATABSE_URL")
    assert error.mend == "Did you mean DITING_DATABASE_URL?"


def test_a_database_of_another_kind_is_refused():
    assert _refusal(database_url="mysql://u:p@h/d").code == "settings.database_url"


def test_safe_production_settings_are_taken():
    assert Settings(**PRODUCTION).environment == "production"
    Settings(
        **PRODUCTION,
        execution="distributed",
        database_url="postgresql://diting:Kq8vX2mPz7@db/diting",
        redis_url="redis://:Zt5nB9cWq3@redis/0",
        recordings_url="s3://calls",
        s3_access_key_id="AK",
        s3_secret_access_key=SECRET,
        host="0.0.0.0",  # noqa: S104
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"secret_key": None}, "SECRET_KEY"),
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"secret_key": "a" * 40}, "SECRET_KEY"),
        ({"api_token": None}, "API_TOKEN"),
        ({"api_token": None, "host": "0.0.0.0"}, "API_TOKEN"),  # noqa: S104
        ({"api_token": "changeme"}, "API_TOKEN"),
        ({"database_url": "postgresql://postgres:postgres@db/d"}, "DATABASE_URL"),
        ({"database_url": "postgresql://diting:password@db/d"}, "DATABASE_URL"),
        ({"database_url": "postgresql://diting:ChangeMe@127.0.0.1/d"}, "DATABASE_URL"),
        ({"database_url": "postgresql://collector:collector@db/d"}, "DATABASE_URL"),
        ({"database_url": "postgresql://diting@db/d"}, "DATABASE_URL"),
        ({"database_url": "postgresql://diting:@localhost/d"}, "DATABASE_URL"),
        ({"redis_url": "redis://redis:6379/0"}, "REDIS_URL"),
        ({"redis_url": "redis://:redis@redis:6379/0"}, "REDIS_URL"),
        ({"execution": "distributed"}, "DATABASE_URL"),
        ({"s3_access_key_id": "minioadmin", "s3_secret_access_key": "minioadmin"}, "S3_SECRET_ACCESS_KEY"),
        ({"engine_url": "http://asr.example.com/v1"}, "ENGINE_URL"),
        ({"engine_url": "http://8.8.8.8:8000/v1"}, "ENGINE_URL"),
    ],
)
def test_unsafe_values_are_refused_in_production_only(change: dict[str, Any], name: str):
    error = _refusal(**PRODUCTION | change)
    assert error.code == "settings.unsafe"
    assert error.message.startswith(f"{PREFIX}{name} ")
    assert error.mend
    assert Settings(**PRODUCTION | change | {"environment": "development"}).environment == "development"


def test_every_unsafe_value_is_named_at_once():
    error = _refusal(environment="production", redis_url="redis://redis/0")
    assert re.findall(r"DITING_\w+", error.message) == [
        "DITING_SECRET_KEY",
        "DITING_API_TOKEN",
        "DITING_REDIS_URL",
    ]


def test_this_machine_needs_no_password():
    Settings(**PRODUCTION, database_url="postgresql://diting@localhost/d", redis_url="redis://127.0.0.1/0")
    Settings(**PRODUCTION, database_url="postgresql:///d?host=/var/run/postgresql")


@pytest.mark.parametrize(
    "url",
    [
        "https://asr.example.com/v1",
        "http://127.0.0.1:8000/v1",
        "http://localhost:8000/v1",
        "http://[::1]:8000/v1",
        "http://10.1.2.3:8000/v1",
        "http://192.168.1.20/v1",
        "http://asr:8000/v1",
    ],
)
def test_recordings_go_over_an_open_connection_only_within_the_house(url: str):
    assert Settings(**PRODUCTION, engine_url=url).engine_url == url


def test_the_document_has_every_setting_with_its_default():
    rows = re.findall(r"^\| `(DITING_\w+)` \| (.*?) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    documented = {name: default.strip("`") for name, default in rows}
    assert sorted(documented) == sorted(PREFIX + name.upper() for name in Settings.model_fields)
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, str | int | float) and default != "":
            assert documented[PREFIX + name.upper()] == str(default), name


def test_no_page_and_no_program_names_a_setting_that_is_not_there():
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    named = {
        (path.relative_to(ROOT).as_posix(), name)
        for folder in ("store", "ingest", "transcription", "qc", "warnings", "pipeline", "api", "docs")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md", ".html"}
        for name in re.findall(r"\bDITING_[A-Z0-9_]*[A-Z0-9]\b", path.read_text(encoding="utf-8"))
    }
    assert {(place, name) for place, name in named if name not in known} == set()


def test_secrets_may_lie_in_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "diting_api_token").write_text(f"{SECRET}\n")
    (tmp_path / "DITING_SECRET_KEY").write_text("from the file")
    (tmp_path / "postgres_password").write_text("not ours")
    monkeypatch.setenv("DITING_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("DITING_SECRET_KEY", "from the environment")
    settings = Settings()
    assert settings.api_token is not None
    assert settings.secret_key is not None
    given = (settings.api_token.get_secret_value(), settings.secret_key.get_secret_value())
    assert given == (SECRET, "from the environment")
    assert SECRET not in repr(settings)
    assert _refusal(secrets_dir=tmp_path / "none").where == "DITING_SECRETS_DIR"
