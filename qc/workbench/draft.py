"""New packs and rules as files that lint, with the places to fill in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qc.language.jsonschema import KINDS_OF_SCHEMA, schema
from qc.language.loader import read_packs
from qc.language.mistakes import did_you_mean
from qc.language.positions import read_document
from qc.taxonomy import CATEGORIES, COMPLAINT_CHANNELS, EMOTION_STATES
from store.errors import ConflictError, RuleError

SCHEMA_FOLDER = ".schema"  # in a new pack, so that editors find it without a network
TODO_PHRASE = {"zh": "请改成要找的话", "en": "replace this by what is said"}
TODO_VIOLATES = {"zh": "TODO 写一句必须发现的话", "en": "TODO write a sentence that must be found"}
TODO_ALLOWED = {
    "zh": "TODO 写一句相近但不得发现的话",
    "en": "TODO write a sentence much like it that is allowed",
}
_ATTRIBUTES = {
    "complaint_intent": f"{{channel: company}}  # {', '.join(sorted(COMPLAINT_CHANNELS))}",
    "negative_emotion": f"{{state: angry}}  # {', '.join(sorted(EMOTION_STATES))}",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a new rule; what is empty is left to fill in."""

    id: str
    category: str
    title_zh: str = ""
    title_en: str = ""
    phrases: Sequence[str] = ()
    violates: Sequence[str] = ()
    allowed: Sequence[str] = ()


def new_pack(folder: Path, language: str, title_zh: str = "", title_en: str = "") -> list[Path]:
    """Make a pack folder: `pack.yaml`, and the schema for editors.

    Returns:
        the files written.

    Raises:
        ConflictError: `rules.exists`.
        RuleError: `rules.schema`, the folder's name cannot be a pack's.
    """
    head = folder / "pack.yaml"
    if head.exists():
        raise ConflictError(
            "there is a pack already", code="rules.exists", where=str(head),
            mend="Name a file for a new rule in it, such as FOLDER/topic.yaml.",
        )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"# yaml-language-server: $schema={SCHEMA_FOLDER}/pack.json",
        f"id: {folder.resolve().name}",
        "version: 1",
        f"language: {language}",
        f"title: {{zh: {_text(title_zh or 'TODO 名称')}, en: {_text(title_en or 'TODO name')}}}",
        "# extends: [cn-base]  # 借用其词表与概念 use its words and concepts",
        "# caps: {categories: {dead_air: 5}}  # 每通电话扣分上限 the most points from one call",
    ]
    head.write_text("\n".join(lines) + "\n", encoding="utf-8")
    problems = read_packs([folder]).problems
    if problems:
        head.unlink()
        first = problems[0]
        raise RuleError(first.message, code=first.code, where=str(folder), mend=first.mend)
    return [head, *_schemas(folder)]


def _schemas(folder: Path) -> list[Path]:
    place = folder / SCHEMA_FOLDER
    place.mkdir(exist_ok=True)
    written = []
    for kind in KINDS_OF_SCHEMA:
        file = place / f"{kind}.json"
        file.write_text(json.dumps(schema(kind), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        written.append(file)
    return written


def new_rule(file: Path, draft: Draft) -> None:
    """Write a draft rule into a topic file of a pack, at its end where the file is there.

    Raises:
        RuleError: `rules.pack_unknown`, `rules.category`, `rules.yaml` … the pack or the file cannot take it.
        ConflictError: `rules.exists`, the pack has such a rule.
    """
    if draft.category not in CATEGORIES:
        mend, _ = did_you_mean(draft.category, CATEGORIES, "docs/rules.md lists the categories.", "")
        raise RuleError(
            f"unknown category {draft.category!r}", code="rules.category", where="--category", mend=mend
        )
    source = read_packs([file.parent])
    if not source.heads:
        raise RuleError(
            "there is no pack.yaml beside this file", code="rules.pack_unknown", where=str(file),
            mend=f"Make the pack first: diting rules new {file.parent}",
        )  # fmt: skip
    if any(name == draft.id for name, _ in source.known_rules):
        raise ConflictError(
            f"the pack has a rule {draft.id!r}",
            code="rules.exists",
            where=str(file),
            mend="Choose another id.",
        )
    there = file.read_bytes() if file.exists() else None
    text = _before(file) + _rule(draft, source.heads[0].language)
    file.write_text(text, encoding="utf-8")
    problems = [
        problem for problem in read_packs([file.parent]).problems if Path(problem.file).name == file.name
    ]
    if problems:
        if there is None:
            file.unlink()
        else:
            file.write_bytes(there)
        raise RuleError(problems[0].message, code=problems[0].code, where=draft.id, mend=problems[0].mend)


def _before(file: Path) -> str:
    """What stands in the file before the new rule.

    Raises:
        RuleError: `rules.schema`, `rules` is not the last key of the file.
    """
    if not file.exists():
        folder = SCHEMA_FOLDER if (file.parent / SCHEMA_FOLDER).is_dir() else None
        hint = f"# yaml-language-server: $schema={folder}/topic.json\n" if folder else ""
        return f"{hint}rules:\n"
    data = read_document(file).data
    if not isinstance(data, dict) or list(data)[-1:] != ["rules"]:
        raise RuleError(
            "`rules:` is not the last key of this file", code="rules.schema", where=str(file),
            mend="Put words and concepts before the rules, or name another file.",
        )  # fmt: skip
    return file.read_text(encoding="utf-8").rstrip() + "\n\n"


def _rule(draft: Draft, language: str) -> str:
    title = f"{{zh: {_text(draft.title_zh or 'TODO 名称')}, en: {_text(draft.title_en or 'TODO title')}}}"
    lines = [
        f"- id: {draft.id}",
        "  version: 1",
        "  status: draft  # draft → shadow 试运行 on trial → stable 正式",
        f"  category: {draft.category}",
        f"  title: {title}",
        "  cite: [{source: policy, quote: TODO 依据 the words relied on, confidence: policy}]",
        "  # effective: {from: 2026-01-01}  # 生效日期 days on which it is in force",
        "  # where: {speaker: agent}  # 看谁的话 whose words",
    ]
    if draft.category in _ATTRIBUTES:
        lines.append(f"  attributes: {_ATTRIBUTES[draft.category]}")
    lines += [
        "  detect:",
        "    phrase:",
        *(f"    - {_text(phrase)}" for phrase in draft.phrases or [TODO_PHRASE[language]]),
        "  # unless: [{quoting: true}]  # 豁免 what excuses it",
        "  examples:",
        "    violates:",
        *(f"    - {_text(text)}" for text in draft.violates or [TODO_VIOLATES[language]]),
        "    allowed:",
        *(f"    - {_text(text)}" for text in draft.allowed or [TODO_ALLOWED[language]]),
        "  advice: {zh: TODO 建议的说法, en: TODO how to say it instead}",
    ]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """A text as YAML, in quotes: it may hold any sign."""
    return json.dumps(text, ensure_ascii=False)
