"""Trying sentences and calls: which rules fire, and which would have but for a guard or an excuse."""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qc.call import Call
from qc.evaluate import run_rules, without_echoes
from qc.examples import call_of
from qc.findings import Finding
from qc.force import in_force
from qc.language.schema import ExampleCall, Status, Turn
from qc.matching.text import is_chinese
from qc.workbench.book import Book, Entry
from qc.workbench.explain import Explained, Heard, day_of, explain, flat

Make = Callable[[], Call]
DOUBTFUL = 0.7  # how sure a doubtful recogniser is of its words
# What only a whole call can tell; of single sentences it is not asked.
WHOLE_CALL = ("absence", "fact")
_SPEAKERS = {
    "agent": "agent", "a": "agent", "坐席": "agent", "催收员": "agent", "客服": "agent",
    "customer": "customer", "c": "customer", "客户": "customer", "债务人": "customer",
    "unknown": "unknown", "?": "unknown", "其他": "unknown",
}  # fmt: skip
_STATUSES: tuple[Status, ...] = ("stable", "shadow", "draft")
_TURN = re.compile(r"^\s*([\w?]{1,8})\s*[:：]\s*(.+)$", re.S)


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that fired."""

    entry: Entry
    finding: Finding


@dataclass(frozen=True, slots=True)
class Excused:
    """A rule that would have fired, and what a guard took away or, not `by_guard`, what excuses it."""

    entry: Entry
    heard: Heard
    by_guard: bool


def turn(text: str, speaker: str) -> Turn:
    """`customer: 喂` or `客户：喂` as a turn; words without a name are of `speaker`."""
    found = _TURN.match(text)
    name = _SPEAKERS.get(found.group(1).lower()) if found else None
    said = found.group(2).strip() if found and name else text.strip()
    return Turn.model_validate({name or speaker: said})


def named(text: str) -> bool:
    """Whether the text says who speaks."""
    found = _TURN.match(text)
    return found is not None and found.group(1).lower() in _SPEAKERS


def language_of(texts: Sequence[str]) -> str:
    """`zh` when there is a Chinese character, else `en`."""
    return "zh" if any(is_chinese(char) for text in texts for char in text) else "en"


def spoken(turns: Sequence[Turn], language: str, *, recognised: bool, confidence: float = 1.0) -> Call:
    """A call of these turns, three seconds each."""
    return call_of(ExampleCall(turns=list(turns), recognised=recognised), language, confidence)


def makes(
    texts: Sequence[str], speaker: str | None, confidence: float | None, language: str | None = None
) -> list[Make]:
    """The calls that these sentences may be: by one side each where somebody is named, otherwise by either.

    Args:
        texts: a turn each, perhaps with its speaker before it.
        speaker: who says a sentence without a name; None: try both, unless a sentence names somebody.
        confidence: 0..1, as a recogniser of this confidence wrote it; None: as written.
        language: of the call; None: as the sentences look.
    """
    spoken_in = language or language_of(texts)
    if speaker is not None:
        sides = [speaker]
    else:
        sides = ["agent"] if any(map(named, texts)) else ["agent", "customer"]
    return [_from_turns(texts, side, confidence, spoken_in) for side in sides]


def _from_turns(texts: Sequence[str], speaker: str, confidence: float | None, language: str) -> Make:
    turns = [turn(text, speaker) for text in texts]
    return lambda: spoken(turns, language, recognised=confidence is not None, confidence=confidence or 1.0)


def try_rules(book: Book, make: Callable[[], Call]) -> tuple[list[Tried], list[Excused]]:
    """What the rules say of a call, those on trial and drafts included.

    Args:
        book: the packs that judge it together.
        make: gives the call, as nothing was judged in it yet.
    """
    call, entries = make(), {entry.compiled.name: entry for entry in book.entries}
    running = [rule for status in _STATUSES for rule in in_force(book.packs.rules, day_of(call), status)]
    found = _shown(run_rules(call, running), entries)
    places = {(finding.rule, finding.utterances[:1]) for finding in found}
    excused = [each for rule in running for each in _excused(entries[rule.name], book, (call, make), places)]
    return [Tried(entries[finding.rule], finding) for finding in found], excused


def _shown(found: Sequence[Finding], entries: Mapping[str, Entry]) -> tuple[Finding, ...]:
    """As in a call: without likeness to what the words say already. Only stable rules' words count for that,
    so that a draft hides nothing that is found today."""
    stable = [each for each in found if entries[each.rule].compiled.rule.status == "stable"]
    kept = without_echoes(stable)
    return tuple(each for each in found if each in kept or each not in stable)


def _excused(
    entry: Entry,
    book: Book,
    calls: tuple[Call, Callable[[], Call]],
    places: Container[tuple[str, tuple[int, ...]]],
) -> Iterator[Excused]:
    """What keeps a rule from firing, or from firing in more places, that would without guards and excuses."""
    rule = entry.compiled
    call, make = calls
    bare = run_rules(call, [replace(rule, guards=(), unless=())])
    missed = {each.utterances[:1] for each in bare if (each.rule, each.utterances[:1]) not in places}
    if not missed:
        return
    explained = explain(entry, book, make(), brief=True)
    for part in flat(explained.parts):
        dropped = [heard for heard in part.dropped if (heard.utterance,) in missed]
        yield from (Excused(entry, heard, by_guard=True) for heard in dropped[:1])
    if not explained.findings:
        for excuse in explained.parts:
            if excuse.part.against and excuse.found:
                yield Excused(entry, _telling(excuse), by_guard=False)


def _telling(part: Explained) -> Heard:
    """The evidence of an excuse: of the innermost part that has a place."""
    placed = [heard for inner in flat([part]) for heard in inner.heard if heard.utterance is not None]
    return placed[-1] if placed else part.heard[0]
