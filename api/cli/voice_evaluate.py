"""`diting voice evaluate`: how well arousal tells anger on labelled clips."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.console import BAD_INPUT, FINE, Language, err, line, out
from api.cli.progress import bar
from api.words import Lang, Words
from pipeline.voice_evaluation.clips import LeftOut, Reason, Scores, score_clips
from pipeline.voice_evaluation.figures import Figures, figures, to_json
from pipeline.voice_evaluation.labels import Clip, compare_with_something, read_labels
from store.errors import BadInputError

_LABELS = "labels.tsv"


def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="holds the clips")],
    labels: Annotated[
        Path | None,
        typer.Option(help="TSV or CSV, first line: file, speaker, emotion; default FOLDER/labels.tsv"),
    ] = None,
    telephone: Annotated[
        bool,
        typer.Option("--telephone", help="send the clips through a simulated telephone first"),
    ] = False,
    same_level: Annotated[
        bool, typer.Option("--same-level", help="bring every clip to the same loudness first")
    ] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="processes; default one per core")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object (docs/cli.md)")] = False,
    lang: Annotated[Language, typer.Option(help="language of the table")] = Language.ZH,
) -> None:
    """Tell anger from other emotions on labelled clips. 用已标注情绪的语音片段评估激动程度。

    Every clip is judged against its own speaker's calm voice; nothing is fitted. Exit code 2 when a clip is
    missing or unreadable; it is then left out.
    """
    path = _label_file(folder, labels)
    read = read_labels(folder, path)
    clips = read.clips
    compare_with_something(path, clips)
    with bar(err) as shown:
        task = shown.add_task("", total=len(clips))
        scores = score_clips(
            clips,
            over_telephone=telephone,
            same_level=same_level,
            jobs=jobs or os.cpu_count() or 1,
            progress=lambda share: shown.update(task, completed=round(share * len(clips))),
        )
    scores = replace(scores, left_out=(*map(_bad_row, read.bad_rows), *scores.left_out))
    found = figures(clips, scores)
    if as_json:
        head = {"folder": str(folder), "labels": str(path), "telephone": telephone, "same_level": same_level}
        typer.echo(json.dumps({**head, **to_json(found, scores)}, ensure_ascii=False))
    else:
        show(found, scores, lang.value)
    _complain(folder, clips, scores)
    raise typer.Exit(BAD_INPUT if _refused(scores) else FINE)


def _label_file(folder: Path, labels: Path | None) -> Path:
    """The label file: as named, else of that name in the folder."""
    if not folder.is_dir():
        raise BadInputError(
            "this is no folder", code="voice_labels.no_folder", where=str(folder), mend="Check the path."
        )
    if labels is None:
        return folder / _LABELS
    inside = folder / labels
    return inside if inside.is_file() and not labels.exists() else labels


def _bad_row(error: BadInputError) -> LeftOut:
    return LeftOut(str(error.where), "row", f"{error.message} [{error.code}]")


def _refused(scores: Scores) -> int:
    return sum(1 for each in scores.left_out if each.reason in {"row", "missing", "unreadable"})


_CODES: dict[Reason, str] = {
    "row": "voice_clip.row",
    "missing": "voice_clip.missing",
    "unreadable": "voice_clip.unreadable",
    "no_voice": "voice_clip.no_voice",
    "speaker_unknown": "voice_clip.speaker_unknown",
    "one_emotion": "voice_clip.one_emotion",
}
_SHOWN = 5  # a folder of another kind must not fill the terminal


def _complain(folder: Path, clips: Sequence[Clip], scores: Scores) -> None:
    """Says which clips were left out, and which figure there cannot be; nothing judged at all: an error."""
    if not any(clip.counted == "neutral" for clip in clips):
        line("No clip counts as neutral: auc_anger_neutral is empty. Call it neutral or 中性.")
    for each in scores.left_out[:_SHOWN]:
        line(f"{each.file}: {each.message}, left out. [{_CODES[each.reason]}]")
    if len(scores.left_out) > _SHOWN:
        line(f"… and {len(scores.left_out) - _SHOWN} more clips left out; --json names all.")
    if not scores.clips:
        raise BadInputError(
            f"none of the {len(clips)} clips could be judged",
            code="voice_labels.nothing",
            where=str(folder),
            mend="Check that the files are in the folder, with several sentences of each speaker.",
        )


_HEADINGS = (
    Words("说话人", "speaker"),
    Words("片段", "clips"),
    Words("愤怒", "anger"),
    Words("中性", "neutral"),
    Words("AUC 愤怒/中性", "AUC anger/neutral"),
    Words("AUC 愤怒/其余", "AUC anger/rest"),
    Words("响度计入", "level counts"),
)
_MEASURES = {
    "level": Words("响度", "level"),
    "pitch": Words("音高", "pitch"),
    "tilt": Words("频谱倾斜", "tilt"),
}
_KINDS = {
    "anger": Words("计为愤怒", "counted as anger"),
    "neutral": Words("计为中性", "counted as neutral"),
    "rest": Words("计为其余", "counted as rest"),
}
_REASONS: dict[Reason, Words] = {
    "row": Words("标注行有误", "bad row of the label file"),
    "missing": Words("文件不存在", "no such file"),
    "unreadable": Words("无法读取", "unreadable"),
    "no_voice": Words("有声部分太短", "too little voice"),
    "speaker_unknown": Words("该说话人语音太少", "too little speech of this speaker"),
    "one_emotion": Words("该说话人只有一种情绪", "only one emotion of this speaker"),
}


def show(found: Figures, scores: Scores, lang: Lang) -> None:
    """Prints a line for each speaker, the measures alone, and the sums."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for position, heading in enumerate(_HEADINGS):
        table.add_column(heading.say(lang), justify="right" if position else "left", no_wrap=True)
    for each in found.per_speaker:
        table.add_row(
            each.speaker,
            str(each.clips),
            str(each.anger),
            str(each.neutral),
            _figure(each.auc_anger_neutral),
            _figure(each.auc_anger_rest),
            (Words("是", "yes") if each.level_counts else Words("否", "no")).say(lang),
        )
    for name, (neutral, rest) in found.by_measure.items():
        table.add_row(
            Words("仅", "only ").say(lang) + _MEASURES[name].say(lang),
            "",
            "",
            "",
            _figure(neutral),
            _figure(rest),
        )
    of_all = Words("全部", "all").say(lang)
    table.add_row(
        Words("同一说话人之内", "within speakers").say(lang), "", "", "", *map(_figure, found.within_speakers)
    )
    table.add_row(
        of_all,
        str(found.clips),
        "",
        "",
        _figure(found.auc_anger_neutral),
        _figure(found.auc_anger_rest),
        style="bold",
    )
    out.print(table)
    for kind, words in found.counted_as.items():
        named = ", ".join(f"{word} {count}" for word, count in words.items())
        out.print(f"{_KINDS[kind].say(lang)}: {named or '—'}", markup=False)
    for reason, words_for in _REASONS.items():
        count = sum(1 for each in scores.left_out if each.reason == reason)
        if count:
            out.print(
                f"{Words('未计入', 'left out').say(lang)}: {count} ({words_for.say(lang)})", markup=False
            )


def _figure(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"
