"""YAML with line numbers, so that every error can say where it is."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

Key = str | int
Place = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a rule file. `line` is 1-based; `field` is the dotted path within the file. `zh` are
    message and mend in Chinese."""

    code: str
    file: str
    line: int
    field: str
    message: str
    mend: str
    zh: tuple[str, str] | None = None

    @property
    def where(self) -> str:
        """`file:line field`."""
        return f"{self.file}:{self.line} {self.field}".rstrip()

    def __str__(self) -> str:
        """One line: place, message, mend, code."""
        return f"{self.where}: {self.message}. {self.mend} [{self.code}]"

    def say(self, lang: Literal["zh", "en"]) -> str:
        """The same line in either language."""
        if lang == "en" or self.zh is None:
            return str(self)
        return f"{self.where}：{self.zh[0]}。{self.zh[1]} [{self.code}]"


@dataclass(slots=True)
class Document:
    """A YAML file as plain values, with the line of every place in it."""

    file: str
    data: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of `place`, or of the nearest enclosing place that the file has."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(
        self, code: str, place: Place, message: str, mend: str, zh: tuple[str, str] | None = None
    ) -> Problem:
        """A problem at `place` of this file."""
        return Problem(code, self.file, self.line(place), dotted(place), message, mend, zh)


def dotted(place: Place) -> str:
    """`('rules', 0, 'where')` as `rules[0].where`."""
    text = ""
    for key in place:
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            name = key if key.isprintable() else ascii(key)[1:-1]  # one line, whatever the file holds
            text += f".{name}" if text else name
    return text


MAX_FILE_BYTES = 2_000_000
MAX_DEPTH = 60
_Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # five times as fast where libyaml is there


class _Reader(_Base):  # type: ignore[misc, valid-type]
    """SafeLoader that keeps `08:00` and `22:00` as written: YAML 1.1 would make 22:00 the number 1320."""


_Reader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith(":int")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Reader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(0|[1-9][0-9]*)$"), list("-+0123456789")
)


def _moment(loader: _Reader, node: yaml.ScalarNode) -> object:
    """A day or a time; what looks like one and is none (2026-02-30) stays text, so that the schema refuses it
    at its place."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return str(node.value)


_Reader.add_constructor("tag:yaml.org,2002:timestamp", _moment)


def read_document(path: Path, name: str | None = None) -> Document:
    """Read a YAML file. Syntax errors and repeated keys become problems of the document."""
    document = Document(name or str(path))
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            document.problems.append(_too_large(document))
            return document
        text = path.read_text(encoding="utf-8")
        if hostile := _hostile(text, document):
            document.problems.append(hostile)
            return document
        loader = _Reader(text)
        try:
            node = loader.get_single_node()
            if node is not None:
                _walk(node, (), document)
                document.data = loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        document.problems.append(_unreadable(error, document, text))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError) as error:
        zh = (f"无法读取：{error}", "请存为 UTF-8 文本。")
        document.problems.append(
            document.problem("rules.unreadable", (), f"cannot be read: {error}", "Save it as UTF-8 text.", zh)
        )
    return document


def _too_large(document: Document) -> Problem:
    zh = (f"文件大于 {MAX_FILE_BYTES} 字节", "请分成几个文件。")
    message = f"the file is larger than {MAX_FILE_BYTES} bytes"
    return document.problem("rules.yaml", (), message, "Part it into several files.", zh)


def _hostile(text: str, document: Document) -> Problem | None:
    """What could make a small file endless: parts that are repeated by reference, and deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=_Base):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            zh = ("不能使用 YAML 别名 `*…`", "请写成概念（concepts）或词表（words）。")
            mend = "Name the part as a concept or a word list."
            return Problem("rules.yaml", document.file, line, "", "YAML aliases `*…` are refused", mend, zh)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            zh = ("嵌套过深", "请把其中一部分写成概念（concepts）。")
            mend = "Name parts of it as concepts."
            return Problem("rules.yaml", document.file, line, "", "nested too deeply", mend, zh)
    return None


_FULL_WIDTH_COLON = re.compile(r"^\s*(- )?[\w.]+：")
# What the parser says, what that means, and how to mend it: English, Chinese.
_YAML_SAYS = (
    ("expected ',' or", ("a bracket is not closed", "括号没有闭合"),
     ("Close it with ] or }.", "请补上 ] 或 }。")),
    ("another document", ("a line `---` begins another document", "`---` 一行开始了另一份文件"),
     ("Take the line out: one document a file.", "请删去这一行：每个文件只写一份。")),
    ("mapping values are not allowed", ("a colon stands where none may", "这里不能有冒号"),
     ("Put text with a colon in quotes, or mend the indentation.", "带冒号的文字请加引号，或改正缩进。")),
    ("expected ':'", ("a key has no colon", "键后缺少冒号"),
     ("Write `key: value`.", "请写 `键: 值`。")),
    ("cannot start any token", ("text begins with a sign of YAML", "文字以 YAML 的专用符号开头"),
     ("Put the text in quotes.", "请给文字加引号。")),
    ("unexpected end of stream", ("a quotation mark is not closed", "引号没有闭合"),
     ("Close the quotation mark.", "请补上引号。")),
)  # fmt: skip


def _unreadable(error: yaml.MarkedYAMLError, document: Document, text: str) -> Problem:
    """What the parser stumbled on, and the most likely reason in the lines before it."""
    mark = error.problem_mark
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()[max(line - 2, 0) : line]
    said = str(error.problem)
    meant = (said, said)
    mends = ("Mend the indentation or quote the text.", "请改正缩进，或给文字加引号。")
    for words, meaning, mending in _YAML_SAYS:
        if words in said:
            meant, mends = meaning, mending
    if any("\t" in each for each in lines):
        mends = ("Indent with spaces, not with tabs.", "请用空格缩进，不要用制表符。")
    elif any(_FULL_WIDTH_COLON.match(each) for each in lines):
        mends = (
            "Write `: ` (half width, with a space) after a key, not `：`.",
            "键后请写半角冒号加空格 `: `，不要写全角 `：`。",
        )
    zh = (f"不是可读的 YAML：{meant[1]}", mends[1])
    message = f"not readable as YAML: {meant[0]}"
    return Problem("rules.yaml", document.file, line, "", message, mends[0], zh)


def _walk(node: yaml.Node, place: Place, document: Document) -> None:
    document.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inner = (*place, key)
            _walk(value_node, inner, document)
            document.lines[inner] = key_node.start_mark.line + 1
            if key in seen:
                document.problems.append(
                    document.problem(
                        "rules.key_repeated",
                        inner,
                        f"the key {key!r} is given twice",
                        "Keep one.",
                        (f"键 {key!r} 写了两次", "请只保留一个。"),
                    )
                )
            seen.add(key)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*place, index), document)
