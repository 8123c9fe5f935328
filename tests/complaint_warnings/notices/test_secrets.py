"""Secrets come from the settings or from files, and are shown nowhere."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from complaint_warnings.notices.secrets import find_secret, hide
from store.errors import SettingsError
from store.settings import Settings


def test_a_secret_of_the_settings_comes_before_the_file(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "a").write_text("from-file\n", encoding="utf-8")
    (tmp_path / "b").write_text("file-b\r\n", encoding="utf-8")
    monkeypatch.setenv("DITING_NOTICES_SECRETS", '{"a": "from-settings"}')
    settings = Settings(notices_secrets_dir=tmp_path)

    assert find_secret(settings, "a").get_secret_value() == "from-settings"
    assert find_secret(settings, "b").get_secret_value() == "file-b"
    assert "from-settings" not in repr(settings)


@pytest.mark.parametrize("content", ["", "two words", "line\nbreak", "密钥"])
def test_a_secret_that_cannot_be_used_is_refused_without_showing_it(tmp_path: Path, content: str) -> None:
    (tmp_path / "a").write_text(content, encoding="utf-8")

    with pytest.raises(SettingsError) as error:
        find_secret(Settings(notices_secrets_dir=tmp_path), "a")
    assert error.value.code == "notices.secret"
    assert not content or content not in str(error.value)


def test_a_secret_that_is_not_there() -> None:
    with pytest.raises(SettingsError, match="there is no secret hook"):
        find_secret(Settings(), "hook")


def test_what_another_side_repeats_is_hidden() -> None:
    assert hide("token abc is not valid", [SecretStr("abc")]) == "token … is not valid"
