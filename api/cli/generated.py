"""Commands made from a table of transitions: the options of one come from the fields of its document."""

import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import EnumMeta, StrEnum
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typer.models import OptionInfo

_WIDTH: Final = 150
_STUCK: Final = "\x00"  # a space at which no line is broken
_COMMON: Final = f"[--file{_STUCK}FILE] [--version{_STUCK}N] [--lang{_STUCK}zh|en]"
# Annotations of parameters by name, with the default; `...` for none.
Parameters = Sequence[tuple[str, Any, Any]]


def command_of(
    run: Callable[[dict[str, Any]], None],
    fixed: Parameters,
    fields: Mapping[str, Any],
    usual: Parameters,
    doc: str,
) -> Callable[..., None]:
    """A function that Typer reads the options of; `run` gets what was given, by name."""

    def command(**given: Any) -> None:
        run(given)

    kind = inspect.Parameter.KEYWORD_ONLY
    every = [*fixed, *((name, annotation, None) for name, annotation in fields.items()), *usual]
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, kind, annotation=annotation)
            if default is ...
            else inspect.Parameter(name, kind, annotation=annotation, default=default)
            for name, annotation, default in every
        ]
    )
    command.__annotations__ = {name: annotation for name, annotation, _ in every}
    command.__doc__ = doc
    return command


def options_of(document: type[BaseModel], special: Mapping[type, Any] | None = None) -> dict[str, Any]:
    """Annotations of the command's options, by field; fields that hold objects are given in a file only, but
    for those of a `special` kind."""
    found = {name: _option(name, field, special or {}) for name, field in document.model_fields.items()}
    return {name: annotation for name, annotation in found.items() if annotation is not None}


def _option(name: str, field: FieldInfo, special: Mapping[type, Any]) -> Any:
    kind, many = _inner(field.annotation)
    flag = f"--{name.replace('_', '-')}"
    help_ = field.description or ("repeatable" if many else "")
    if get_origin(kind) is Literal:
        values = get_args(kind)
        choice = StrEnum(name.title(), {value.upper(): value for value in values})  # type: ignore[misc]
        return _annotated(choice, many, typer.Option(flag, help=help_))
    if kind in special:
        return _annotated(str, many, special[kind])
    if kind is bool:
        return Annotated[bool | None, typer.Option(f"{flag}/--no-{name.replace('_', '-')}", help=help_)]
    if kind in (int, float):
        return _annotated(kind, many, typer.Option(flag, help=help_))
    if kind is str or kind is Decimal or getattr(kind, "__name__", "") in {"AwareDatetime", "datetime"}:
        metavar = None if kind is str or kind is Decimal else "TIME"
        return _annotated(str, many, typer.Option(flag, metavar=metavar, help=help_))
    return None


def _inner(annotation: Any) -> tuple[Any, bool]:
    """What a field holds, and whether it holds many of it."""
    many = False
    while True:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            annotation = arguments[0]
        elif origin in {Union, UnionType}:
            annotation = next(each for each in arguments if each is not type(None))
        elif origin is tuple:
            annotation, many = arguments[0], True
        else:
            return annotation, many


def _annotated(kind: Any, many: bool, option: Any) -> Any:
    return Annotated[list[kind] | None, option] if many else Annotated[kind | None, option]


def section(
    group: str,
    noun: str,
    action: str,
    zh: str,
    en: str,
    document: type[BaseModel],
    options: Mapping[str, Any],
) -> str:
    """The section of a generated command, for docs/cli.md."""
    name = action.replace("_", "-")
    shown = [f"[{_usage(annotation)}]" for annotation in options.values()]
    flags = " ".join(option.replace(" ", _STUCK) for option in shown)
    usage = f"diting {group} {name} {noun} --by ID {flags} {_COMMON}".replace("  ", " ")
    wrapped = textwrap.fill(
        usage, _WIDTH, initial_indent="    ", subsequent_indent="        ", break_on_hyphens=False
    )
    said = _said(zh, en, document, options)
    return f"## diting {group} {name}\n\n{wrapped.replace(_STUCK, ' ')}\n\n{said}\n"


def _said(zh: str, en: str, document: type[BaseModel], options: Mapping[str, Any]) -> str:
    """What the command does, with the fields that cannot be left out and those that only a file can give."""
    needed = [f"`{name}`" for name, field in document.model_fields.items() if field.is_required()]
    from_file = [f"`{name}`" for name in document.model_fields if name not in options]
    text = f"{en[:1].upper()}{en[1:]}. {zh}。"
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
    return "N" if kind in (int, float) else "TEXT"


def _parts(annotation: Any) -> tuple[Any, OptionInfo]:
    if get_origin(annotation) is not Annotated:
        raise TypeError(annotation)
    kind, option = get_args(annotation)
    return kind, option


def first_lines(lines: Sequence[Any]) -> Iterator[Any]:
    """The first line of a table for each action."""
    seen: set[str] = set()
    for line in lines:
        if line.action not in seen:
            seen.add(line.action)
            yield line
