"""One command for each action that people may take, made from the table of transitions and its documents."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.cases.files import read_document
from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.cli.generated import command_of, first_lines
from api.cli.generated import options_of as generated_options
from api.words import Words
from complaint_warnings.cases.documents import Document, Member
from complaint_warnings.cases.door import act
from complaint_warnings.cases.lines import SYSTEM, Transition
from complaint_warnings.cases.service import find_case
from complaint_warnings.cases.transitions import TRANSITIONS
from complaint_warnings.cases.wording import action_words, state_words
from store.clock import SystemClock
from store.database import open_sessions, transaction
from store.errors import BadInputError
from store.people import find_actor
from store.settings import Settings

Case = Annotated[str, typer.Argument(metavar="CASE", help="the case's id or number (W-2026-000012)")]
By = Annotated[str, typer.Option("--by", metavar="ID", help="who acts (`diting people list`)")]
File = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="the document as YAML or JSON; - for standard input"),
]
Seen = Annotated[
    int | None, typer.Option("--version", min=1, help="refuse if the case has changed since this version")
]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]
_MEMBER: Final = typer.Option("--member", metavar="ID=FUNCTION", help="repeatable")


def act_(
    case: Case,
    action: Annotated[str, typer.Argument(metavar="ACTION", help="of docs/cases.md, such as form_team")],
    by: By,
    file: File = None,
    version: Seen = None,
    lang: Lang = Language.ZH,
) -> None:
    """Do anything the table knows, with a document from a file. 按表执行任一动作。"""
    _do(case, action.replace("-", "_"), by, file, version, lang, {})


def people_lines() -> Iterator[Transition]:
    """The first line of the table for each action that people may take."""
    yield from first_lines([line for line in TRANSITIONS if line.roles != SYSTEM])


def generated() -> Iterator[tuple[str, Callable[..., None]]]:
    """The commands, by name."""
    for line in people_lines():
        yield line.action.replace("_", "-"), _verb(line)


def _verb(line: Transition) -> Callable[..., None]:
    fields = options_of(line.document)

    def run(given: dict[str, Any]) -> None:
        values = {name: given[name] for name in fields}
        _do(given["case"], line.action, given["by"], given["file"], given["version"], given["lang"], values)

    fixed = [("case", Case, ...), ("by", By, ...)]
    usual = [("file", File, None), ("version", Seen, None), ("lang", Lang, Language.ZH)]
    return command_of(run, fixed, fields, usual, f"{line.en[:1].upper()}{line.en[1:]}. {line.zh}。")


def options_of(document: type[Document]) -> dict[str, Any]:
    """Annotations of the command's options, by field."""
    return generated_options(document, {Member: _MEMBER})


def _do(
    case: str,
    action: str,
    by: str,
    file: Path | None,
    version: int | None,
    lang: Language,
    values: Mapping[str, Any],
) -> None:
    document = read_document(file) | {
        name: _plain(name, value) for name, value in values.items() if value is not None and value != []
    }
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        found = find_case(session, case)
        row = act(
            session, SystemClock(), case_id=found.id, action=action, actor=find_actor(session, by),
            details=document, version=version,
        )  # fmt: skip
        number, state, now = row.number, row.state, row.version
    said = Words(
        f"{number}：{action_words(action, 'zh')}。现状态：{state_words(state, 'zh')}，版本 {now}。",
        f"{number}: {action_words(action, 'en')}. It is {state_words(state, 'en')} now, version {now}.",
    )
    out.print(said.say(lang.value), markup=False, soft_wrap=True)


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_member(each) if name == "members" else _plain(name, each) for each in value]
    return value.value if isinstance(value, StrEnum) else value


def _member(text: str) -> dict[str, str]:
    person, equals, function = text.partition("=")
    if not equals:
        raise BadInputError(
            f"{text} does not say what the person is there for",
            code="case.document",
            where="--member",
            mend="Write it as ID=FUNCTION, such as chen=customer_service.",
        )
    return {"person": person, "function": function}
