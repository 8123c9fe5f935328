"""The label file of an evaluation of voices: which clip is whose, and in which emotion."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from store.errors import BadInputError

Emotion = Literal["anger", "neutral", "rest"]
COLUMNS: Final = ("file", "speaker", "emotion")
_MAX_BYTES: Final = 64 * 1024**2
# The words that corpora use, in the languages they use.
_ANGER: Final = re.compile(
    "anger|angry|ang|hotanger|coldanger|rage|furious|mad|wut|ärger|wütend|colère|rabbia|ira|enojo|raiva|гнев|злость"
    "|怒り|분노|화남|生气|愤怒|发怒|恼怒|气愤|怒|怒气|暴怒|激怒|生氣|憤怒|發怒|惱怒|氣憤|怒氣"
)
_NEUTRAL: Final = re.compile(
    "neutral|neutrality|neu|normal|neutre|neutrale|neutro|нейтральный|중립"
    "|中性|中立|平静|正常|自然|平淡|平常|无情绪|无情感|平靜|無情緒|無情感"
)
# Counted as neutral where nothing else is.
_CALM: Final = re.compile("calm|calmness|relaxed|冷静|冷靜")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Clip:
    """One labelled clip; `emotion` as the file writes it, `counted` as what it counts."""

    file: str
    path: Path
    speaker: str
    emotion: str
    counted: Emotion


def read_clips(folder: Path, labels: Path) -> list[Clip]:
    """The clips that a label file names, in its order.

    Args:
        folder: holds the clips; the file names them relative to it.
        labels: tab separated, with a header that names at least file, speaker and emotion.

    Raises:
        BadInputError: `voice_labels.not_found`, `voice_labels.malformed`, `voice_labels.column`,
            `voice_labels.outside`, `voice_labels.twice`, `voice_labels.no_anger`, `voice_labels.nothing`.
    """
    rows = _rows(labels)
    if not rows:
        raise _error("nothing", labels, "the file names no clips", "Write one line for each clip.")
    emotions = [emotion for _, _, emotion in rows]
    if not any(_is(emotion, _ANGER) for emotion in emotions):
        shown = ", ".join(sorted(set(emotions)))
        message = f"no clip is labelled as anger; the emotions are: {shown}"
        raise _error("no_anger", labels, message, "Call it anger or 生气.")
    neutral = _NEUTRAL if any(_is(emotion, _NEUTRAL) for emotion in emotions) else _CALM
    return [
        Clip(file, folder / file, speaker, emotion, _counted(emotion, neutral))
        for file, speaker, emotion in rows
    ]


def _counted(emotion: str, neutral: re.Pattern[str]) -> Emotion:
    if _is(emotion, _ANGER):
        return "anger"
    return "neutral" if _is(emotion, neutral) else "rest"


def _is(emotion: str, kind: re.Pattern[str]) -> bool:
    """Whether a word of the label, or all of them as one, is of the kind; case, marks and digits aside."""
    words = _WORD.findall(unicodedata.normalize("NFKC", emotion).casefold())
    return any(kind.fullmatch(word) for word in (*words, "".join(words)))


def _rows(labels: Path) -> list[tuple[str, str, str]]:
    """File, speaker and emotion of every row."""
    lines = _text(labels).splitlines()
    reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    places = _places(labels, [name.strip().casefold() for name in next(reader, [])])
    rows: dict[str, tuple[str, str, str]] = {}
    for number, cells in enumerate(reader, start=2):
        if any(cell.strip() for cell in cells):
            row = _row(f"{labels.name} line {number}", cells, places)
            if row[0] in rows:
                where = f"{labels.name} line {number}"
                raise _error("twice", where, f"{row[0]} is named twice", "Name every clip once.")
            rows[row[0]] = row
    return list(rows.values())


def _text(labels: Path) -> str:
    try:
        if labels.stat().st_size > _MAX_BYTES:
            raise _error("malformed", labels, "the file is larger than 64 MB", "Give a text file of labels.")
        return labels.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _error("malformed", labels, "the file is not UTF-8 text", "Save it as UTF-8.") from None
    except OSError as error:
        reason = error.strerror or "the file cannot be read"
        raise _error("not_found", labels, reason, "Give the path of the label file with --labels.") from error


def _places(labels: Path, header: list[str]) -> list[int]:
    """Where the columns are."""
    for name in COLUMNS:
        if name not in header:
            raise _error(
                "column",
                labels,
                f"there is no column {name}; the first line names: {', '.join(header) or 'nothing'}",
                "Begin with a line that names file, speaker and emotion, separated by tabs.",
            )
    return [header.index(name) for name in COLUMNS]


def _row(where: str, cells: list[str], places: list[int]) -> tuple[str, str, str]:
    if len(cells) <= max(places) or not all(cells[place].strip() for place in places):
        raise _error("malformed", where, "a file, a speaker or an emotion is missing", "Fill in all three.")
    file, speaker, emotion = (cells[place].strip() for place in places)
    file = file.replace("\\", "/")  # label files from Windows
    pure = PurePosixPath(file)
    if pure.is_absolute() or ".." in pure.parts:
        raise _error("outside", where, f"{file} is not in the folder", "Name files relative to the folder.")
    return file, speaker, emotion


def _error(name: str, where: Path | str, message: str, mend: str) -> BadInputError:
    return BadInputError(message, code=f"voice_labels.{name}", where=str(where), mend=mend)
