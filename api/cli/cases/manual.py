"""The part of the manual that is made from the table: a section for each generated command, and the tables
and the diagram of the page about cases."""

import textwrap
from enum import EnumMeta
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_origin

from typer.models import OptionInfo

from api.cli.cases.verbs import options_of, people_lines
from complaint_warnings.cases.diagram import documents, guards, mermaid, table
from complaint_warnings.cases.lines import Transition

_WIDTH = 150
_STUCK: Final = "\x00"  # a space at which no line is broken
_COMMON: Final = f"[--file{_STUCK}FILE] [--version{_STUCK}N] [--lang{_STUCK}zh|en]"


def commands() -> str:
    """The sections of the generated commands, for docs/cli.md."""
    return "\n".join(_section(line) for line in people_lines())


def tables() -> str:
    """The diagram, the table, its guards and the documents, for docs/cases.md."""
    return (
        f"```mermaid\n{mermaid()}```\n\n### The table 流转表\n\n{table()}\n### Guards 条件\n\n{guards()}\n"
        f"### Documents 内容\n\n{documents()}"
    )


def fill(page: Path, name: str, text: str) -> str:
    """The page with the text between its marks `<!-- name -->` and `<!-- /name -->`."""
    whole = page.read_text(encoding="utf-8")
    head, start, rest = whole.partition(f"<!-- {name} -->\n")
    _, end, tail = rest.partition(f"<!-- /{name} -->\n")
    if not start or not end:
        raise ValueError(f"{page} lacks the marks of {name}")
    return f"{head}{start}{text}{end}{tail}"


def _section(line: Transition) -> str:
    name = line.action.replace("_", "-")
    options = [f"[{_usage(annotation)}]" for annotation in options_of(line.document).values()]
    flags = " ".join(option.replace(" ", _STUCK) for option in options)
    usage = f"diting cases {name} CASE --by ID {flags} {_COMMON}".replace("  ", " ")
    shown = textwrap.fill(
        usage, _WIDTH, initial_indent="    ", subsequent_indent="        ", break_on_hyphens=False
    )
    return f"## diting cases {name}\n\n{shown.replace(_STUCK, ' ')}\n\n{_said(line)}\n"


def _said(line: Transition) -> str:
    """What the command does, with the fields that cannot be left out and those that only a file can give."""
    fields, flags = line.document.model_fields, options_of(line.document)
    needed = [f"`{name}`" for name, field in fields.items() if field.is_required()]
    from_file = [f"`{name}`" for name in fields if name not in flags]
    text = f"{line.en[:1].upper()}{line.en[1:]}. {line.zh}。"
    text += f" Needed: {', '.join(needed)}." if needed else ""
    text += f" Only in the file: {', '.join(from_file)}." if from_file else ""
    return textwrap.fill(text, _WIDTH, break_on_hyphens=False, break_long_words=False)


def _usage(annotation: Any) -> str:
    kind, option = _parts(annotation)
    declared = [*(option.param_decls or ()), option.default]
    flag = next(str(each) for each in declared if isinstance(each, str))
    inner = next((each for each in get_args(kind) if each is not type(None)), kind)
    many = get_origin(inner) is list
    inner = get_args(inner)[0] if many else inner
    if inner is bool:
        return flag.replace("/", "|")
    shape = option.metavar or _shape(inner)
    return f"{flag} {shape}{'…' if many else ''}"


def _shape(kind: Any) -> str:
    if isinstance(kind, EnumMeta):
        return "|".join(str(each.value) for each in kind)  # type: ignore[var-annotated]
    return "N" if kind is int else "TEXT"


def _parts(annotation: Any) -> tuple[Any, OptionInfo]:
    if get_origin(annotation) is not Annotated:
        raise TypeError(annotation)
    kind, option = get_args(annotation)
    return kind, option
