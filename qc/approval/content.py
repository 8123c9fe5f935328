"""The whole content of a pack as it was read, so that it can be kept, shown and run again later."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from qc.language.loader import read_packs
from qc.language.schema import Rule
from qc.pack_content import pack_hash, plain_rule
from store.errors import RuleError

# Parts of a rule that decide whether it fires and as what; titles, sources, advice and days may be mended.
_DECIDING = ("category", "where", "detect", "unless", "guards", "certain")


@dataclass(frozen=True, slots=True)
class PackContent:
    """One pack: what its head says of it, its texts by file name, and the hashes of both.

    `hash` is over what the pack says (examples, comments and layout do not count), `files_sha256` over the
    texts letter for letter. `rules` says of each rule (`id@version`) what it looks for.
    """

    pack: str
    version: str
    language: str
    files: Mapping[str, str]
    hash: str
    files_sha256: str
    rules: Mapping[str, str]

    @property
    def name(self) -> str:
        """`id@version`."""
        return f"{self.pack}@{self.version}"


def read_content(folder: Path) -> PackContent:
    """Read the pack in `folder`.

    Raises:
        RuleError: a file cannot be read, or is so wrong that nobody can say what the pack is.
    """
    source = read_packs([folder])
    if source.problems or not source.heads:
        first = source.problems[0]
        raise RuleError(first.message, code=first.code, where=first.where, mend=first.mend)
    (head,) = source.heads
    files = read_files(folder)
    return PackContent(
        pack=head.id,
        version=head.version,
        language=head.language,
        files=files,
        hash=pack_hash(source, head.id),
        files_sha256=files_hash(files),
        rules={f"{rule.id}@{rule.version}": _looks_for(rule) for _, rule in source.rules},
    )


def _looks_for(rule: Rule) -> str:
    """What decides whether a rule fires and what it is called, without what is only said about it."""
    said = plain_rule(rule)
    return json.dumps({key: said[key] for key in _DECIDING if key in said}, sort_keys=True)


def read_files(folder: Path) -> dict[str, str]:
    """The texts of the pack in `folder` by file name, letter for letter.

    Raises:
        RuleError: `rules.unreadable`.
    """
    try:
        return {path.name: path.read_bytes().decode("utf-8") for path in sorted(folder.glob("*.yaml"))}
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(
            f"cannot be read: {error}",
            code="rules.unreadable",
            where=str(folder),
            mend="Save it as UTF-8 text.",
        ) from error


def files_hash(files: Mapping[str, str]) -> str:
    """SHA-256 over the texts of a pack and their names."""
    text = json.dumps(dict(files), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def unpack(pack: str, files: Mapping[str, str], under: Path) -> Path:
    """Write the texts of a pack into a folder of its name; return the folder."""
    folder = under / pack
    folder.mkdir()
    for name, text in files.items():
        (folder / Path(name).name).write_bytes(text.encode())
    return folder


@contextmanager
def unpacked(packs: Iterable[tuple[str, Mapping[str, str]]]) -> Iterator[list[Path]]:
    """The folders of packs given as `(id, texts)`, there as long as the body runs."""
    with TemporaryDirectory(prefix="diting-packs-") as folder:
        yield [unpack(pack, files, Path(folder)) for pack, files in packs]
