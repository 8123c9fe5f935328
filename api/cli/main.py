"""The entry point of `diting`: the commands, and what happens to errors."""

import io
import sys

import typer

from api.cli.console import BAD_INPUT, FINE, attempt, debugging
from api.cli.tree import Root
from store.errors import BadInputError
from store.logging import configure_logging

app = typer.Typer(
    name="diting",
    cls=Root,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def diting() -> None:
    """谛听 Diting: recorded collection calls become quality-control tickets and complaint warnings.
    催收录音质检与投诉预警。"""


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
