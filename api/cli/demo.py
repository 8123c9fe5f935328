"""`diting demo`: the whole way on the sample calls, for somebody who has just come."""

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.cli.calls_table import table
from api.cli.console import Language, attempt, err, out
from api.cli.database import prepare_database
from api.cli.inspect import write_page
from api.cli.running import RunDisplay
from api.cli.single import single_instance
from api.heard import tones_of_call
from api.ledger_files import shown, write_ledger
from api.report.audio import BrowserFile, file_for_browser
from api.report.page import render_with_sound
from api.report.rulebook import stored_rule_texts
from api.stored import StoredCall, stored_calls, stored_result
from api.words import Lang, Words
from complaint_warnings.ledger.filters import Filters
from complaint_warnings.ledger.lines import Wanted
from ingest.intake import Outcome
from ingest.models import CallRow, RefusalRow
from pipeline.intake import take_in
from pipeline.runner import EmbeddedRunner
from pipeline.states import FINAL_STATES
from pipeline.tools import Tools, open_tools
from store.database import reading
from store.errors import BadInputError, ConflictError
from store.settings import Settings
from transcription.engines.survey import require_usable

SAMPLES = Path(__file__).parents[2] / "samples" / "calls"
_MOST_WORKERS = 4


def demo(
    samples: Annotated[
        Path | None, typer.Option(metavar="DIR", help="recordings; default: the samples")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="processes; default one per core, at most 4")
    ] = None,
    lang: Annotated[Language, typer.Option(help="language of tables and reports")] = Language.ZH,
) -> None:
    """Listen to the sample calls and show what comes of them. 演示：从录音到工单与预警。

    A second run does nothing twice.
    """
    folder = samples or SAMPLES
    if not folder.is_dir():
        raise BadInputError(
            "the sample calls are not here",
            code="demo.no_samples",
            where=str(folder),
            mend="Run it in a checkout of Diting, or give --samples DIR.",
        )
    settings = Settings()
    require_usable(settings)
    with single_instance(settings.data_dir / "demo.lock"):
        prepare_database(settings)
        tools = open_tools(settings)
        try:
            outcomes = list(take_in(tools, folder, actor="demo"))
            if not outcomes:
                raise BadInputError(
                    "there is no recording in this folder",
                    code="demo.no_samples",
                    where=str(folder),
                    mend="Give a folder of recordings with --samples DIR.",
                )
            _say_taken(outcomes, lang.value)
            work(settings, tools, workers or min(os.cpu_count() or 1, _MOST_WORKERS), lang.value)
            _show_results(settings, tools, lang.value)
        finally:
            tools.close()


def _say_taken(outcomes: Sequence[Outcome], lang: Lang) -> None:
    new = sum(outcome.created for outcome in outcomes)
    refused = sum(outcome.error is not None for outcome in outcomes)
    known = len(outcomes) - new - refused
    zh = f"接收：新通话 {new} 通，已在库 {known} 通，拒收 {refused} 个。"
    en = f"Taken in: {new} new calls, {known} known already, {refused} refused."
    out.print(Words(zh, en).say(lang), markup=False)


def work(settings: Settings, tools: Tools, workers: int, lang: Lang) -> None:
    """Works on every open call, showing how it comes along."""
    with reading(tools.sessions) as session:
        waiting = [item.call for item in stored_calls(session) if item.state not in FINAL_STATES]
    if not waiting:
        out.print(
            Words("没有待处理的通话，不重复处理。", "Every call is done already: nothing is done twice.").say(
                lang
            )
        )
        return
    names = {call.id: call.external_id for call in waiting}
    count = min(workers, len(waiting))
    zh = f"正在收听 {len(waiting)} 通录音（{count} 个进程，{settings.engine} 逐字转写）…"
    en = f"Listening to {len(waiting)} recordings ({count} processes; {settings.engine} writes them down) …"
    out.print(Words(zh, en).say(lang), markup=False)
    with RunDisplay(err, names, len(waiting), lang) as display:
        done = EmbeddedRunner(settings, workers=count, listen=display.hear).run_until_done()
    if not done:
        out.print(Words("已中断；再次运行即可继续。", "Interrupted; run it again to go on.").say(lang))
        raise typer.Exit(130)


def _show_results(settings: Settings, tools: Tools, lang: Lang) -> None:
    reports = settings.data_dir / "reports"
    with reading(tools.sessions) as session:
        calls = sorted(stored_calls(session), key=lambda item: item.call.external_id)
        refusals = list(session.scalars(select(RefusalRow).where(RefusalRow.resolved_at.is_(None))))
        out.print(table(calls, refusals, lang))
        _, code = attempt(lambda: _write_reports(session, tools, calls, reports, lang))
    ledger = settings.data_dir / "ledger.xlsx"
    wanted = Wanted(Filters(), tools.clock.now())
    warnings = write_ledger(tools.sessions, ledger, wanted, shown(settings, lang), explain=True)
    _say_next(reports, ledger, warnings, lang)
    raise typer.Exit(code)


def _write_reports(
    session: Session, tools: Tools, calls: Sequence[StoredCall], folder: Path, lang: Lang
) -> None:
    """Writes the reports that are missing or no longer true."""
    for item in calls:
        result = stored_result(session, item.call)
        if result is None:
            continue
        rules = stored_rule_texts(session, item.call.id, tools.settings.rule_folders)
        with (
            tools.recordings.local_copy(item.call.recording_sha256) as recording,
            _sound(session, item.call, recording) as audio,
        ):
            html = "".join(render_with_sound(result, audio, rules=rules, lang=lang))
        target = folder / report_name(item.call)
        if not target.is_file() or target.read_text(encoding="utf-8") != html:
            write_page(target, [html])


def _sound(session: Session, call: CallRow, recording: Path) -> AbstractContextManager[BrowserFile | None]:
    """The recording with a tone over personal data; none where nobody knows yet where that is heard."""
    try:
        return file_for_browser(recording, tones_of_call(session, call))
    except ConflictError:
        return nullcontext()


def report_name(call: CallRow) -> str:
    """A file name for a call's report; whatever a recorder calls its calls, it stays inside its folder."""
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in call.external_id).strip(".")[:80]
    return f"{safe or 'call'}-{call.id}.html"


def _say_next(reports: Path, ledger: Path, warnings: int, lang: Lang) -> None:
    mark = Words(
        "“?” 表示证据不足，待人工判断，不扣分。",
        "? marks what is too weak to accuse anyone: a person decides.",
    )
    shown = _relative(reports), _relative(ledger)
    lines = [
        mark,
        Words(f"报告：{shown[0]}/（用浏览器打开，可听录音）", f"Reports: {shown[0]}/ (open in a browser)"),
        Words(
            f"投诉预警台账：{shown[1]}（{warnings} 条）", f"Warning ledger: {shown[1]} ({warnings} warnings)"
        ),
        Words(
            "下一步：diting serve 打开网页；diting inspect 你的录音.wav 质检自己的录音；"
            "diting evaluate samples/calls 查看准确度。",
            "Next: `diting serve` for the pages; `diting inspect YOUR.wav` for a recording of your own; "
            "`diting evaluate samples/calls` for how well it does.",
        ),
    ]
    for text in lines:
        out.print(text.say(lang), markup=False, soft_wrap=True)


def _relative(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
