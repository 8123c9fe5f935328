"""`diting sources preview`: what the records of a file would become, before anything is taken in."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.table import Table
from rich.text import Text

from api.cli.console import BAD_INPUT, Language, out
from api.masking import mask_text
from api.words import Words
from ingest.formats.registry import FORMATS, find_format, make_options
from ingest.formats.types import Described, Unreadable
from ingest.metadata import CallRecord, parse_call_record
from store.clock import SystemClock
from store.errors import BadInputError, DitingError, printable

_COLUMNS = (
    *(Words("位置", "Place"), Words("通话编号", "Call"), Words("开始时间", "Began")),
    *(Words("方向", "Direction"), Words("坐席", "Agent"), Words("客户", "Customer")),
    Words("录音", "Recording"),
)
_TIMES = {
    "time.missing": Words("缺失", "missing"),
    "time.no_zone": Words("无时区", "no zone"),
    "time.unreadable": Words("无法识别", "unreadable"),
    "time.future": Words("晚于当前时间", "in the future"),
    "time.ambiguous": Words("夏令时重复的一小时", "an hour that came twice"),
    "time.nonexistent": Words("该时区不存在的时间", "never shown by clocks"),
    "time.contradictory": Words("与记录中另一时间矛盾", "contradicts the record"),
}


def preview(
    format_: Annotated[str, typer.Argument(metavar="FORMAT", help=", ".join(FORMATS))],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the records")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="an option of the format, as YAML; repeatable"),
    ] = None,
    options: Annotated[
        Path | None, typer.Option("--options", metavar="FILE.yaml", help="the options of the format")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="so many records")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line, unmasked")] = False,
    lang: Annotated[Language, typer.Option(help="language of what is shown")] = Language.ZH,
) -> None:
    """Show what the records of a file would become. 预览话单将被读成什么。

    `diting sources preview asterisk-csv Master.csv --set zone=Asia/Shanghai`. Nothing is stored. Exit code 2:
    a record cannot be used; each says why.
    """
    chosen = find_format(format_)
    given = given_options(options, settings or [])
    wanted = make_options(chosen, {"source": "preview", **given}, str(options or "--set"))
    now = SystemClock().now()
    try:
        with file.open("rb") as stream:
            found = list(islice(_checked(chosen.read(stream, printable(file.name), wanted), now), limit))
    except OSError as error:
        message = f"cannot be read ({error.strerror})"
        raise BadInputError(
            message, code="metadata.not_found", where=str(file), mend="Check the path."
        ) from None
    if as_json:
        for described, record, problem in found:
            typer.echo(json.dumps(_document(described, record, problem), ensure_ascii=False))
    else:
        _show(found, lang)
    if any(problem for _, _, problem in found):
        raise typer.Exit(BAD_INPUT)


Checked = tuple[Described | Unreadable, CallRecord | None, DitingError | None]


def _checked(records: Iterator[Described | Unreadable], now: datetime) -> Iterator[Checked]:
    """Each record as intake would read it."""
    for each in records:
        if isinstance(each, Unreadable):
            yield each, None, each.error
            continue
        try:
            yield each, parse_call_record(each.document, each.where, now=now), None
        except BadInputError as error:
            yield each, None, error


def given_options(file: Path | None, settings: list[str]) -> dict[str, Any]:
    """The options that were given, as YAML in a file and one by one.

    Raises:
        BadInputError: `format.options`.
    """
    given: dict[str, Any] = {}
    try:
        if file is not None:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            if not isinstance(content, dict):
                raise _wrong_options(str(file), "this is no list of names and values")
            given |= content
        for each in settings:
            name, equals, value = each.partition("=")
            if not equals:
                raise _wrong_options(f"--set {each}", "write NAME=VALUE")
            given[name.strip()] = yaml.safe_load(value)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _wrong_options(
            str(file or "--set"), f"this cannot be read: {str(error).splitlines()[0]}"
        ) from None
    return given


def _wrong_options(where: str, message: str) -> BadInputError:
    return BadInputError(message, code="format.options", where=where, mend="Correct the options.")


def _document(
    described: Described | Unreadable, record: CallRecord | None, problem: DitingError | None
) -> dict[str, Any]:
    document: dict[str, Any] = {"where": described.where}
    if problem is not None:
        document["error"] = {"code": problem.code, "message": problem.message, "mend": problem.mend}
    if isinstance(described, Described):
        document["recording"] = described.recording
        document["ids"] = list(described.ids)
        if described.inline is not None:
            document["inline_bytes"] = len(described.inline.content)
    if record is not None:
        document["call"] = record.to_document()
    return document


def _show(found: list[Checked], lang: Language) -> None:
    table = Table(*(words.say(lang.value) for words in _COLUMNS), box=None, padding=(0, 2, 0, 0))
    for described, record, _problem in found:
        if record is None or not isinstance(described, Described):
            continue  # said below
        began = _began(record, lang)
        recording = mask_text(described.recording or "") or "、".join(described.ids)
        if described.inline is not None:
            recording = f"{recording} ({len(described.inline.content)} B)"
        customer = mask_text(record.customer.number or "")
        cells = (record.direction, record.agent.id, customer, recording)
        texts = (Text(cell or "—", overflow="fold") for cell in cells)
        place = Text(described.where, overflow="fold")
        table.add_row(place, Text(record.external_id, overflow="fold"), began, *texts)
    if table.row_count:
        out.print(table)
    for _, _, problem in found:
        if problem is not None:
            out.print(Text(str(problem), style="bold red"))
    bad = sum(problem is not None for _, _, problem in found)
    said = Words(f"{len(found) - bad} 条可用，{bad} 条不可用。", f"{len(found) - bad} usable, {bad} not.")
    out.print(said.say(lang.value))


def _began(record: CallRecord, lang: Language) -> Text:
    if record.started_at is None:
        problem = record.time_problem or "time.missing"
        words = _TIMES.get(problem)
        return Text(words.say(lang.value) if words else problem, style="magenta")
    return Text(f"{record.started_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z {record.time_source or ''}".strip())
