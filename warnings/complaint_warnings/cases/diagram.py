"""The table of transitions as people read it: a state diagram (Mermaid) and tables in Markdown. Pure."""

from collections.abc import Iterator, Sequence

from complaint_warnings.cases.lines import HANDLERS, Transition
from complaint_warnings.cases.transitions import TRANSITIONS
from complaint_warnings.cases.types import OPEN_STATES, STATES
from complaint_warnings.cases.wording import STATE_WORDS
from complaint_warnings.types import Language


def mermaid(language: Language = "en") -> str:
    """The states and the steps between them; steps that leave the state as it is are in the table only."""
    names = [f"    {state}: {STATE_WORDS[state][language]}" for state in STATES]
    steps = (step for line in TRANSITIONS for step in _steps(line, language))
    arrows = [f"    {source} --> {target}: {words}" for source, target, words in _merged(steps)]
    lines = ["stateDiagram-v2", *names, "    [*] --> reported", *arrows, "    closed --> [*]"]
    return "\n".join(lines) + "\n"


def table() -> str:
    """Every line of the table in Markdown; the guards by their names."""
    head = "| action 动作 | from 起 | to 止 | who 角色 | guards 条件 |\n|---|---|---|---|---|\n"
    return head + "".join(_row(line) for line in TRANSITIONS)


def guards() -> str:
    """Every guard and condition with its words in both languages."""
    rows: dict[str, tuple[str, str]] = {}
    for line in TRANSITIONS:
        if line.when is not None:
            rows[f"{line.when.name}?"] = (line.when.zh, line.when.en)
        rows |= {guard.name: (guard.zh, guard.en) for guard in line.guards}
    body = "".join(f"| `{name}` | {zh} | {en} |\n" for name, (zh, en) in rows.items())
    return "| guard | 条件 | what must hold |\n|---|---|---|\n" + body


def documents() -> str:
    """The fields of every document; those in brackets may be left out."""
    rows: dict[str, str] = {}
    for line in TRANSITIONS:
        named = ", ".join(
            f"`{name}`" if field.is_required() else f"[`{name}`]"
            for name, field in line.document.model_fields.items()
        )
        rows[line.action] = f"| `{line.action}` | {line.zh} | {line.en} | {named or '—'} |\n"
    return "| action | 动作 | words | fields 内容 |\n|---|---|---|---|\n" + "".join(rows.values())


def _steps(line: Transition, language: Language) -> Iterator[tuple[str, str, str]]:
    if line.target is None or line.sources == OPEN_STATES:
        return
    words = line.zh if language == "zh" else line.action
    if line.when is not None:
        condition = line.when.zh if language == "zh" else line.when.en
        words = f"{words} ({condition})"
    for source in line.sources:
        if source != line.target:
            yield source, line.target, words


def _merged(steps: Iterator[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Arrows between the same two states become one."""
    together: dict[tuple[str, str], list[str]] = {}
    for source, target, words in steps:
        together.setdefault((source, target), []).append(words)
    for (source, target), said in together.items():
        yield source, target, ", ".join(said)


def _row(line: Transition) -> str:
    target = f"`{line.target}`" if line.target else "stays 不变"
    roles = ", ".join(f"`{role}`" for role in line.roles)
    if set(HANDLERS) <= set(line.roles):
        others = [f"`{role}`" for role in line.roles if role not in HANDLERS]
        roles = ", ".join(["whoever may be in a team", *others])
    held = [guard.name for guard in line.guards]
    if line.when is not None:
        held.insert(0, f"**{line.when.name}?**")
    return f"| `{line.action}` | {_states(line.sources)} | {target} | {roles} | {', '.join(held) or '—'} |\n"


def _states(sources: Sequence[str]) -> str:
    if set(sources) == set(STATES):
        return "any 任意"
    if set(sources) == set(OPEN_STATES):
        return "any open 未结"
    places = sorted(STATES.index(state) for state in sources)
    if len(places) > 3 and places[-1] - places[0] == len(places) - 1:
        return f"`{STATES[places[0]]}` … `{STATES[places[-1]]}`"
    return ", ".join(f"`{STATES[place]}`" for place in places)
