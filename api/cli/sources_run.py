"""`diting sources test | run | retry`: tries a source, fetches from it, lets what failed be tried again."""

import json
import threading
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from api.cli.console import BAD_INPUT, CRASHED, FINE, Language, complain, err, line, out
from api.cli.database import prepare_database
from api.cli.progress import bar
from api.words import Lang, Words
from ingest.intake import make_intake
from ingest.sources import items
from ingest.sources.check import Checked, Tried, check_source
from ingest.sources.file import find_source, load_sources
from ingest.sources.run import Turn
from ingest.sources.take import Taken
from pipeline.sourcing import ACTOR, take_turn
from store.clock import SystemClock
from store.database import open_sessions, transaction
from store.settings import Settings

Name = Annotated[str, typer.Argument(metavar="NAME", help="of the source, in `diting sources list`")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON")]
Lang_ = Annotated[Language, typer.Option(help="language of what is shown")]


def try_source(name: Name, as_json: AsJson = False, lang: Lang_ = Language.ZH) -> None:
    """Try a source: what is wrong with it, and what its newest calls would become. 测试来源。

    Nothing is taken and nothing is written. Exit code 2 when something is wrong.
    """
    settings = Settings()
    source = find_source(settings, name)
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions:
        checked = check_source(name, source, settings, make_intake(settings, sessions, SystemClock()))
    if as_json:
        typer.echo(json.dumps(_checked_document(name, checked), ensure_ascii=False))
    else:
        _tell(name, checked, lang.value)
    wrong = checked.problem is not None or any(each.error for each in checked.newest)
    raise typer.Exit(BAD_INPUT if wrong else FINE)


def run(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="of one source; default all")] = None,
    once: Annotated[bool, typer.Option("--once", help="until nothing is due; default: until Ctrl-C")] = False,
    as_json: AsJson = False,
    lang: Lang_ = Language.ZH,
) -> None:
    """Fetch from the sources now. 立即从来源接收录音。

    `diting serve` and the workers do so by themselves; `diting worker` works on what was taken in.
    """
    settings = Settings()
    names = [name] if name else [n for n, s in load_sources(settings).sources.items() if s.enabled]
    for each in names:
        find_source(settings, each)
    prepare_database(settings)
    turns = [_run_one(settings, each, lang.value) for each in names] if once else []
    if once:
        if as_json:
            typer.echo(json.dumps([turn_document(turn) for turn in turns], ensure_ascii=False))
        failed = [turn for turn in turns if turn.error is not None]
        bad = any(turn.refused or turn.dead for turn in turns)
        raise typer.Exit(CRASHED if failed else BAD_INPUT if bad else FINE)
    _run_on(settings, names, lang.value)


def _run_on(settings: Settings, names: list[str], lang: Lang) -> None:
    """Goes on until it is stopped."""
    stopped = threading.Event()
    try:
        while not stopped.wait(1.0):
            for each in names:
                _run_one(settings, each, lang, only_due=True)
    except KeyboardInterrupt:
        out.print(Words("已停止。", "Stopped.").say(lang))


def _run_one(settings: Settings, name: str, lang: Lang, *, only_due: bool = False) -> Turn:
    said = {"list": Words("列表", "listing"), "take": Words("接收", "taking in")}
    with open_sessions(settings.database_url) as sessions, bar(err) as progress:
        tasks = {
            what: progress.add_task(f"{name} {words.say(lang)}", total=None) for what, words in said.items()
        }

        def listen(what: str, count: int, taken: Taken | None) -> None:
            progress.advance(tasks[what], count)
            if taken is not None and taken.reason and taken.state != "found":
                line(taken.reason)

        intake = make_intake(settings, sessions, SystemClock(), ACTOR)
        turn = take_turn(name, intake, settings, listen=listen, only_due=only_due)
    if turn.error is not None:
        complain(turn.error)
    if not only_due or turn.taken or turn.refused:
        out.print(_summary(turn).say(lang), markup=False)
    return turn


def retry(
    name: Name,
    keys: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY]…", help="only these; default all")
    ] = None,
    refused: Annotated[bool, typer.Option("--refused", help="also what was refused as it is")] = False,
    lang: Lang_ = Language.ZH,
) -> None:
    """Let what was given up be tried again. 重试失败的录音。"""
    settings = Settings()
    prepare_database(settings)
    states = ("dead", "refused") if refused else ("dead",)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        count = items.retry(session, SystemClock(), name, keys=keys or (), states=states)
    out.print(Words(f"{count} 条将重试。", f"{count} will be tried again.").say(lang.value))


def turn_document(turn: Turn) -> dict[str, Any]:
    """A turn as JSON."""
    return {
        "source": turn.source,
        "new": turn.noted.new,
        "changed": turn.noted.changed,
        "known": turn.noted.known,
        "passed": turn.noted.passed,
        "taken": turn.taken,
        "created": len(turn.created),
        "refused": turn.refused,
        "waiting": turn.waiting,
        "dead": turn.dead,
        "left": turn.left,
        "error": None if turn.error is None else {"code": turn.error.code, "message": str(turn.error)},
    }


def _summary(turn: Turn) -> Words:
    if turn.left:
        return Words(f"{turn.source}：另一进程正在读取。", f"{turn.source}: another process reads it now.")
    new, known = len(turn.created), turn.taken - len(turn.created)
    return Words(
        f"{turn.source}：新通话 {new}，已有 {known}，拒收 {turn.refused}，"
        f"等待 {turn.waiting}，放弃 {turn.dead}。",
        f"{turn.source}: {new} new calls, {known} known already, {turn.refused} refused, "
        f"{turn.waiting} waiting, {turn.dead} given up.",
    )


def _checked_document(name: str, checked: Checked) -> dict[str, Any]:
    problem = checked.problem
    return {
        "source": name,
        "problem": None if problem is None else {"code": problem.code, "message": str(problem)},
        "kinds": checked.kinds,
        "others": checked.others,
        "more": checked.more,
        "newest": [_tried_document(each) for each in checked.newest],
    }


def _tried_document(tried: Tried) -> dict[str, Any]:
    error = tried.error
    return {
        "key": tried.key,
        "call": tried.call,
        "duration_s": tried.duration_s,
        "error": None if error is None else {"code": error.code, "message": str(error)},
    }


_KIND_WORDS = {
    "call": Words("通话", "calls"),
    "file": Words("录音文件", "recordings"),
    "records": Words("话单文件", "files of records"),
}


def _tell(name: str, checked: Checked, lang: Lang) -> None:
    if checked.problem is not None:
        complain(checked.problem)
        return
    counts = ", ".join(f"{count} {_KIND_WORDS[kind].say(lang)}" for kind, count in checked.kinds.items())
    more = Words("（只看了一部分）", " (only a part was looked at)").say(lang) if checked.more else ""
    nothing = Words("没有通话", "no calls").say(lang)
    others = Words(f"其他文件 {checked.others}", f"{checked.others} other files").say(lang)
    out.print(f"{name}: {counts or nothing}; {others}{more}", markup=False)
    table = Table("来源 In the source", "通话 Call", "时间 Began", "坐席 Agent", "秒 Seconds", "问题 Problem")
    for each in checked.newest:
        table.add_row(*(escape(cell) for cell in _cells(each)))
    if checked.newest:
        out.print(table)


def _cells(tried: Tried) -> tuple[str, ...]:
    call = tried.call or {}
    seconds = "" if tried.duration_s is None else f"{tried.duration_s:.1f}"
    key = f"{call['source']}/{call['external_id']}" if call else ""
    began = str(call.get("started_at") or call.get("time_problem") or "")
    agent = str((call.get("agent") or {}).get("id") or "")
    return (tried.key, key, began, agent, seconds, "" if tried.error is None else str(tried.error))
