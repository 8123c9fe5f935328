"""The entry point of `diting`: the commands, and what happens to errors."""

import io
import sys

import typer

from api.cli import (
    cases,
    complaints,
    deadlines,
    demo,
    engines,
    evaluate,
    findings,
    ingest,
    inspect,
    learning,
    ledger,
    notices,
    people,
    roles,
    rules,
    serve,
    sources,
    storage,
    voice,
    voice_evaluate,
    warnings,
    warnings_backtest,
    warnings_explain,
    warnings_fit,
    warnings_simulate,
    worker,
)
from api.cli.console import BAD_INPUT, FINE, attempt, debugging
from store.errors import BadInputError
from store.logging import configure_logging

app = typer.Typer(
    name="diting",
    help="谛听 Diting: recorded collection calls become quality-control tickets and complaint warnings. "
    "催收录音质检与投诉预警。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
roles_app = typer.Typer(help="Who is the agent in a call. 通话双方的角色。", no_args_is_help=True)
findings_app = typer.Typer(help="What was found, and what people say. 质检发现与复核。", no_args_is_help=True)
warnings_app = typer.Typer(help="The complaint-warning ledger. 投诉预警台账。", no_args_is_help=True)
voice_app = typer.Typer(help="How voices sounded. 声音与情绪。", no_args_is_help=True)
db_app = typer.Typer(help="The database. 数据库。", no_args_is_help=True)

app.command("inspect")(inspect.inspect)
app.command("ingest")(ingest.ingest)
app.command("worker")(worker.worker)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("evaluate")(evaluate.evaluate)
app.command("engines")(engines.engines)
roles_app.command("show")(roles.show)
roles_app.command("swap")(roles.swap)
roles_app.command("set")(roles.set_side)
findings_app.command("list")(findings.list_)
findings_app.command("decide")(findings.decide)
warnings_app.command("export")(warnings.export)
warnings_app.command("report")(sources.report)
warnings_app.command("opinion")(sources.opinion)
warnings_app.command("monitor")(sources.monitor)
warnings_app.command("items")(sources.list_items)
warnings_app.command("match")(sources.match)
warnings_app.command("set-aside")(sources.set_aside)
warnings_app.command("explain")(warnings_explain.explain)
warnings_app.command("simulate")(warnings_simulate.simulate)
warnings_app.command("backtest")(warnings_backtest.backtest)
warnings_app.command("fit")(warnings_fit.fit)
voice_app.command("show")(voice.show)
voice_app.command("collectors")(voice.list_collectors)
voice_app.command("evaluate")(voice_evaluate.evaluate)
db_app.command("upgrade")(storage.upgrade)
app.command("verify")(storage.verify)
app.command("retry")(storage.retry)
app.command("version")(storage.version)
app.add_typer(rules.app, name="rules")
app.add_typer(roles_app, name="roles")
app.add_typer(findings_app, name="findings")
app.add_typer(warnings_app, name="warnings")
app.add_typer(ledger.app, name="ledger")
app.add_typer(complaints.app, name="complaints")
app.add_typer(learning.app, name="learning")
app.add_typer(voice_app, name="voice")
app.add_typer(cases.app, name="cases")
app.add_typer(notices.app, name="notices")
app.add_typer(people.app, name="people")
app.add_typer(deadlines.app, name="deadlines")
app.add_typer(db_app, name="db")


def main() -> None:
    """Runs one command. Errors are one line on standard error and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    configure_logging("debug" if debugging() else "error")  # what went wrong is said by the commands
    ended, code = attempt(_run)
    sys.exit(ended or code)


def _run() -> int:
    """The exit code of one command.

    Raises:
        BadInputError: `cli.usage`, the arguments are wrong.
    """
    try:
        ended = app(standalone_mode=False)
    except typer.TyperException as error:
        said = " ".join(error.format_message().split())
        if not said:  # no command was named; the help, which is the answer, has been shown
            return BAD_INPUT
        raise BadInputError(
            said.rstrip("."), code="cli.usage", mend="Add --help to see what the command takes."
        ) from None
    return ended if isinstance(ended, int) else FINE
