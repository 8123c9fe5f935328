"""Finding the clips that a label file names: people write them with or without folders and endings."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

_SOUND: Final = frozenset(
    {".wav", ".flac", ".mp3", ".opus", ".ogg", ".oga", ".m4a", ".mp4", ".aac", ".amr", ".awb", ".wma"}
    | {".aif", ".aiff", ".webm", ".caf", ".au", ".sph"}
)


class ClipFiles:
    """The clips below a folder, by the names that a label file gives them.

    A name is first taken as it stands. Else the clip is looked for whose path ends with the name, upper and
    lower case and the ending (`.wav`, `.flac` …) aside: `0001.wav` may lie at `anna/angry/0001.flac`.

    Args:
        folder: holds the clips, or folders of them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by_stem: dict[str, list[Path]] | None = None

    def find(self, name: str) -> list[Path]:
        """The files that a name may stand for: one where it is plain which, none where there is no such file.

        Args:
            name: with `/` between folders, not absolute and without `..`.
        """
        exact = self._folder / name
        if exact.is_file():
            return [exact]
        wanted = PurePosixPath(name)
        parts = _plain(wanted)
        if len(parts) > 1 and parts[0] == self._folder.resolve().name.casefold():
            parts = parts[1:]  # named from the folder above
        alike = [path for path in self._index().get(parts[-1], []) if _ends(path, parts)]
        suffix = wanted.suffix.casefold()
        nearest = [path for path in alike if path.suffix.casefold() == suffix]
        return [self._folder / path for path in nearest or alike]

    def _index(self) -> dict[str, list[Path]]:
        """Paths within the folder, by their last part."""
        if self._by_stem is None:
            self._by_stem = {}
            for path in sorted(self._sounds()):
                self._by_stem.setdefault(_plain(path)[-1], []).append(path)
        return self._by_stem

    def _sounds(self) -> Iterator[Path]:
        for path in self._folder.rglob("*"):
            if path.suffix.casefold() in _SOUND and path.is_file():
                yield path.relative_to(self._folder)


def _ends(path: Path, parts: list[str]) -> bool:
    return _plain(path)[-len(parts) :] == parts


def _plain(path: Path | PurePosixPath) -> list[str]:
    """The parts of a path in lower case, the last one without the ending of a sound file."""
    parts = [part.casefold() for part in path.parts]
    if path.suffix.casefold() in _SOUND:
        parts[-1] = parts[-1].removesuffix(path.suffix.casefold())
    return parts
