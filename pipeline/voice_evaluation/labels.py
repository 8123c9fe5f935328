"""The label file of an evaluation of voices: which clip is whose, and in which emotion."""

import codecs
import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from pipeline.voice_evaluation.files import ClipFiles
from store.errors import BadInputError

Emotion = Literal["anger", "neutral", "rest"]
# The columns, each with the names that it has in files of others.
COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "file": frozenset(("file", "filename", "file_name", "path", "clip", "audio", "wav", "文件", "文件名")),
    "speaker": frozenset(("speaker", "speaker_id", "spk", "actor", "说话人")),
    "emotion": frozenset(("emotion", "emo", "label", "情绪", "情感")),
}
_SEPARATORS: Final = ("\t", ",", ";")
_MAX_BYTES: Final = 64 * 1024**2
# The words that corpora use, in the languages they use.
_ANGER: Final = re.compile(
    "anger|angry|ang|hotanger|coldanger|rage|furious|mad|wut|ärger|wütend|colère|rabbia|ira|enojo|raiva|гнев|злость"
    "|怒り|분노|화남|生气|愤怒|发怒|恼怒|气愤|愤慨|怒|怒气|暴怒|激怒|生氣|憤怒|發怒|惱怒|氣憤|憤慨|怒氣"
)
_NEUTRAL: Final = re.compile(
    "neutral|neutrality|neu|normal|neutre|neutrale|neutro|нейтральный|중립"
    "|中性|中立|平静|正常|自然|平淡|平常|普通|无情绪|无情感|平靜|無情緒|無情感"
)
# Counted as neutral where nothing else is.
_CALM: Final = re.compile("calm|calmness|relaxed|冷静|冷靜")
_WORD = re.compile(r"[^\W\d_]+")
_OF: Final = "的地"  # 愤怒的, 平静地


@dataclass(frozen=True, slots=True)
class Clip:
    """One labelled clip; `file` and `emotion` as the file writes them, `counted` as what it counts. `path` is
    None where there is no such file, or (`several`) several that it might be."""

    file: str
    path: Path | None
    speaker: str
    emotion: str
    counted: Emotion
    several: bool = False


def read_clips(folder: Path, labels: Path) -> list[Clip]:
    """The clips that a label file names, in its order.

    Args:
        folder: holds the clips; the file names them relative to it, with or without folders and endings.
        labels: separated by tabs, commas or semicolons, with a header that names at least file, speaker and
            emotion; in UTF-8, or as spreadsheets write text (UTF-16, GB 18030).

    Raises:
        BadInputError: `voice_labels.not_found`, `voice_labels.malformed`, `voice_labels.column`,
            `voice_labels.outside`, `voice_labels.twice`, `voice_labels.no_anger`, `voice_labels.nothing`.
    """
    rows = _rows(folder, labels)
    if not rows:
        raise _error("nothing", labels, "the file names no clips", "Write one line for each clip.")
    emotions = [emotion for _, _, emotion in rows]
    if not any(_is(emotion, _ANGER) for emotion in emotions):
        shown = ", ".join(sorted(set(emotions)))
        message = f"no clip is labelled as anger; the emotions are: {shown}"
        raise _error("no_anger", labels, message, "Call it anger or 生气.")
    neutral = _NEUTRAL if any(_is(emotion, _NEUTRAL) for emotion in emotions) else _CALM
    files = ClipFiles(folder)
    clips = []
    for file, speaker, emotion in rows:
        found = files.find(file)
        path = found[0] if len(found) == 1 else None
        clips.append(Clip(file, path, speaker, emotion, _counted(emotion, neutral), len(found) > 1))
    _refuse_twice(labels, clips)
    return clips


def _refuse_twice(labels: Path, clips: list[Clip]) -> None:
    """One clip under two names would count twice."""
    named: dict[Path, str] = {}
    for clip in clips:
        if clip.path is not None and named.setdefault(clip.path, clip.file) != clip.file:
            message = f"{named[clip.path]} and {clip.file} are the same clip"
            raise _error("twice", labels, message, "Name every clip once.")


def _counted(emotion: str, neutral: re.Pattern[str]) -> Emotion:
    if _is(emotion, _ANGER):
        return "anger"
    return "neutral" if _is(emotion, neutral) else "rest"


def _is(emotion: str, kind: re.Pattern[str]) -> bool:
    """Whether a word of the label, or all of them as one, is of the kind; case, marks and digits aside."""
    words = _WORD.findall(unicodedata.normalize("NFKC", emotion).casefold())
    return any(kind.fullmatch(word.rstrip(_OF)) for word in (*words, "".join(words)))


def _rows(folder: Path, labels: Path) -> list[tuple[str, str, str]]:
    """File, speaker and emotion of every row."""
    lines = _text(labels).splitlines()
    separator = _separator(lines[0] if lines else "")
    # Tab separated files quote nothing: a name may hold quotation marks.
    quotes = None if separator == "\t" else '"'
    reader = csv.reader(lines, delimiter=separator, quotechar=quotes)
    places = _places(labels, [name.strip().casefold() for name in next(reader, [])])
    rows: dict[str, tuple[str, str, str]] = {}
    for number, cells in enumerate(reader, start=2):
        if any(cell.strip() for cell in cells):
            where = f"{labels.name} line {number}"
            row = _row(folder, where, cells, places)
            if row[0] in rows:
                raise _error("twice", where, f"{row[0]} is named twice", "Name every clip once.")
            rows[row[0]] = row
    return list(rows.values())


def _separator(header: str) -> str:
    """What the first line is separated by."""
    return max(_SEPARATORS, key=header.count)


def _text(labels: Path) -> str:
    try:
        if labels.stat().st_size > _MAX_BYTES:
            raise _error("malformed", labels, "the file is larger than 64 MB", "Give a text file of labels.")
        return _decoded(labels.read_bytes())
    except UnicodeDecodeError:
        raise _error("malformed", labels, "the file is not text", "Save it as UTF-8.") from None
    except OSError as error:
        reason = error.strerror or "the file cannot be read"
        raise _error("not_found", labels, reason, "Give the path of the label file with --labels.") from error


def _decoded(data: bytes) -> str:
    """Text as editors and spreadsheets save it.

    Raises:
        UnicodeDecodeError: it is none.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _places(labels: Path, header: list[str]) -> list[int]:
    """Where the columns are."""
    places = []
    for name, names in COLUMNS.items():
        # The name itself first: a file may have a column `label` beside `emotion`.
        known = [at for at, column in enumerate(header) if column == name]
        known += [at for at, column in enumerate(header) if column in names]
        if not known:
            raise _error(
                "column",
                labels,
                f"there is no column {name}; the first line names: {', '.join(header) or 'nothing'}",
                "Begin with a line that names file, speaker and emotion, separated by tabs or commas.",
            )
        places.append(known[0])
    return places


def _row(folder: Path, where: str, cells: list[str], places: list[int]) -> tuple[str, str, str]:
    if len(cells) <= max(places) or not all(cells[place].strip() for place in places):
        raise _error("malformed", where, "a file, a speaker or an emotion is missing", "Fill in all three.")
    file, speaker, emotion = (cells[place].strip() for place in places)
    pure = PurePosixPath(file.replace("\\", "/"))  # label files from Windows
    inside = PurePosixPath(folder.resolve().as_posix())
    if pure.is_relative_to(inside):
        pure = pure.relative_to(inside)
    if pure.is_absolute() or ".." in pure.parts or not pure.name:
        raise _error("outside", where, f"{file} is not in the folder", "Name files relative to the folder.")
    return pure.as_posix(), speaker, emotion


def _error(name: str, where: Path | str, message: str, mend: str) -> BadInputError:
    return BadInputError(message, code=f"voice_labels.{name}", where=str(where), mend=mend)
