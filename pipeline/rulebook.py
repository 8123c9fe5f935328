"""Where the packs come from that judge a call: files as they lie, or the versions that were approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from pipeline.version import diting_version
from qc.approval.content import read_content, unpack
from qc.approval.lookup import content_of, files_of, in_force
from qc.approval.models import PackVersionRow
from qc.approval.service import keep
from qc.approval.sets import Member, keep_set, load_chosen
from qc.compile import PackSet
from qc.language.positions import read_document
from qc.packs import SHIPPED, choose, find_folder, load_packs
from qc.verdicts.service import advisory_rules
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.errors import RuleError
from store.logging import get_logger
from store.settings import Settings

UNREVIEWED: Final = "DITING_PACK_APPROVAL=none"

_log = get_logger(__name__)


class Rulebook(Protocol):
    """Gives out packs by name."""

    def packs(self, names: tuple[str, ...]) -> PackSet:
        """The packs of these names, ready to judge.

        Raises:
            RuleError: one of them cannot be found, is wrong, or may not judge.
        """
        ...


class FileRulebook:
    """The packs as they lie in their folders, each set read once."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._loaded: dict[tuple[str, ...], PackSet] = {}

    def packs(self, names: tuple[str, ...]) -> PackSet:
        """See `Rulebook`."""
        if names not in self._loaded:
            self._loaded[names] = load_packs(names, self._folders)
        return self._loaded[names]


class PinnedRulebook:
    """What another rulebook gives out now, whatever changes meanwhile: for work that belongs together."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._known: dict[tuple[str, ...], PackSet] = {}

    def packs(self, names: tuple[str, ...]) -> PackSet:
        """See `Rulebook`."""
        if names not in self._known:
            self._known[names] = self._rulebook.packs(names)
        return self._known[names]


@dataclass(frozen=True, slots=True)
class _Standing:
    """What decides which packs judge: the versions in force, and the rules that only advise."""

    versions: Mapping[str, int]
    advisory: frozenset[str]


class ApprovedRulebook:
    """The packs that may judge the calls of this installation: shipped ones, and a site's own in the version
    that was approved last, whatever its files say now. What judges is kept in the database. An approval, or a
    rule that drops to advisory, counts from the next call on, without a restart.

    Args:
        settings: name the folders, and whether two persons have to approve.
        sessions: the database.
        clock: tells the time of what is kept.
    """

    def __init__(self, settings: Settings, sessions: SessionFactory, clock: Clock) -> None:
        self._settings, self._sessions, self._clock = settings, sessions, clock
        self._loaded: dict[tuple[str, ...], tuple[_Standing, PackSet]] = {}

    def packs(self, names: tuple[str, ...]) -> PackSet:
        """See `Rulebook`.

        Raises:
            RuleError: `rules.never_approved`, a site's pack was never approved.
        """
        with reading(self._sessions) as session:
            force = in_force(session)
            standing = _Standing({pack: row.id for pack, row in force.items()}, advisory_rules(session))
            known = self._loaded.get(names)
            if known is not None and known[0] == standing:
                return known[1]
            with TemporaryDirectory(prefix="diting-packs-") as folder:
                finder = ApprovedFinder(self._settings, force, Path(folder))
                packs, members = load_chosen(choose(names, finder.find), standing.advisory)
        for pack in finder.differing:
            _log.warning("rules.differs", pack=pack, judging=force[pack].name)
        kept = self._keep(names, packs, members, finder)
        self._loaded[names] = standing, kept
        return kept

    def _keep(
        self, names: tuple[str, ...], packs: PackSet, members: Sequence[Member], finder: "ApprovedFinder"
    ) -> PackSet:
        with transaction(self._sessions) as session:
            for member in members:
                if member.content.pack in finder.shipped:
                    keep(session, self._clock, member.content, "shipped", f"diting {diting_version()}")
                elif member.content.pack not in finder.approved:
                    keep(session, self._clock, member.content, "files", UNREVIEWED)
            return keep_set(session, self._clock, names, packs, members)


@dataclass
class ApprovedFinder:
    """Finds the folder of a pack: a shipped one where it lies, a site's own as it was approved, unpacked.

    `differing` are packs whose files say something else than the approved version, or are not there.
    """

    settings: Settings
    force: Mapping[str, PackVersionRow]
    unpack_under: Path
    shipped: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    differing: set[str] = field(default_factory=set)

    def find(self, name: str, near: tuple[Path, ...]) -> Path:
        """The folder to read for the pack `name`.

        Raises:
            RuleError: `rules.pack_unknown`, `rules.never_approved`.
        """
        folder = self._on_disk(name, near)
        if folder is not None and folder.parent == self.unpack_under:
            return folder
        pack = name if folder is None else pack_id(folder)
        if folder is not None and folder.resolve().parent == SHIPPED:
            self.shipped.add(pack)
            return folder
        if folder is not None and self.settings.pack_approval == "none":
            return folder
        row = self.force.get(pack)
        if row is not None:
            self.approved.add(pack)
            if folder is None or differs(row, folder):
                self.differing.add(pack)
            unpacked = self.unpack_under / pack
            return unpacked if unpacked.exists() else unpack(pack, files_of(row), self.unpack_under)
        if folder is None:
            return find_folder(name, (*near, *self.settings.rule_folders))
        if _is_copy(folder, pack):
            self.shipped.add(pack)
            return folder
        raise RuleError(
            f"nobody has approved a version of the pack {pack!r} yet",
            code="rules.never_approved",
            where=str(folder),
            mend=f"diting rules propose {name} --by NAME, then another person: "
            f"diting rules approve {pack} --by NAME.",
        )

    def _on_disk(self, name: str, near: tuple[Path, ...]) -> Path | None:
        try:
            return find_folder(name, (*near, *self.settings.rule_folders))
        except RuleError as error:
            if error.code != "rules.pack_unknown":
                raise
            return None


def _is_copy(folder: Path, pack: str) -> bool:
    """Whether the folder holds a shipped pack as it was shipped: that is approved by the release."""
    shipped = SHIPPED / pack
    return (shipped / "pack.yaml").is_file() and read_content(shipped).hash == read_content(folder).hash


def pack_id(folder: Path) -> str:
    """The id that the pack in `folder` gives itself; its folder's name where that cannot be read."""
    data = read_document(folder / "pack.yaml").data
    given = data.get("id") if isinstance(data, dict) else None
    return given if isinstance(given, str) else folder.name


def differs(row: PackVersionRow, folder: Path) -> bool:
    """Whether the files in `folder` judge otherwise than the version; files that cannot be read do."""
    try:
        now = read_content(folder)
    except RuleError:
        return True
    return now.hash != row.content_hash and now.hash != content_of(row).hash
