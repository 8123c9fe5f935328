"""Rule packs opened for reading by people: each set is read once, and again when something changes."""

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from pipeline.rulebook import ApprovedFinder, pack_id
from qc.approval.content import PackContent, read_content, read_files, unpack
from qc.approval.lookup import files_of, in_force, versions
from qc.approval.models import PackVersionRow
from qc.examples import ExampleFailure, run_examples
from qc.language.positions import Problem
from qc.lint import lint
from qc.packs import SHIPPED, choose, extended, find_folder, packs_in, read_chosen
from qc.workbench.book import Book, Entry, book_of, known_packs
from store.errors import NotFoundError, RuleError
from store.settings import Settings

_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEPT: Final = 16  # sets kept open; one takes some megabytes
Files = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A pack and what it extends, ready to be read and tried. `files` are the texts of the pack by name."""

    pack: str
    book: Book
    files: Files
    _failed: dict[str, tuple[ExampleFailure, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The pack's own rules, in the order in which they are written."""
        return tuple(entry for entry in self.book.entries if entry.place.pack == self.pack)

    def failures(self, rule: str) -> tuple[ExampleFailure, ...]:
        """The examples of a rule (its id) that do not come out as it says."""
        if rule not in self._failed:
            self._failed[rule] = tuple(run_examples(self.book.packs, frozenset([rule])))
        return self._failed[rule]


class Library:
    """The packs that are known here: those that come with Diting, those in the folders that the settings
    name, and those that are on record only. A site's pack is read in the version that judges, or, where
    none was ever approved, as it lies.

    Args:
        settings: name the folders, and whether two persons have to approve.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: OrderedDict[str, Opened] = OrderedDict()
        self._lock = Lock()

    def known(self, session: Session) -> list[str]:
        """The ids of all packs, those that come with Diting first."""
        own = map(pack_id, packs_in(self._folders))
        recorded = (row.pack for row in versions(session) if row.origin == "site")
        return list(dict.fromkeys([*known_packs(), *own, *recorded]))

    def require(self, session: Session, pack: str) -> str:
        """The id of a pack that is known.

        Raises:
            NotFoundError: `rules.pack_unknown`.
        """
        if pack not in self.known(session):
            raise NotFoundError(
                f"there is no rule pack {pack!r}",
                code="rules.pack_unknown",
                where=pack,
                mend="GET /api/v1/packs lists the packs that are known here.",
            )
        return pack

    def live(self, session: Session, pack: str) -> Opened:
        """A pack as it judges now.

        Raises:
            NotFoundError: `rules.pack_unknown`.
            RuleError: it has problems.
        """
        return self._opened(session, self.require(session, pack), (), {})

    def version(self, session: Session, row: PackVersionRow) -> Opened:
        """One version of a pack that is on record.

        Raises:
            IntegrityError: `rules.version_damaged`.
            RuleError: this version of Diting cannot read it any more.
        """
        return self._opened(session, row.pack, (), {row.pack: files_of(row)})

    def changed(self, session: Session, pack: str, files: Files) -> Opened:
        """A pack as it would be with these files.

        Raises:
            RuleError: it has problems.
        """
        return self._opened(session, pack, (), {pack: files})

    def judging(self, session: Session, pack: str, beside: Sequence[str], files: Files | None) -> Opened:
        """A pack together with the packs `beside` (by id, name or folder, as settings name them) that judge
        the same calls; `files` take the place of its own where they are given.

        Raises:
            RuleError: a pack cannot be found or has problems.
        """
        names = tuple(self._id(name) for name in beside)
        return self._opened(session, pack, names, {} if files is None else {pack: files})

    def files(self, session: Session, pack: str) -> dict[str, str]:
        """The texts of a pack as it judges now, whether or not they can be read as rules.

        Raises:
            NotFoundError: `rules.pack_unknown`.
            RuleError: a file cannot be read.
        """
        with self._shelf(session, {}) as finder:
            return read_files(finder(self.require(session, pack), ()))

    def content(self, session: Session, pack: str, files: Files) -> PackContent:
        """What these files would be as a version of the pack.

        Raises:
            RuleError: nobody can say what the pack is.
        """
        with self._shelf(session, {pack: files}) as finder:
            return read_content(finder(pack, ()))

    def problems(self, session: Session, pack: str, files: Files) -> list[Problem]:
        """What is wrong with these files as a version of the pack; files are named without their folder.

        Raises:
            RuleError: a pack that it extends cannot be found.
        """
        with self._shelf(session, {pack: files}) as finder:
            folder = finder(pack, ())
            around = [finder(name, (folder.parent,)).parent for name in extended(folder)]
            found = lint([folder], around)
        return [replace(each, file=Path(each.file).name) for each in found]

    def _id(self, name: str) -> str:
        try:
            return pack_id(find_folder(name, self._folders))
        except RuleError:
            return name

    @property
    def _folders(self) -> tuple[Path, ...]:
        return tuple(self._settings.rule_folders)

    def _opened(
        self, session: Session, pack: str, beside: Sequence[str], instead: Mapping[str, Files]
    ) -> Opened:
        key = self._key(session, pack, beside, instead)
        with self._lock:  # one at a time: to read a set takes a core for a second
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
            with self._shelf(session, instead) as find:
                folder = find(pack, ())
                names = [*extended(folder), *beside, pack]
                book = book_of(read_chosen(choose(list(dict.fromkeys(names)), find)))
                made = Opened(pack, book, read_files(folder))
            self._open[key] = made
            while len(self._open) > _KEPT:
                self._open.popitem(last=False)
        return made

    def _key(self, session: Session, pack: str, beside: Sequence[str], instead: Mapping[str, Files]) -> str:
        """What the set depends on: what is asked for, the versions in force, and the files of the site."""
        force = sorted((name, row.id) for name, row in in_force(session).items())
        lying = [
            (str(path), path.stat().st_mtime_ns, path.stat().st_size)
            for folder in packs_in(self._folders)
            for path in sorted(folder.glob("*.yaml"))
        ]
        texts = {name: dict(files) for name, files in instead.items()}
        said = json.dumps([pack, list(beside), texts, force, lying], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    @contextmanager
    def _shelf(self, session: Session, instead: Mapping[str, Files]) -> Iterator["_Find"]:
        with TemporaryDirectory(prefix="diting-packs-") as folder:
            (given := Path(folder) / "given").mkdir()
            finder = ApprovedFinder(self._settings, in_force(session), Path(folder))
            put = {pack: unpack(pack, files, given) for pack, files in instead.items()}
            yield _Find(finder, put, self._folders)


@dataclass(frozen=True, slots=True)
class _Find:
    """Finds packs by id alone: what somebody sends must not name folders of this machine."""

    finder: ApprovedFinder
    put: Mapping[str, Path]
    folders: tuple[Path, ...]

    def __call__(self, name: str, _near: tuple[Path, ...]) -> Path:
        if name in self.put:
            return self.put[name]
        if _NAME.fullmatch(name) is None:
            raise RuleError(
                f"{name!r} is no id of a rule pack",
                code="rules.pack_unknown",
                where=name,
                mend="An id has small letters, digits and dashes.",
            )
        try:
            return self.finder.find(name, ())
        except RuleError as error:
            if error.code != "rules.never_approved":
                raise
            return find_folder(name, self.folders)


def is_shipped(pack: str) -> bool:
    """Whether a pack comes with Diting."""
    return (SHIPPED / pack / "pack.yaml").is_file()
