"""The file of keys: every line proves itself, a new key never costs an old one."""

from pathlib import Path

import pytest

from store.clock import FixedClock
from store.errors import SettingsError
from store.recording_keys import add_key, load_keys, parse_keys
from store.settings import Settings


def test_without_a_file_there_are_no_keys():
    assert load_keys(None) is None


def test_the_newest_key_seals_and_the_older_ones_stay(tmp_path: Path, clock: FixedClock):
    file = tmp_path / "keys" / "recordings"
    first = add_key(file, clock)
    before = load_keys(file)
    second = add_key(file, clock)
    keys = load_keys(file)
    assert before is not None
    assert keys is not None
    assert (before.current, keys.current) == (first, second)
    assert keys.by_id[first] == before.by_id[first]
    assert len(set(keys.by_id.values())) == 2
    assert file.stat().st_mode & 0o777 == 0o600
    assert Settings(data_dir=tmp_path, recording_keys_file=file).recording_store().keys == keys


@pytest.mark.parametrize(
    "text", ["", "# only a remark\n", "abc", "0123456789abcdef AAAA\n", "0123456789abcdef !\n", "ä\n"]
)
def test_a_damaged_file_is_refused_without_showing_keys(tmp_path: Path, clock: FixedClock, text: str):
    file = tmp_path / "keys"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_keys(file)
    assert caught.value.code == "settings.recording_keys"
    assert "AAAA" not in str(caught.value)
    with pytest.raises(SettingsError):
        add_key(file, clock)
    assert file.read_text() == text


def test_a_key_with_another_id_is_refused(tmp_path: Path, clock: FixedClock):
    name = add_key(tmp_path / "keys", clock)
    text = (tmp_path / "keys").read_text()
    other = "0" if name[0] != "0" else "1"
    with pytest.raises(SettingsError, match="line 2"):
        parse_keys(text.replace(name, other + name[1:]))


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(SettingsError, match="cannot be read"):
        load_keys(tmp_path / "nothing")
