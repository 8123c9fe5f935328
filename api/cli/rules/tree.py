"""An explanation as a tree at the terminal: what each part of a rule found, or what came nearest."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from api import words
from api.words import Lang, Words
from qc.workbench.explain import Explained, Heard, guard_words
from qc.workbench.likeness import Likeness
from qc.workbench.outline import ROLES

_FEW = 3  # pieces of evidence shown of one part


def tree(parts: Sequence[Explained], lang: Lang, *, full: bool = False, depth: int = 0) -> Iterator[Text]:
    """One line for each part and one for each piece of its evidence; without `full`, alternatives of which
    nothing came near are only counted. Lines are not to be wrapped: Chinese has no spaces to break at."""
    shown = [part for part in parts if full or _telling(part)]
    indent = "  " * depth
    for part in shown:
        yield Text(indent).append_text(_line(part, lang))
        told = () if part.parts else evidence(part, lang)  # the parts inside tell it themselves
        yield from (Text(indent + "    ").append_text(line) for line in told)
        yield from tree(part.parts, lang, full=full, depth=depth + 1)
    if len(shown) < len(parts):
        left = len(parts) - len(shown)
        more = Words(f"… 另有 {left} 种说法没有出现", f"… {left} more alternatives were not found").say(lang)
        yield Text(indent + more, style="dim")


def _telling(part: Explained) -> bool:
    """Whether the part says something: it is no mere alternative, or it was found or nearly so."""
    return part.part.role not in ("any", "unless") or _near(part)


def _near(part: Explained) -> bool:
    near = part.found or part.dropped or part.elsewhere or part.nearest
    return bool(near) or any(map(_near, part.parts))


def _line(part: Explained, lang: Lang) -> Text:
    mark, style = ("✓", "green") if part.found else ("·", "dim")
    if part.part.against:
        mark, style = ("✗", "yellow") if part.found else ("○", "dim")
    role = ROLES[part.part.role].say(lang)
    return Text.assemble((f"{mark} {role} ", style), part.part.says.say(lang))


def evidence(part: Explained, lang: Lang) -> Iterator[Text]:
    """What was found; else what a guard took away, what was said elsewhere, or what came nearest."""
    yield from (_heard(heard, lang) for heard in part.heard[:_FEW])
    for heard in part.dropped[:_FEW]:
        reason = guard_words(heard.guard).say(lang)
        dropped = Words(f"说到了，但不算（{reason}）：", f"said, but does not count ({reason}): ").say(lang)
        yield Text.assemble((dropped, "yellow"), _quote(heard, lang))
    for heard in part.elsewhere[:_FEW]:
        other = Words("说到了，但不是要找的人或时段：", "said by another, or outside the window: ").say(lang)
        yield Text.assemble((other, "yellow"), _quote(heard, lang))
    if part.measured is not None:
        yield Text(part.measured.say(lang), style="dim")
    if part.likeness is not None:
        yield from _likeness(part.likeness, lang)
    if part.nearest is not None:
        percent = round(part.nearest.confidence * 100)
        near = Words(
            f"没有说到；最接近的话（{percent}%）：", f"not said; what comes nearest ({percent}%): "
        ).say(lang)
        yield Text.assemble((near, "dim"), _quote(part.nearest, lang))


def _heard(heard: Heard, lang: Lang) -> Text:
    how = words.named(words.HOW, heard.how).say(lang)
    matched = f" → “{heard.matched}”" if heard.how in ("sound", "likeness") else ""
    sure = Words("，确定", ", certain") if heard.sure else Words("，存疑", ", unsure")
    figure = f" {heard.confidence:.2f}" if heard.confidence < 1 else ""
    style = "green" if heard.sure else "yellow"
    judged = (f"{how}{figure}{sure.say(lang)}", style)
    return Text.assemble(_quote(heard, lang), f"{matched}  ", judged)


def _likeness(like: Likeness, lang: Lang) -> Iterator[Text]:
    """How like the bank the likest turn is, and the examples that say so."""
    who = words.named(words.SPEAKERS, like.speaker).say(lang)
    limits = Words(f"从 {like.report_at:g} 起发现", f"found from {like.report_at:g}").say(lang)
    if like.certain_at is not None:
        limits += Words(f"，从 {like.certain_at:g} 起确定", f", certain from {like.certain_at:g}").say(lang)
    likest = Words("最像的一句", "the likest turn").say(lang)
    yield Text(f"{likest}：#{like.utterance} {who}“{like.text}”  {like.probability:.2f}（{limits}）")
    kinds = (
        ("+", Words("例句", "example"), like.belong),
        ("−", Words("反例", "counter-example"), like.apart),
    )
    for sign, kind, neighbours in kinds:
        for each in neighbours:
            yield Text(f"  {sign} {kind.say(lang)} {each.likeness:.2f} “{each.text}”", style="dim")


def _quote(heard: Heard, lang: Lang) -> str:
    if heard.utterance is None:
        return heard.text.say(lang)
    who = words.named(words.SPEAKERS, heard.speaker).say(lang)
    return f"#{heard.utterance} {who}“{heard.text.say(lang)}”"
