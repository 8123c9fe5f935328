"""`diting backup`: makes, lists, verifies and restores backups."""

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer

from api.cli.backup_shown import MIB, row, table, tell_restored
from api.cli.console import CRASHED, FINE, attempt, complain, err, gravest, line, out
from api.cli.progress import bar
from pipeline.backup import examine, make, nightly, restore
from pipeline.backup.vault import Vault
from store.clock import Clock, SystemClock
from store.errors import DitingError, NotFoundError, SettingsError
from store.recording_keys import load_keys
from store.settings import Settings

app = typer.Typer(help="Backups: make, verify, restore. 备份与恢复。", no_args_is_help=True)

_AGAIN_AFTER: Final = timedelta(hours=1)

Folder = Annotated[
    Path | None, typer.Argument(metavar="FOLDER", help="the backups; default DITING_BACKUP_DIR")
]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="which backup; default the newest")]
Unsealed = Annotated[bool, typer.Option("--unsealed", help="take it without this installation's seal")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON")]


@app.command("make")
def make_(
    folder: Folder = None,
    keep: Annotated[int | None, typer.Option(min=1, max=10_000, help="then keep only the newest N")] = None,
    no_recordings: Annotated[
        bool, typer.Option("--no-recordings", help="only the list of the recordings")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="read again what was kept before")] = False,
    daily_at: Annotated[
        str | None, typer.Option("--daily-at", metavar="HH:MM", help="stay, and make one a day")
    ] = None,
) -> None:
    """Back up database, recordings, rules and settings. 备份数据库、录音、规则与设置。

    Killed at any moment it leaves the earlier backups whole. Exit code 1 when recordings could not be read.
    """
    settings, clock = Settings(), SystemClock()
    vault = _vault(settings, folder)
    wish = make.Wish(with_recordings=not no_recordings, check=check)

    def once() -> int:
        return _make(settings, clock, vault, wish, keep)

    if daily_at is None:
        raise typer.Exit(once())
    at = nightly.parse_time(daily_at)
    _every_day(clock, lambda now: nightly.next_time(now, at, ZoneInfo(settings.timezone)), once)


@app.command("list")
def list_(
    folder: Folder = None,
    max_age_hours: Annotated[
        float | None, typer.Option(min=0, help="exit code 1 when the newest is older, or there is none")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the backups, the oldest first. 列出备份。"""
    settings = Settings()
    vault = _vault(settings, folder)
    vault.require()
    rows, codes = [], []
    for name in vault.names():
        manifest, code = attempt(lambda name=name: vault.manifest(name))  # type: ignore[misc]
        codes.append(code)
        if manifest is not None:
            rows.append(manifest)
    if as_json:
        typer.echo(json.dumps([row(each) for each in rows], ensure_ascii=False))
    else:
        out.print(table(rows))
    newest = rows[-1].moment if rows else None
    late = max_age_hours is not None and nightly.is_too_old(newest, SystemClock().now(), max_age_hours)
    raise typer.Exit(CRASHED if late else gravest(codes))


@app.command()
def verify(
    folder: Folder = None,
    name: Name = None,
    every: Annotated[bool, typer.Option("--all", help="all backups")] = False,
    unsealed: Unsealed = False,
) -> None:
    """Read every byte of a backup against its hash. 校验备份。

    Each fault is one line on standard error; exit code 1 when there is any.
    """
    settings = Settings()
    vault = _vault(settings, folder)
    vault.require()
    faults = 0
    with vault.locked(alone=False):
        for each in vault.names() if every else [_chosen(vault, name)]:
            found = _faults(settings, vault, each, unsealed=unsealed)
            out.print(f"{each}: {'whole' if not found else f'{found} faults'}.", markup=False)
            faults += found
    raise typer.Exit(CRASHED if faults else FINE)


@app.command("restore")
def restore_(
    folder: Folder = None,
    name: Name = None,
    unsealed: Unsealed = False,
    keep_recordings: Annotated[
        bool, typer.Option("--keep-recordings", help="the store may hold recordings already")
    ] = False,
) -> None:
    """Bring a backup back into an empty place. 将备份恢复到空的安装中。

    Where to is said by the settings. Everything is verified before anything is written; nothing is
    overwritten. Killed, it is simply begun again.
    """
    settings = Settings()
    vault = _vault(settings, folder)
    vault.require()
    wish = restore.Wish(_chosen(vault, name), unsealed=unsealed, keep_recordings=keep_recordings)
    with _shown() as told:
        done = restore.restore(settings, SystemClock(), vault, told, wish)
    tell_restored(done)
    raise typer.Exit(CRASHED if done.missing else FINE)


def _make(settings: Settings, clock: Clock, vault: Vault, wish: make.Wish, keep: int | None) -> int:
    with _shown() as told:
        made = make.make(settings, clock, vault, told, wish)
    manifest = made.manifest
    out.print(
        f"{manifest.name}: {sum(manifest.database.tables.values())} rows,"
        f" {manifest.recordings.count} recordings ({made.copied} copied now, {made.copied_bytes / MIB:.1f}"
        f" MiB; {made.kept_before} kept before), {len(manifest.files)} files.",
        markup=False,
    )
    for absent in manifest.recordings.absent:
        line(f"recording {absent.sha256} is on record but could not be read [{absent.code}]")
    if manifest.seal is None:
        line("DITING_SECRET_KEY is not set, so the backup has no seal: let nobody else write to the folder")
    if keep is not None:
        with _shown() as told:
            gone, freed = make.thin(vault, keep, told)
        out.print(f"{len(gone)} older backups went, {freed / MIB:.1f} MiB are free again.", markup=False)
    return CRASHED if manifest.recordings.absent else FINE


def _every_day(clock: Clock, due: Callable[[datetime], datetime], once: Callable[[], int]) -> None:
    """One a day until the process is ended; after a failure it is tried again in an hour."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    at = due(clock.now())
    while True:
        out.print(f"The next backup is made at {at.isoformat()}.", markup=False)
        while (left := (at - clock.now()).total_seconds()) > 0:
            if ended.wait(min(left, 60)):
                return
        _, code = attempt(once)
        at = due(clock.now())
        if code != FINE:
            at = min(at, clock.now() + _AGAIN_AFTER)
        if ended.is_set():
            return


def _faults(settings: Settings, vault: Vault, name: str, *, unsealed: bool) -> int:
    count = 0
    try:
        manifest = vault.manifest(name)
        examine.require_usable(manifest, make.key_of(settings), unsealed=unsealed)
        with _shown() as told:
            for problem in examine.problems(vault, manifest, told):
                count += 1
                complain(problem)
    except DitingError as error:
        complain(error)
        return count + 1
    for absent in manifest.recordings.absent:
        line(f"{name}: recording {absent.sha256} could not be read when it was made [{absent.code}]")
    return count + len(manifest.recordings.absent)


def _vault(settings: Settings, folder: Path | None) -> Vault:
    chosen = folder or settings.backup_dir
    if chosen is None:
        raise SettingsError(
            "no folder of backups is named",
            code="backup.no_folder_named",
            where="DITING_BACKUP_DIR",
            mend="Name it on the command line, or by DITING_BACKUP_DIR.",
        )
    return Vault(chosen, load_keys(settings.recording_keys_file))


def _chosen(vault: Vault, name: str | None) -> str:
    names = vault.names()
    if name is None and not names:
        raise NotFoundError(
            "there is no backup yet",
            code="backup.not_found",
            where=str(vault.folder),
            mend="`diting backup make` makes one.",
        )
    return name or names[-1]


@contextmanager
def _shown() -> Iterator[make.Told]:
    """Bars for the steps, one after the other."""
    with bar(err) as progress:
        tasks: dict[str, Any] = {}

        def told(step: str, done: int, of: int | None) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=of)
            progress.update(tasks[step], completed=done, total=of)

        yield told
