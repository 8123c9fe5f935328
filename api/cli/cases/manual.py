"""The part of the manual that is made from the table: a section for each generated command, and the tables
and the diagram of the page about cases."""

from pathlib import Path

from api.cli.cases.verbs import options_of, people_lines
from api.cli.generated import section
from complaint_warnings.cases.diagram import documents, guards, mermaid, table


def commands() -> str:
    """The sections of the generated commands, for docs/cli.md."""
    return "\n".join(
        section("cases", "CASE", line.action, line.zh, line.en, line.document, options_of(line.document))
        for line in people_lines()
    )


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
