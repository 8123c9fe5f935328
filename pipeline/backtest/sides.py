"""The two versions of a pack that are compared, and the packs of a call with either of them in its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from pipeline.rulebook import pack_id
from qc.approval.content import PackContent, read_content, unpack
from qc.approval.lookup import files_of, find_version
from qc.compile import PackSet
from qc.packs import choose, compiled, find_folder, read_chosen
from store.errors import NotFoundError, RuleError
from store.settings import Settings

_STORED = re.compile(r"(?P<pack>[a-z0-9-]+)@(?P<version>[0-9a-f.]+)|(?P<hash>[0-9a-f]{7,64})")


@dataclass(frozen=True, slots=True)
class Side:
    """One version of a pack: its id and language, the folder that it lies in now, and what to call it."""

    name: str
    pack: str
    language: str
    folder: Path
    hash: str


def open_side(given: str, settings: Settings, session: Session | None, under: Path) -> Side:
    """The version that a person names: a folder, a pack by name, `id@version`, or the beginning of a hash.

    Args:
        given: what was named.
        settings: name the folders of a site's own packs.
        session: the database that keeps versions; None where there is none.
        under: an empty folder, for a version that is only kept in the database.

    Raises:
        RuleError, NotFoundError: there is none.
    """
    stored = _STORED.fullmatch(given)
    if stored is None or (Path(given) / "pack.yaml").is_file():
        folder = find_folder(given, tuple(settings.rule_folders))
        return _side(read_content(folder), folder)
    if session is not None:
        try:
            row = find_version(session, stored["pack"], stored["version"] or stored["hash"])
        except NotFoundError:
            if stored["pack"] is None:
                raise
        else:
            folder = unpack(row.pack, files_of(row), under)
            return _side(read_content(folder), folder)
    return _as_it_lies(given, stored, settings)


def _as_it_lies(given: str, stored: re.Match[str], settings: Settings) -> Side:
    """`id@version` where the files are just that version, whether or not it was ever kept."""
    if stored["pack"] is not None:
        folder = find_folder(stored["pack"], tuple(settings.rule_folders))
        content = read_content(folder)
        if content.version == stored["version"]:
            return _side(content, folder)
    raise NotFoundError(
        f"there is no version {given!r} on record, and the files say something else",
        code="rules.version_unknown",
        mend="`diting rules versions` lists what is on record; or name a folder.",
    )


def _side(content: PackContent, folder: Path) -> Side:
    return Side(f"{content.name} ({content.hash[:7]})", content.pack, content.language, folder, content.hash)


class SideRulebook:
    """The packs of a call with one side in the place of the pack of its id."""

    def __init__(self, side: Side, folders: Sequence[Path]) -> None:
        self._side, self._folders = side, tuple(folders)
        self._loaded: dict[tuple[str, ...], PackSet] = {}

    def packs(self, names: tuple[str, ...]) -> PackSet:
        """See `pipeline.rulebook.Rulebook`."""
        if names not in self._loaded:
            self._loaded[names] = compiled(read_chosen(choose(names, self._find)))
        return self._loaded[names]

    def _find(self, name: str, near: tuple[Path, ...]) -> Path:
        if name == self._side.pack:
            return self._side.folder
        folder = find_folder(name, (*near, *self._folders))
        return self._side.folder if pack_id(folder) == self._side.pack else folder


def require_one_language(old: Side, new: Side) -> None:
    """Refuses packs that judge different calls.

    Raises:
        RuleError: `rules.languages_differ`.
    """
    if old.language != new.language:
        raise RuleError(
            f"{old.name} is for calls in {old.language!r}, {new.name} for calls in {new.language!r}",
            code="rules.languages_differ",
            mend="Compare versions of one pack, or packs of one language.",
        )
