"""`diting recordings`: keys, and recordings encrypted at rest."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.console import CRASHED, Language, complain, err, out
from api.cli.database import prepare_database
from api.cli.me import me
from api.cli.progress import bar
from api.words import Words
from store import audit
from store.clock import SystemClock
from store.database import open_sessions, transaction
from store.errors import DitingError, NotFoundError, SettingsError
from store.recording_keys import add_key
from store.recordings import RecordingStore
from store.renewing import What, renew
from store.settings import Settings

app = typer.Typer(help="Recordings encrypted at rest. 录音加密存储。", no_args_is_help=True)
Lang = Annotated[Language, typer.Option(help="language of what is shown")]


@app.command("new-key")
def new_key(lang: Lang = Language.ZH) -> None:
    """Add a new key to DITING_RECORDING_KEYS_FILE; from then on it encrypts. 生成新密钥。

    The older keys stay: they open what they encrypted. Keep a copy of the file in another place than the
    recordings: without it they cannot be read.
    """
    settings = Settings()
    name = add_key(_file(settings), SystemClock())
    _note(settings, "recordings.key_added", {"key": name})
    told = Words(
        f"新密钥 {name} 已写入密钥文件，请立即另行备份；重启服务后生效。",
        f"The new key {name} is in the file of keys. Back the file up now; restart the services.",
    )
    out.print(told.say(lang.value), markup=False)


@app.command()
def seal(lang: Lang = Language.ZH) -> None:
    """Encrypt the recordings that are still plain. 加密已有明文录音。

    Killed at any point, it is simply run again. Exit code 1 where recordings could not be read.
    """
    _renew("plain", lang)


@app.command()
def rewrap(lang: Lang = Language.ZH) -> None:
    """Bring recordings under older keys under the newest one. 换用最新密钥。

    The recordings themselves are not encrypted anew, only their own keys. Killed at any point, it is simply
    run again. Exit code 1 where recordings could not be read.
    """
    _renew("older_keys", lang)


@app.command()
def status(lang: Lang = Language.ZH) -> None:
    """How many recordings are plain, and how many are under which key. 查看加密情况。

    Exit code 1 where recordings are under a key that is not there, or are damaged.
    """
    recordings = Settings().recording_store()
    counts: Counter[str] = Counter()
    with bar(err) as progress:
        for sha256 in progress.track(recordings.hashes(), description=_bar(lang), total=None):
            counts[_held(recordings, sha256)] += 1
    keys = recordings.keys
    known = set(keys.by_id) if keys else set()
    notes = {
        "": Words("", ""),
        "plain": Words("明文", "plain"),
        "damaged": Words("已损坏", "damaged"),
        "current": Words("当前密钥", "the current key"),
        "missing": Words("密钥缺失", "its key is missing"),
    }
    rows, troubled = [], False
    for name in sorted(counts.keys() | known):
        kind = name if name in {"plain", "damaged"} else "" if name in known else "missing"
        if keys and name == keys.current:
            kind = "current"
        troubled = troubled or kind in {"damaged", "missing"}
        rows.append((name, counts[name], notes[kind].say(lang.value)))
    headings = (Words("密钥", "key"), Words("录音数", "recordings"), Words("说明", "what it is"))
    out.rows([heading.say(lang.value) for heading in headings], rows)
    raise typer.Exit(CRASHED if troubled else 0)


def _renew(what: What, lang: Language) -> None:
    settings = Settings()
    prepare_database(settings)
    recordings = settings.recording_store()
    counts: Counter[str] = Counter()
    failed = 0
    with bar(err) as progress:
        hashes = list(recordings.hashes()) if recordings.keys else []
        task = progress.add_task(_bar(lang), total=len(hashes))
        for one in renew(recordings, hashes, what):
            counts[one.changed] += 1
            progress.advance(task)
            if one.error is not None:
                failed += 1
                complain(one.error)
    done = counts["sealed"] + counts["rewrapped"]
    current = recordings.keys.current if recordings.keys else ""
    _note(settings, "recordings.renewed", {"what": what, "key": current, "done": done, "failed": failed})
    told = Words(
        f"{done} 份录音已改用密钥 {current}，{len(hashes) - done - failed} 份无需处理，{failed} 份失败。",
        f"{done} recordings are now under the key {current}; {len(hashes) - done - failed} needed nothing, "
        f"{failed} failed.",
    )
    out.print(told.say(lang.value), markup=False)
    raise typer.Exit(CRASHED if failed else 0)


def _held(recordings: RecordingStore, sha256: str) -> str:
    try:
        return recordings.sealed_by(sha256) or "plain"
    except NotFoundError:  # it was deleted meanwhile
        return "plain"
    except DitingError as error:
        if error.code != "recording.damaged":
            raise
        return "damaged"


def _bar(lang: Language) -> str:
    return Words("录音", "recordings").say(lang.value)


def _file(settings: Settings) -> Path:
    if settings.recording_keys_file is None:
        raise SettingsError(
            "it is not said where the keys are kept",
            code="settings.recording_keys",
            where="DITING_RECORDING_KEYS_FILE",
            mend="Set it to a file outside the folders of recordings and backups.",
        )
    return settings.recording_keys_file


def _note(settings: Settings, action: str, details: dict[str, Any]) -> None:
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        audit.append(session, SystemClock(), actor=me(), action=action, subject="recordings", details=details)
