"""The part of the manual that is made from the table: a section for each generated command, and the tables
and the diagram of the page about tickets."""

from api.cli.generated import section
from api.cli.tickets.verbs import options_of, people_lines
from qc.review.diagram import documents, guards, mermaid, table


def commands() -> str:
    """The sections of the generated commands, for docs/cli.md."""
    sections = []
    for line in people_lines():
        options = {name: each for name, each in options_of(line.document).items() if name != "version"}
        sections.append(section("tickets", "TICKET", line.action, line.zh, line.en, line.document, options))
    return "\n".join(sections)


def tables() -> str:
    """The diagram, the table, its guards and the documents, for docs/tickets.md."""
    return (
        f"```mermaid\n{mermaid()}```\n\n### The table 流转表\n\n{table()}\n### Guards 条件\n\n{guards()}\n"
        f"### Documents 内容\n\n{documents()}"
    )
