"""The commands are loaded when they are asked for, and not before."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.cli.tree import Commands, Group

# What only some commands need, and takes seconds to load.
HEAVY = ("fastapi", "numba", "librosa", "faster_whisper", "sklearn", "scipy")
PROGRAM = """
import sys
from api.cli.main import main
sys.argv = ["diting", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    print(ended.code, *sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize("command", [("people", "list"), ("cases", "list"), ("complaints", "list")])
def test_a_light_command_loads_nothing_heavy(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path))
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *command], capture_output=True, text=True, check=True
    )
    code, *loaded = ended.stdout.splitlines()[-1].split()

    assert code == "0"
    assert "sqlalchemy" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_a_command_is_loaded_once_and_an_unknown_one_is_none() -> None:
    commands = Commands({"version": "storage:version", "db": Group("…", {"upgrade": "storage:upgrade"})})

    assert (list(commands), len(commands)) == (["version", "db"], 2)
    assert commands["version"] is commands["version"]
    assert commands["version"].name == "version"
    assert commands["db"].commands["upgrade"].name == "upgrade"
    assert commands.get("versoin") is None
