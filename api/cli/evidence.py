"""`diting evidence`: the evidence of one call in one archive, and whether such an archive is whole."""

from pathlib import Path
from typing import Annotated

import typer

from api import evidence
from api.cli.console import CRASHED, Language, err, line, out
from api.cli.database import prepare_database
from api.cli.me import me
from api.cli.storage import find_call
from api.exported_file import exported_file
from api.words import Words
from pipeline.evidence.signing import public_key
from pipeline.evidence.standalone import problems
from store.clock import SystemClock
from store.database import open_sessions, reading, transaction
from store.errors import SettingsError
from store.settings import Settings

app = typer.Typer(help="Evidence of a call, for authorities and courts. 证据包。", no_args_is_help=True)
Lang = Annotated[Language, typer.Option(help="language of what is shown")]


@app.command()
def export(
    call: Annotated[str, typer.Argument(metavar="CALL", help="number, SOURCE/EXTERNAL_ID, or external id")],
    file: Annotated[Path, typer.Option("--out", metavar="FILE.zip", help="where to write it")],
    original: Annotated[
        bool, typer.Option("--original", help="with the recording, names and numbers; needs --reason")
    ] = False,
    reason: Annotated[str | None, typer.Option("--reason", help="the matter it is for")] = None,
    lang: Lang = Language.ZH,
) -> None:
    """Write the evidence of a call into one archive. 导出证据包。

    Findings with their clips, transcript, rules as they were, decisions, versions, hashes, and the entries of
    the audit log with the proof that they are in it. What was exported goes into the audit log.
    """
    settings, clock = Settings(), SystemClock()
    prepare_database(settings)
    wish = evidence.Wish(me(), original, reason)
    with exported_file(file) as waiting, open_sessions(settings.database_url) as sessions:
        with reading(sessions) as session:
            row = find_call(session, call)
            made = evidence.build(session, settings, clock, row, wish, waiting)
        with transaction(sessions) as session:
            evidence.put_on_record(session, clock, made)
    number = made.details["export"]
    told = Words(f"已写入 {file}（导出编号 {number}）", f"Written: {file} (export {number})")
    err.print(told.say(lang.value), markup=False)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="an archive of evidence")],
    key: Annotated[
        str | None, typer.Option("--key", metavar="HEX", help="public key of the house that made it")
    ] = None,
    lang: Lang = Language.ZH,
) -> None:
    """Check an archive of evidence, without the database. 核验证据包。

    Every byte, the signature, and each entry of the audit log against the root of the whole log. Exit code 1
    where anything does not hold; each reason is one line on standard error.
    """
    found = problems(file, key)
    for problem in found:
        line(str(problem))
    told = Words(f"{len(found)} 处不符。", f"{len(found)} do not hold.")
    whole = Words("完整，未被改动。", "Whole: nothing was changed.")
    if key is None:
        whole = Words(
            "完整，未被改动；未核对签名公钥（--key）。",
            "Whole: nothing was changed. Who signed it was not checked (--key).",
        )
    out.print((told if found else whole).say(lang.value))
    raise typer.Exit(CRASHED if found else 0)


@app.command()
def key() -> None:
    """Print the public key that this installation signs evidence with. 签名公钥。

    Publish it where others can find it: whoever knows it can tell your evidence from somebody else's.
    """
    settings = Settings()
    if settings.secret_key is None:
        raise SettingsError(
            "without a secret key evidence is not signed",
            code="evidence.no_key",
            where="DITING_SECRET_KEY",
            mend="Set it, and keep it: the public key comes from it.",
        )
    typer.echo(public_key(settings.secret_key.get_secret_value()))
