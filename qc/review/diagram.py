"""The table of transitions as people read it: a state diagram (Mermaid) and tables in Markdown. Pure."""

from collections.abc import Sequence

from qc.review.transitions import TRANSITIONS, Transition
from qc.review.types import STATES, Language
from qc.review.wording import STATE_WORDS


def mermaid(language: Language = "en") -> str:
    """The states and the steps between them; steps that leave the state as it is are in the table only."""
    names = [f"    {state}: {STATE_WORDS[state][language]}" for state in STATES]
    arrows = {
        (source, line.target): line.zh if language == "zh" else line.action
        for line in TRANSITIONS
        for source in line.sources
        if line.target is not None and source != line.target
    }
    steps = [f"    {source} --> {target}: {words}" for (source, target), words in arrows.items()]
    lines = [
        "stateDiagram-v2",
        *names,
        "    [*] --> open",
        *steps,
        "    final --> [*]",
        "    withdrawn --> [*]",
    ]
    return "\n".join(lines) + "\n"


def table() -> str:
    """Every line of the table in Markdown; the guards by their names."""
    head = "| action 动作 | from 起 | to 止 | who 角色 | guards 条件 |\n|---|---|---|---|---|\n"
    return head + "".join(_row(line) for line in TRANSITIONS)


def guards() -> str:
    """Every guard with its words in both languages."""
    rows = {guard.name: (guard.zh, guard.en) for line in TRANSITIONS for guard in line.guards}
    body = "".join(f"| `{name}` | {zh} | {en} |\n" for name, (zh, en) in rows.items())
    return "| guard | 条件 | what must hold |\n|---|---|---|\n" + body


def documents() -> str:
    """The fields of every document; those in brackets may be left out."""
    rows: dict[str, str] = {}
    for line in TRANSITIONS:
        if line.by_machine or line.action in rows:
            continue
        named = ", ".join(
            f"`{name}`" if field.is_required() else f"[`{name}`]"
            for name, field in line.document.model_fields.items()
        )
        rows[line.action] = f"| `{line.action}` | {line.zh} | {line.en} | {named or '—'} |\n"
    return "| action | 动作 | words | fields 内容 |\n|---|---|---|---|\n" + "".join(rows.values())


def _row(line: Transition) -> str:
    target = f"`{line.target}`" if line.target else "stays 不变"
    roles = ", ".join(f"`{role}`" for role in line.roles)
    held = [f"`{guard.name}`" for guard in line.guards]
    return f"| `{line.action}` | {_states(line.sources)} | {target} | {roles} | {', '.join(held) or '—'} |\n"


def _states(sources: Sequence[str]) -> str:
    return ", ".join(f"`{state}`" for state in sources)
