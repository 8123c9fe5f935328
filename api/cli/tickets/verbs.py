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
from pipeline.reviewing import act_on
from qc.review.documents import Document, Ground, ItemRuling, Judgement, Rate
from qc.review.transitions import TRANSITIONS, Transition
from qc.review.wording import action_words, state_words
from store.clock import SystemClock
from store.database import open_sessions, transaction
from store.errors import BadInputError
from store.people import find_actor
from store.settings import Settings

Ticket = Annotated[int, typer.Argument(metavar="TICKET", min=1, help="its number in `diting tickets list`")]
By = Annotated[str, typer.Option("--by", metavar="ID", help="who acts (`diting people list`)")]
File = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="the document as YAML or JSON; - for standard input"),
]
Seen = Annotated[
    int | None, typer.Option("--version", min=1, help="refuse if the ticket has changed since this version")
]
Lang = Annotated[Language, typer.Option(help="language of what is shown")]
# ITEM is the number of a finding, or `m` and the number of a missed one.
_SPECIAL: Final[Mapping[type, Any]] = {
    Ground: typer.Option("--ground", metavar="ITEM=REASON", help="what is wrong, and why; repeatable"),
    ItemRuling: typer.Option("--ruling", metavar="ITEM=upheld:REASON", help="or overturned; repeatable"),
    Judgement: typer.Option("--decision", metavar="ITEM=VERDICT", help="repeatable"),
}


def generated() -> Iterator[tuple[str, Callable[..., None]]]:
    """The commands, by name."""
    for line in people_lines():
        yield line.action.replace("_", "-"), _verb(line)


def people_lines() -> Iterator[Transition]:
    """The first line of the table for each action that people may take."""
    yield from first_lines([line for line in TRANSITIONS if not line.by_machine])


def options_of(document: type[Document]) -> dict[str, Any]:
    """Annotations of the command's options, by field."""
    found = generated_options(document, _SPECIAL)
    if document is Rate:
        found["rating"] = Annotated[str | None, typer.Option("--rating", metavar="N|n/a", help="points")]
    return found


def _verb(line: Transition) -> Callable[..., None]:
    # The version of a scorecard has the name of the ticket's: the card's is given in a file.
    fields = {name: each for name, each in options_of(line.document).items() if name != "version"}

    def run(given: dict[str, Any]) -> None:
        values = {name: given[name] for name in fields}
        _do(given["ticket"], line.action, given["by"], given["file"], given["version"], given["lang"], values)

    fixed = [("ticket", Ticket, ...), ("by", By, ...)]
    usual = [("file", File, None), ("version", Seen, None), ("lang", Lang, Language.ZH)]
    return command_of(run, fixed, fields, usual, f"{line.en[:1].upper()}{line.en[1:]}. {line.zh}。")


def _do(
    ticket: int,
    action: str,
    by: str,
    file: Path | None,
    version: int | None,
    lang: Language,
    values: Mapping[str, Any],
) -> None:
    given = {name: _plain(name, value) for name, value in values.items() if value not in (None, [])}
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        done = act_on(
            session, SystemClock(), ticket_id=ticket, action=action, actor=find_actor(session, by),
            details=read_document(file) | given, version=version,
        )  # fmt: skip
        state, now = done.row.state, done.row.version
    said = Words(
        f"工单 {ticket}：{action_words(action, 'zh')}。现状态：{state_words(state, 'zh')}，版本 {now}。",
        f"Ticket {ticket}: {action_words(action, 'en')}. Now {state_words(state, 'en')}, version {now}.",
    )
    out.print(said.say(lang.value), markup=False, soft_wrap=True)


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_ITEMS[name](each) for each in value]
    if name == "rating":
        return value if value == "n/a" else _number(value)
    return value.value if isinstance(value, StrEnum) else value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _unreadable("--rating", text, "points as a number, or n/a") from None


def _item(text: str, option: str, shape: str) -> tuple[dict[str, Any], str]:
    name, equals, rest = text.partition("=")
    kind = "missed" if name.startswith("m") else "finding"
    number = name.removeprefix("m")
    if not equals or not number.isdecimal():
        raise _unreadable(option, text, shape)
    return {kind: int(number)}, rest


def _ground(text: str) -> dict[str, Any]:
    item, reason = _item(text, "--ground", "ITEM=REASON, such as 41=没有说过")
    return item | {"reason": reason}


def _ruling(text: str) -> dict[str, Any]:
    shape = "ITEM=upheld:REASON or ITEM=overturned:REASON"
    item, rest = _item(text, "--ruling", shape)
    ruling, colon, reason = rest.partition(":")
    if not colon:
        raise _unreadable("--ruling", text, shape)
    return item | {"ruling": ruling, "reason": reason}


def _judgement(text: str) -> dict[str, Any]:
    item, verdict = _item(text, "--decision", "ITEM=VERDICT, such as 41=false or m7=true")
    return item | {"verdict": verdict}


def _unreadable(option: str, text: str, shape: str) -> BadInputError:
    return BadInputError(
        f"{text} cannot be read", code="ticket.document", where=option, mend=f"Write it as {shape}."
    )


_ITEMS: Final[Mapping[str, Callable[[str], Any]]] = {
    "grounds": _ground,
    "rulings": _ruling,
    "decisions": _judgement,
}
