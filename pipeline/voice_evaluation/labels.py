"""The label file of an evaluation of voices: which clip is whose, and in which emotion."""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal, NamedTuple

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


class _Row(NamedTuple):
    where: str
    file: str
    speaker: str
    emotion: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What a label file says: its clips in their order, and what is wrong with the rows that are left out."""

    clips: tuple[Clip, ...]
    bad_rows: tuple[BadInputError, ...]


def read_clips(folder: Path, labels: Path) -> list[Clip]:
    """As `read_labels`, but no row may be wrong.

    Raises:
        BadInputError: also `voice_labels.malformed`, `voice_labels.outside`, `voice_labels.twice` of a row.
    """
    read = read_labels(folder, labels)
    if read.bad_rows:
        raise read.bad_rows[0]
    return list(read.clips)


def read_labels(folder: Path, labels: Path) -> Labels:
    """The clips that a label file names, in its order. One bad row among thousands spoils only itself.

    Args:
        folder: holds the clips; the file names them relative to it, with or without folders and endings.
        labels: separated by tabs, commas or semicolons, with a header that names at least file, speaker and
            emotion (without one the first three columns are these, where the first names a clip); in UTF-8,
            or as spreadsheets write text (UTF-16, GB 18030).

    Raises:
        BadInputError: `voice_labels.not_found`, `voice_labels.malformed`, `voice_labels.column`,
            `voice_labels.no_anger`, `voice_labels.nothing`; or the only rows there are are bad.
    """
    files = ClipFiles(folder)
    rows, bad = _rows(folder, labels, files)
    if not rows:
        nothing = _error("nothing", labels, "the file names no clips", "Write one line for each clip.")
        raise bad[0] if bad else nothing
    emotions = [row.emotion for row in rows]
    if not any(_is(emotion, _ANGER) for emotion in emotions):
        shown = ", ".join(sorted(set(emotions)))
        message = f"no clip is labelled as anger; the emotions are: {shown}"
        raise _error("no_anger", labels, message, "Call it anger or 生气.")
    neutral = _NEUTRAL if any(_is(emotion, _NEUTRAL) for emotion in emotions) else _CALM
    clips, twice = _once([(row.where, _clip(row, files, neutral)) for row in rows])
    return Labels(clips, (*bad, *twice))


def compare_with_something(labels: Path, clips: Sequence[Clip]) -> None:
    """Refuses before anything is heard what could give no figure.

    Raises:
        BadInputError: `voice_labels.only_anger`.
    """
    if all(clip.counted == "anger" for clip in clips):
        message = f"all {len(clips)} clips are labelled as anger: there is nothing to tell it from"
        raise _error("only_anger", labels, message, "Add clips of the same speakers in other emotions.")


def _clip(row: _Row, files: ClipFiles, neutral: re.Pattern[str]) -> Clip:
    found = files.find(row.file)
    path = found[0] if len(found) == 1 else None
    return Clip(row.file, path, row.speaker, row.emotion, _counted(row.emotion, neutral), len(found) > 1)


def _once(named: Sequence[tuple[str, Clip]]) -> tuple[tuple[Clip, ...], list[BadInputError]]:
    """Every clip once: under two names it would count twice. Where two rows say different things of it nobody
    knows which is right, and it counts not at all."""
    first: dict[Path | str, Clip] = {}
    doubtful: set[Path | str] = set()
    bad = []
    for where, clip in named:
        key = clip.path or clip.file
        before = first.setdefault(key, clip)
        if before is clip:
            continue
        also = (
            clip.file
            if clip.file == before.file
            else f"{before.file} and {clip.file} are the same clip, which"
        )
        message = f"{also} is named twice"
        if (before.speaker, before.emotion) != (clip.speaker, clip.emotion):
            doubtful.add(key)
            message += f", as {before.speaker} {before.emotion} and as {clip.speaker} {clip.emotion}"
        bad.append(_error("twice", where, message, "Name every clip once."))
    return tuple(clip for key, clip in first.items() if key not in doubtful), bad


def _counted(emotion: str, neutral: re.Pattern[str]) -> Emotion:
    if _is(emotion, _ANGER):
        return "anger"
    return "neutral" if _is(emotion, neutral) else "rest"


def _is(emotion: str, kind: re.Pattern[str]) -> bool:
    """Whether a word of the label, or all of them as one, is of the kind; case, marks and digits aside."""
    words = _WORD.findall(unicodedata.normalize("NFKC", emotion).casefold())
    return any(kind.fullmatch(word.rstrip(_OF)) for word in (*words, "".join(words)))


def _rows(folder: Path, labels: Path, files: ClipFiles) -> tuple[list[_Row], list[BadInputError]]:
    """Every row that can be read, and what is wrong with the others."""
    lines = _text(labels).splitlines()
    separator = _separator(lines[0] if lines else "")
    # Tab separated files quote nothing: a name may hold quotation marks.
    quotes = None if separator == "\t" else '"'
    table = list(_cells(labels, csv.reader(lines, delimiter=separator, quotechar=quotes)))
    begin = 0 if table and _names_a_clip(table[0], files) else 1
    places = _places(
        labels, [name.strip().casefold() for name in table[0]] if table else [], headed=begin == 1
    )
    rows, bad = [], []
    for number, cells in enumerate(table[begin:], start=begin + 1):
        if any(cell.strip() for cell in cells):
            try:
                rows.append(_row(folder, f"{labels.name} line {number}", cells, places))
            except BadInputError as error:
                bad.append(error)
    return rows, bad


def _cells(labels: Path, reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise _error("malformed", labels, f"the table cannot be read: {error}", "Save it anew.") from None


def _names_a_clip(cells: list[str], files: ClipFiles) -> bool:
    """Whether the first line is a row already: it holds no name of a column, but that of a clip."""
    plain = [cell.strip() for cell in cells]
    heads = any(cell.casefold() in names for cell in plain for names in COLUMNS.values())
    if heads or len(plain) < len(COLUMNS) or not all(plain[: len(COLUMNS)]):
        return False
    name = PurePosixPath(plain[0].replace("\\", "/"))
    return not name.is_absolute() and ".." not in name.parts and bool(files.find(name.as_posix()))


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


def _places(labels: Path, header: list[str], *, headed: bool) -> list[int]:
    """Where the columns are: as the header says, or in the order of `COLUMNS` where there is none."""
    if not headed:
        return list(range(len(COLUMNS)))
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


def _row(folder: Path, where: str, cells: list[str], places: list[int]) -> _Row:
    if len(cells) <= max(places) or not all(cells[place].strip() for place in places):
        raise _error("malformed", where, "a file, a speaker or an emotion is missing", "Fill in all three.")
    file, speaker, emotion = (cells[place].strip() for place in places)
    pure = PurePosixPath(file.replace("\\", "/"))  # label files from Windows
    inside = PurePosixPath(folder.resolve().as_posix())
    if pure.is_relative_to(inside):
        pure = pure.relative_to(inside)
    if pure.is_absolute() or ".." in pure.parts or not pure.name:
        raise _error("outside", where, f"{file} is not in the folder", "Name files relative to the folder.")
    return _Row(where, pure.as_posix(), speaker, emotion)


def _error(name: str, where: Path | str, message: str, mend: str) -> BadInputError:
    return BadInputError(message, code=f"voice_labels.{name}", where=str(where), mend=mend)
