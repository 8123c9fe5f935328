"""YAML with line numbers, so that every error can say where it is."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

Key = str | int
Place = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a rule file. `line` is 1-based; `field` is the dotted path within the file."""

    code: str
    file: str
    line: int
    field: str
    message: str
    mend: str

    @property
    def where(self) -> str:
        """`file:line field`."""
        return f"{self.file}:{self.line} {self.field}".rstrip()

    def __str__(self) -> str:
        """One line: place, message, mend, code."""
        return f"{self.where}: {self.message}. {self.mend} [{self.code}]"


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

    def problem(self, code: str, place: Place, message: str, mend: str) -> Problem:
        """A problem at `place` of this file."""
        return Problem(code, self.file, self.line(place), dotted(place), message, mend)


def dotted(place: Place) -> str:
    """`('rules', 0, 'where')` as `rules[0].where`."""
    text = ""
    for key in place:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


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


def read_document(path: Path, name: str | None = None) -> Document:
    """Read a YAML file. Syntax errors and repeated keys become problems of the document."""
    document = Document(name or str(path))
    try:
        text = path.read_text(encoding="utf-8")
        loader = _Reader(text)
        try:
            node = loader.get_single_node()
            if node is not None:
                _walk(node, (), document)
                document.data = loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        document.problems.append(
            Problem(
                "rules.yaml",
                document.file,
                line,
                "",
                f"not readable as YAML: {error.problem}",
                "Mend the indentation or quote the text.",
            )
        )
    except RecursionError:
        document.problems.append(
            Problem("rules.yaml", document.file, 1, "", "nested too deeply", "Name parts of it as concepts.")
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError) as error:
        document.problems.append(
            Problem(
                "rules.unreadable", document.file, 1, "", f"cannot be read: {error}", "Save it as UTF-8 text."
            )
        )
    return document


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
                        "rules.key_repeated", inner, f"the key {key!r} is given twice", "Keep one."
                    )
                )
            seen.add(key)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*place, index), document)
