"""`diting inspect`: judges calls from files, without a database."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TextColumn

from api.cli.console import FINE, UNJUDGED, Language, attempt, err, gravest, out
from api.cli.progress import bar
from api.cli.show import summary
from api.masking import heard_in
from api.report.audio import file_for_browser
from api.report.page import render_with_sound
from api.report.rulebook import rule_texts
from api.words import Lang
from pipeline.inspect_call import TRANSCRIPT_SUFFIX, CallFiles, CallInspector
from pipeline.result import CallResult, dumps, to_json
from store.errors import BadInputError
from store.settings import Settings
from transcription.engines.survey import require_usable
from transcription.privacy.sound import stretches


def inspect(
    recordings: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[RECORDING]…", help="recordings; none needed with --transcript"),
    ] = None,
    metadata: Annotated[
        Path | None, typer.Option(metavar="FILE", help="call.json; default: NAME.call.json beside NAME.opus")
    ] = None,
    transcript: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="take the words from here instead of listening; repeatable"),
    ] = None,
    pack: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="also judge by this rule pack; repeatable")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line (docs/formats.md)")] = False,
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="also write one HTML report per call into this folder")
    ] = None,
    lang: Annotated[Language, typer.Option(help="language of the summary and the report")] = Language.ZH,
) -> None:
    """Judge recordings, or transcripts, and print what was found. 质检录音或文字记录。

    Needs no database. Exit code 0: all judged; 2: bad input, one line on standard error each, the others
    are still judged; 3: some part of a call could not be judged.
    """
    calls = pair(recordings or [], transcript or [], metadata)
    settings = Settings()
    if any(call.transcript is None for call in calls):
        require_usable(settings)
    inspector = CallInspector(settings, packs=pack or ())

    def show(files: CallFiles, result: CallResult) -> None:
        if as_json:
            typer.echo(dumps(result))
        else:
            out.print(summary(str(files.main), to_json(result), lang.value))
        if report is not None:
            _write_report(report, files, result, settings, lang.value)

    with listening(len(calls)) as progress:
        codes = [_one(inspector, files, progress, show) for files in calls]
    raise typer.Exit(gravest(codes))


def _one(
    inspector: CallInspector,
    files: CallFiles,
    progress: Progress,
    show: Callable[[CallFiles, CallResult], None],
) -> int:
    """Inspects and shows one call; its exit code."""
    result, code = attempt(lambda: _inspect(inspector, files, progress))
    if result is None:
        return code
    progress.stop()  # the bar would be drawn over what is printed to the same terminal
    _, code = attempt(lambda: show(files, result))
    progress.start()
    return gravest([code, UNJUDGED if result.reasons else FINE])


def pair(recordings: Sequence[Path], transcripts: Sequence[Path], metadata: Path | None) -> list[CallFiles]:
    """The calls that the arguments name: recordings and transcripts go together by their order.

    Raises:
        BadInputError: `cli.no_input`, `cli.unpaired` or `cli.one_metadata`.
    """
    count = max(len(recordings), len(transcripts))
    if count == 0:
        raise BadInputError(
            "there is nothing to inspect",
            code="cli.no_input",
            mend="Give recordings, or --transcript FILE.",
        )
    if recordings and transcripts and len(recordings) != len(transcripts):
        raise BadInputError(
            f"{len(recordings)} recordings and {len(transcripts)} transcripts do not pair up",
            code="cli.unpaired",
            where="--transcript",
            mend="Give one transcript for each recording, in the same order.",
        )
    if metadata is not None and count > 1:
        raise BadInputError(
            f"one metadata file cannot describe {count} calls",
            code="cli.one_metadata",
            where="--metadata",
            mend="Put NAME.call.json beside each recording instead.",
        )
    sounds: list[Path | None] = [*recordings] or [None] * count
    words: list[Path | None] = [*transcripts] or [None] * count
    return [CallFiles(sound, text, metadata) for sound, text in zip(sounds, words, strict=True)]


def listening(count: int) -> Progress:
    """Progress over calls; within a call by the share that is transcribed."""
    progress = bar(err)
    progress.columns = (*progress.columns[:3], TextColumn("{task.percentage:>3.0f}%"), *progress.columns[4:])
    progress.add_task("", total=count)
    return progress


def _inspect(inspector: CallInspector, files: CallFiles, progress: Progress) -> CallResult:
    (task,) = progress.tasks
    done = int(task.completed)
    progress.update(task.id, description=files.main.name)
    try:
        return inspector.inspect(files, lambda share: progress.update(task.id, completed=done + share))
    finally:
        progress.update(task.id, completed=done + 1)


def _write_report(folder: Path, files: CallFiles, result: CallResult, settings: Settings, lang: Lang) -> None:
    rules = rule_texts(result.inspection.packs, settings.rule_folders)
    name = files.main.stem if files.recording else files.main.name.removesuffix(TRANSCRIPT_SUFFIX)
    heard = heard_in(result.transcript.utterances, result.record.to_document())
    tones = stretches(heard.spans, result.transcript.rejected)
    with file_for_browser(files.recording, tones) if files.recording else nullcontext() as audio:
        write_page(folder / f"{name}.html", render_with_sound(to_json(result), audio, rules=rules, lang=lang))


def write_page(target: Path, html: Iterable[str]) -> None:
    """Writes a page that comes in parts, making its folder.

    Raises:
        BadInputError: `cli.unwritable`.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8") as page:
            page.writelines(html)
    except OSError as error:
        raise BadInputError(
            f"cannot be written ({error.strerror})", code="cli.unwritable", where=str(target)
        ) from error
