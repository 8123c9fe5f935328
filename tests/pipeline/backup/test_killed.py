"""Processes that are really killed, by SIGKILL, in the middle of a backup or a restore."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.backup import examine, restore
from pipeline.backup.vault import Vault
from store.settings import Settings

from .installation import Installation, before_the_note, recordings, rows, silent

CALLS = 12

# Ends itself at the N-th thing that is forced to the disk, or `before` or `after` the manifest is written.
PROGRAM = """
import itertools, os, signal, sys
from datetime import datetime
from pathlib import Path
from pipeline.backup import make, restore
from pipeline.backup.vault import Vault
from store.clock import FixedClock
from store.settings import Settings

what, name, moment, left, folder, data_dir, url = sys.argv[1:]
sync, write = os.fsync, Vault.write_manifest
counted = itertools.count(1)

def end():
    os.kill(os.getpid(), signal.SIGKILL)

def forced(handle):
    sync(handle)
    if str(next(counted)) == left:
        end()

def written(vault, manifest):
    if left == "before":
        end()
    write(vault, manifest)
    if left == "after":
        end()

os.fsync, Vault.write_manifest = forced, written
settings = Settings(data_dir=data_dir, database_url=url)
clock, vault = FixedClock(datetime.fromisoformat(moment)), Vault(Path(folder))
told = lambda *_: None
if what == "make":
    make.make(settings, clock, vault, told)
else:
    restore.restore(settings, clock, vault, told, restore.Wish(name))
"""


def counted(monkeypatch: pytest.MonkeyPatch, run: Callable[[], Any]) -> tuple[int, Any]:
    """How often something is forced to the disk in a run that nobody kills."""
    count = 0
    sync = os.fsync

    def forced(handle: int) -> None:
        nonlocal count
        count += 1
        sync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", forced)
        ended = run()
    return count, ended


def arguments(
    what: str, name: str, left: int | str, vault: Vault, site: Installation, to: Settings
) -> tuple[str, ...]:
    moment = site.clock.moment.isoformat()
    return (what, name, moment, str(left), str(vault.folder), str(to.data_dir), to.database_url)


def test_a_killed_backup_leaves_the_earlier_one_whole_and_is_gone_on_with(
    small: Installation, vault: Vault, tmp_path: Path, monkeypatch, start_python
):
    earlier = small.back_up(vault).manifest.name
    for number in range(2, CALLS):
        small.add_call(number)
    shutil.copytree(vault.folder, tmp_path / "counted")
    total, last = counted(monkeypatch, lambda: small.back_up(Vault(tmp_path / "counted")))
    assert last.copied == CALLS - 2
    for left, whole, kept_before in ((total // 2, 1, None), ("before", 1, CALLS), ("after", 2, CALLS)):
        killed = Vault(tmp_path / f"killed-{left}")
        shutil.copytree(vault.folder, killed.folder)
        process = start_python(PROGRAM, *arguments("make", "-", left, killed, small, small.settings))
        assert process.wait(timeout=300) == -signal.SIGKILL
        assert (len(killed.names()), killed.names()[0]) == (whole, earlier)
        for name in killed.names():
            assert list(examine.problems(killed, killed.manifest(name), silent)) == []

        made = small.back_up(killed)
        assert made.copied + made.kept_before == CALLS
        assert made.kept_before == kept_before or (kept_before is None and 2 < made.kept_before < CALLS)
        assert list((killed.folder / "work").iterdir()) == []
        assert list(examine.problems(killed, made.manifest, silent)) == []


def test_a_killed_restore_is_begun_again(
    small: Installation, vault: Vault, tmp_path: Path, monkeypatch, start_python
):
    made = small.back_up(vault).manifest
    before = rows(small.settings.database_url)

    def restore_to(folder: Path) -> Settings:
        there = Settings(data_dir=folder)
        restore.restore(there, small.clock, vault, silent, restore.Wish(made.name))
        return there

    total, _ = counted(monkeypatch, lambda: restore_to(tmp_path / "counted"))
    there = Settings(data_dir=tmp_path / "new")
    for left in (total // 2, total // 3):
        assert (
            start_python(PROGRAM, *arguments("restore", made.name, left, vault, small, there)).wait(
                timeout=300
            )
            == -signal.SIGKILL
        )
        assert not (tmp_path / "new" / "diting.db").exists()
    restore_to(tmp_path / "new")
    last = made.audit.seq
    assert before_the_note(rows(there.database_url), last) == before_the_note(before, last)
    assert recordings(there) == recordings(small.settings)
