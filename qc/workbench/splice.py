"""The text of one rule in its file, and files with one rule put in the place of another."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml

from qc.language.positions import Document, Problem, read_document
from store.errors import RuleError

HEAD: Final = "pack.yaml"
_ITEM: Final = re.compile(r"( *)- ")
_VERSION: Final = re.compile(r"^version:.*$", re.M)


@dataclass(frozen=True, slots=True)
class Put:
    """Files with a rule in them: its id, its file, its first line there (from 1), and how many it has."""

    files: dict[str, str]
    rule: str
    name: str
    line: int
    lines: int


def parsed(text: str, name: str) -> Document:
    """A text of YAML, with its problems."""
    with TemporaryDirectory(prefix="diting-text-") as folder:
        place = Path(folder) / "text.yaml"
        place.write_text(text, encoding="utf-8", newline="")
        return read_document(place, name)


def rule_text(text: str, document: Document, index: int) -> str:
    """The rule at `index` of a topic file as it is written there, from its `- id:` on, comments included;
    written anew where the file has it in one line with others."""
    lines = text.splitlines()
    start, end = _span(lines, document, index)
    if _ITEM.match(lines[start]) is None:
        return _dumped([_rules(document)[index]])
    return textwrap.dedent("\n".join(lines[start:end])) + "\n"


def with_rule(files: Mapping[str, str], text: str) -> tuple[dict[str, str], str]:
    """The files of a pack with a rule in the place of the one of its id: of its version, or else of the
    newest. A rule that the pack does not have gets a file of its own.

    Args:
        files: texts by file name.
        text: one rule, `- id: …` or without the dash.

    Returns:
        the files, and the id of the rule.

    Raises:
        RuleError: `rules.yaml`, `rules.schema`, the text is not one rule.
    """
    put = put_rule(files, text)
    return put.files, put.rule


def put_rule(files: Mapping[str, str], text: str) -> Put:
    """The same as `with_rule`, and where the rule is now.

    Raises:
        RuleError: `rules.yaml`, `rules.schema`, the text is not one rule.
    """
    item, rule = _one_rule(text)
    found = [
        (version == rule.get("version", 1), version, name, document, index)
        for name, document, index, version in _placed(files, rule["id"])
    ]
    if not found:
        name = _free_name(files, rule["id"])
        return Put({**files, name: f"rules:\n{item}"}, rule["id"], name, 2, item.count("\n"))
    _, _, name, document, index = max(found, key=lambda each: each[:2])
    changed = {**files, name: _replaced(files[name], document, index, item)}
    return Put(changed, rule["id"], name, document.line(("rules", index)), item.count("\n"))


def counted_up(files: Mapping[str, str], version: str) -> dict[str, str]:
    """The files with this version of the pack in `pack.yaml`."""
    head = files[HEAD]
    line = f"version: {version}" if version.isdecimal() else f'version: "{version}"'
    if _VERSION.search(head) is None:
        return {**files, HEAD: f"{head.rstrip()}\n{line}\n"}
    return {**files, HEAD: _VERSION.sub(line, head, count=1)}


def next_version(version: str) -> str:
    """The version with its last part counted up: `1.9` → `1.10`."""
    *before, last = version.split(".")
    return ".".join([*before, str(int(last) + 1)])


def _placed(files: Mapping[str, str], rule_id: str) -> list[tuple[str, Document, int, int]]:
    """Where the versions of a rule are: file, document, index, version."""
    found = []
    for name, text in files.items():
        if name == HEAD or rule_id not in text:
            continue
        document = parsed(text, name)
        for index, each in enumerate(_rules(document)):
            if isinstance(each, dict) and each.get("id") == rule_id:
                version = each.get("version", 1)
                found.append((name, document, index, version if isinstance(version, int) else 1))
    return found


def _one_rule(text: str) -> tuple[str, dict[str, Any]]:
    """The rule as an item of a list without indentation, and what it says."""
    bare = textwrap.dedent(text.expandtabs(2)).strip("\n")
    if not bare.startswith("- "):
        bare = textwrap.indent(bare, "  ")
        bare = f"- {bare.removeprefix('  ')}"
    document = parsed(f"{bare}\n", "rule")
    if document.problems:
        raise _refused(document.problems[0])
    items = document.data if isinstance(document.data, list) else []
    if len(items) != 1 or not isinstance(items[0], dict) or not isinstance(items[0].get("id"), str):
        raise RuleError(
            "this is not one rule",
            code="rules.schema",
            where="rule",
            mend="Give one rule as it stands under `rules:`, from its `- id:` on.",
        )
    return f"{bare}\n", items[0]


def _refused(problem: Problem) -> RuleError:
    return RuleError(problem.message, code=problem.code, where=problem.where, mend=problem.mend)


def _replaced(text: str, document: Document, index: int, item: str) -> str:
    lines = text.splitlines()
    start, end = _span(lines, document, index)
    dash = _ITEM.match(lines[start])
    if dash is None:
        data = dict(document.data) if isinstance(document.data, dict) else {}
        rules = [*_rules(document)]
        rules[index] = parsed(item, "rule").data[0]  # type: ignore[index]
        return _dumped({**data, "rules": rules})
    put = textwrap.indent(item.rstrip("\n"), dash.group(1)).splitlines()
    return "\n".join([*lines[:start], *put, *lines[end:]]) + "\n"


def _span(lines: list[str], document: Document, index: int) -> tuple[int, int]:
    """The lines of a rule, from 0, the last one excluded; comments before the next rule belong to that."""
    start = document.line(("rules", index)) - 1
    begins = [
        line - 1
        for place, line in document.lines.items()
        if (len(place) == 1 or (len(place) == 2 and place[0] == "rules")) and line - 1 > start
    ]
    end = min(begins, default=len(lines))
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return start, end


def _rules(document: Document) -> list[Any]:
    listed = document.data.get("rules") if isinstance(document.data, dict) else None
    return listed if isinstance(listed, list) else []


def _free_name(files: Mapping[str, str], rule_id: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", rule_id.lower()).strip("-") or "rule"
    names = (f"{stem}.yaml", *(f"{stem}-{number}.yaml" for number in range(2, len(files) + 3)))
    return next(name for name in names if name not in files)


def _dumped(data: object) -> str:
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110))
