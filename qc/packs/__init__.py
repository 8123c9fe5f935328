"""The shipped packs (one folder each) and finding packs by name."""

from collections.abc import Callable, Container, Sequence
from pathlib import Path

from qc.compile import PackSet, compile_packs
from qc.language.checks import lint_source
from qc.language.loader import Source, read_packs
from qc.language.positions import read_document
from store.errors import RuleError

SHIPPED = Path(__file__).parent
Find = Callable[[str, tuple[Path, ...]], Path]
_DEFAULTS = {"zh": ["cn-base"], "en": ["us-regf"]}


def default_packs(language: str | None) -> list[str]:
    """The packs that judge calls in `language` when nobody chose; empty when none is shipped for it."""
    return list(_DEFAULTS.get(language or "", []))


def pack_folders(path: Path | str, folders: Sequence[Path] = ()) -> tuple[list[Path], Path | None]:
    """The folders to read for a pack name, a pack folder or a topic file: the packs it extends first.

    Args:
        path: what was named.
        folders: a site's own folders, where packs are looked for by name too.

    Returns:
        the folders in reading order, and the topic file if only its rules are wanted.

    Raises:
        RuleError: there is no such pack.
    """
    target = Path(path)
    only = None
    if target.suffix == ".yaml" and target.is_file():
        target, only = target.parent, (target if target.name != "pack.yaml" else None)
    own = tuple(folders)
    folder = find_folder(str(path) if only is None and not target.is_dir() else str(target), own)
    return [*(find_folder(name, (folder.parent, *own)) for name in extended(folder)), folder], only


def choose(names: Sequence[str], find: Find) -> list[tuple[Path, bool]]:
    """The folders to read for the packs `names`, those that they extend first, and whether the rules of each
    run: packs that are extended but not named lend only their words and concepts.

    Args:
        names: packs by name or folder.
        find: finds the folder of a pack, from its name and the folders to look in first.

    Raises:
        RuleError: a pack cannot be found.
    """
    named = [find(name, ()) for name in dict.fromkeys(names)]
    lenders = [find(name, (folder.parent,)) for folder in named for name in extended(folder)]
    return [(folder, folder in named) for folder in dict.fromkeys([*lenders, *named])]


def read_chosen(chosen: Sequence[tuple[Path, bool]]) -> Source:
    """Everything in the folders that `choose` chose, without the rules of the packs that only lend."""
    return without_lent_rules(read_packs([folder for folder, _ in chosen]), chosen)


def without_lent_rules(source: Source, chosen: Sequence[tuple[Path, bool]]) -> Source:
    """The source (changed in place) with the rules and heads of the packs whose rules run."""
    run = {folder for folder, runs in chosen if runs}
    wanted = {pack for pack, folder in source.folders.items() if folder in run}
    source.rules = [(place, rule) for place, rule in source.rules if place.pack in wanted]
    source.heads = [head for head in source.heads if head.id in wanted]
    return source


def read_named(names: Sequence[str], folders: Sequence[Path] = ()) -> Source:
    """Everything in the packs `names` and in the words and concepts of those they extend, problems included.

    Packs that are extended but not named lend their words and concepts; their rules stay out.

    Raises:
        RuleError: a pack cannot be found.
    """
    return read_chosen(choose(names, lambda name, near: find_folder(name, (*near, *folders))))


def load_packs(names: Sequence[str], folders: Sequence[Path] = ()) -> PackSet:
    """Load and compile packs by name (shipped, or in one of `folders`) or by folder.

    Raises:
        RuleError: a pack cannot be found, or a rule file is wrong (the first problem, and how many more).
    """
    return compiled(read_named(names, folders))


def compiled(source: Source, advisory: Container[str] = ()) -> PackSet:
    """What was read, checked and compiled; the rules in `advisory` (`id@version`) only advise.

    Raises:
        RuleError: a rule file is wrong (the first problem, and how many more).
    """
    problems = lint_source(source)
    if problems:
        first = problems[0]
        more = f" ({len(problems) - 1} more problems; run `diting rules lint`)" if len(problems) > 1 else ""
        raise RuleError(first.message + more, code=first.code, where=first.where, mend=first.mend)
    return compile_packs(source, advisory)


def find_folder(name: str, folders: tuple[Path, ...]) -> Path:
    """The folder of the pack `name` (or the folder `name` itself): first in `folders`, then as shipped, and
    at last the one in `folders` whose pack.yaml says this id: a folder may be called otherwise.

    Raises:
        RuleError: there is none.
    """
    given = (*(folder / name for folder in folders), *(folder for folder in folders if folder.name == name))
    for candidate in (*given, SHIPPED / name, Path(name)):
        if (candidate / "pack.yaml").is_file():
            return candidate
    for candidate in packs_in(folders):
        if _head(candidate).get("id") == name:
            return candidate
    raise RuleError(
        f"there is no rule pack {name!r}",
        code="rules.pack_unknown",
        where=name,
        mend="Name a shipped pack (cn-base, cn-telecom-client, us-regf), one in DITING_RULE_FOLDERS,"
        " or a folder that holds pack.yaml.",
    )


def packs_in(folders: Sequence[Path]) -> list[Path]:
    """The pack folders among `folders` and right inside them, in order of name."""
    return [
        path.parent
        for folder in folders
        for path in (*sorted(folder.glob("pack.yaml")), *sorted(folder.glob("*/pack.yaml")))
    ]


def extended(folder: Path) -> list[str]:
    """The packs that the pack in `folder` extends, as written."""
    listed = _head(folder).get("extends")
    return [str(name) for name in listed] if isinstance(listed, list) else []


def _head(folder: Path) -> dict[str, object]:
    """What pack.yaml says, as written; nothing where it cannot be read."""
    data = read_document(folder / "pack.yaml").data
    return data if isinstance(data, dict) else {}
