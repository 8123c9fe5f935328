"""Files that are whole or not there."""

import stat
from pathlib import Path

import pytest

from api.exported_file import exported_file
from store.errors import BadInputError


def test_a_file_takes_its_name_when_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "new" / "evidence.zip"
    for content in (b"first", b"second"):
        with exported_file(file) as waiting:
            waiting.write(content)
            assert not file.exists() or file.read_bytes() == b"first"
        assert file.read_bytes() == content
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_what_was_there_stays_where_something_fails(tmp_path: Path) -> None:
    file = tmp_path / "evidence.zip"
    file.write_bytes(b"before")
    with pytest.raises(ZeroDivisionError), exported_file(file):
        raise ZeroDivisionError
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"before", [file])


def test_a_place_that_takes_no_file(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    for place in (Path("/proc/evidence.zip"), tmp_path / "taken"):
        with pytest.raises(BadInputError) as refused, exported_file(place):
            pass
        assert (refused.value.code, refused.value.where) == ("cli.unwritable", str(place))
    assert list(tmp_path.iterdir()) == [tmp_path / "taken"]
