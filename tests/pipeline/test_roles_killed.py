"""A person's word on the roles, with the processes that act on it killed at the worst moments."""

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.verify import audit_problems, call_problems, version_problems
from store.database import open_sessions, reading

from .site import PROGRAMS, Site, children, kill, write_calls

PROGRAM = PROGRAMS / "run_embedded.py"
DECIDE = ("-m", "api.cli", "roles", "set", "S02-abuse", "--agent-side", "second", "--because", "听过录音")
FINISHED_S = 300

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="finding the processes to kill needs /proc (Linux)"
)


def finish(site: Site, *command: str | Path) -> None:
    assert site.start(*command).wait(timeout=FINISHED_S) == 0, site.log()


def disturb(site: Site, chance: random.Random, *command: str | Path) -> None:
    """Start a command and kill it, or one of its children, after a while."""
    process = site.start(*command)
    try:
        process.wait(timeout=chance.uniform(0.5, 12))
    except subprocess.TimeoutExpired:
        for child in children(process.pid):
            kill(child)
        kill(process.pid)
        process.wait()


def test_decision_survives_whatever_is_killed(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    sys.stdout.write(f"seed {seed}\n")  # shown when the test fails
    chance = random.Random(seed)
    calls = tmp_path / "calls"
    write_calls(calls, ["S02-abuse", "S05-dispute-ignored"])
    undisturbed = Site(tmp_path / "undisturbed", workers="1")
    finish(undisturbed, PROGRAM, calls)
    disturbed = Site(tmp_path / "disturbed", workers="1")
    shutil.copytree(undisturbed.folder / "var", disturbed.folder / "var")

    finish(undisturbed, *DECIDE)
    for _ in range(2):
        disturb(disturbed, chance, *DECIDE)
        disturb(disturbed, chance, PROGRAM, calls)
    finish(disturbed, PROGRAM, calls)
    finish(disturbed, *DECIDE)  # it may have been killed each time before it was put down

    expected, got = undisturbed.snapshot(), disturbed.snapshot()
    assert [call["state"] for call in expected["calls"]] == ["assessed"] * 2, undisturbed.log()
    assert [len(expected[part]) for part in ("transcripts", "inspections")] == [3, 3]
    for part in expected:
        assert got[part] == expected[part], f"seed {seed}, {part}: {disturbed.log()}"
    with open_sessions(disturbed.settings.database_url) as sessions, reading(sessions) as session:
        assert [*call_problems(session), *version_problems(session), *audit_problems(session)] == []
