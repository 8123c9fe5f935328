"""Why a rule fired on a call, or why not: its conditions as a tree, each with what it found there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz.fuzz import partial_ratio

from qc.call import Call
from qc.compile import CompiledRule
from qc.conditions import across, base
from qc.conditions.base import Scope
from qc.conditions.record import FactHolds
from qc.evaluate import run_rules
from qc.facts import local_time
from qc.findings import Finding
from qc.force import in_force
from qc.hits import Hit
from qc.language.base import GuardName
from qc.language.jsonschema import MEANINGS
from qc.language.phrase import Choice, Literal, Sequence_
from qc.parties import relation_of
from qc.trust import ROLE_TRUST
from qc.workbench.book import Book, Entry
from qc.workbench.likeness import Likeness, likest
from qc.workbench.outline import Part, outline
from qc.workbench.text import Text
from transcription.types import Speaker

NEAR = 50  # percent of likeness from which a sentence is worth showing as the nearest to a phrase


@dataclass(frozen=True, slots=True)
class Heard:
    """Evidence of one part: the utterance (None for the whole call), who said what there, what it was matched
    to and how (0..1 sure). `guard` names the guard that took it away."""

    utterance: int | None
    speaker: Speaker | None
    text: Text
    matched: str
    how: str
    confidence: float
    sure: bool
    guard: GuardName | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """One part of the rule, and what it found. `dropped` was matched and excused by a guard, `elsewhere` said
    by another or outside the window, `nearest` is the utterance most like a phrase that was not found,
    `measured` what the record says of a fact that does not hold, `likeness` how like a bank the likest turn
    is."""

    part: Part
    heard: tuple[Heard, ...]
    dropped: tuple[Heard, ...] = ()
    elsewhere: tuple[Heard, ...] = ()
    nearest: Heard | None = None
    measured: Text | None = None
    likeness: Likeness | None = None
    parts: tuple["Explained", ...] = ()

    @property
    def found(self) -> bool:
        """Whether the part was found anywhere."""
        return bool(self.heard)


@dataclass(frozen=True, slots=True)
class Explanation:
    """`hindrances` are reasons why the rule does not judge this call at all, `doubts` why a person decides
    about what it found."""

    entry: Entry
    findings: tuple[Finding, ...]
    hindrances: tuple[Text, ...]
    doubts: tuple[Text, ...]
    parts: tuple[Explained, ...]


def explain(entry: Entry, book: Book, call: Call, *, brief: bool = False) -> Explanation:
    """Why the rule fires on the call, or does not. Nothing was judged in the call yet. `brief` leaves out
    what was said elsewhere and what came nearest."""
    rule, day = entry.compiled, day_of(call)
    if rule.second:
        first = [other for other in in_force(book.packs.rules, day, "stable") if other.stage < rule.stage]
        run_rules(call, first)
    scope = Scope(rule.side, rule.rule.where, rule.guards, rule.grave)
    parts = tuple(
        _explained(part, call, Scope(rule.side) if part.against else scope, brief)
        for part in outline(rule, book.source)
    )
    findings = run_rules(call, [rule])
    return Explanation(
        entry,
        findings,
        tuple(_hindrances(rule, book, call, day)),
        tuple(_doubts(rule, call)) if any(finding.status == "unsure" for finding in findings) else (),
        parts,
    )


def day_of(call: Call) -> date | None:
    """The day of the call on the customer's clock, if it is known."""
    local = local_time(call.record, call.zone)
    return local.date() if local else None


def _hindrances(rule: CompiledRule, book: Book, call: Call, day: date | None) -> Iterator[Text]:
    status = rule.rule.status
    if rule.language != call.language:
        yield Text(
            f"规则用于 {rule.language} 通话，本通为 {call.language}",
            f"the rule is for calls in {rule.language}; this one is in {call.language}",
        )
    if status in ("draft", "deprecated"):
        yield Text(f"规则状态为 {status}，不运行", f"the rule is {status} and does not run")
    elif not rule.in_force(day):
        when = str(day or "?")
        yield Text(f"通话当日（{when}）规则未生效", f"it is not in force on the day of the call ({when})")
    elif rule not in in_force(book.packs.rules, day, status):
        yield Text("当日由更新的版本判断", "a newer version judges the calls of that day")
    where, record = rule.rule.where, call.record
    if where.direction is not None and record.direction not in (None, where.direction):
        way = f"{where.direction} / {record.direction}"
        yield Text(f"呼叫方向不符：{way}", f"another direction is wanted: {way}")
    relation = relation_of(record)
    if (where.relation is not None and relation not in where.relation) or relation in (
        where.not_relation or ()
    ):
        yield Text(f"不看这种接听人：{relation}", f"it does not look at calls to a {relation}")


def _doubts(rule: CompiledRule, call: Call) -> Iterator[Text]:
    """Why what the rule finds in this call may be unsure, beside the evidence itself."""
    if not rule.rule.certain:
        yield Text(
            "规则写明一律由人工判断（certain: false）", "the rule leaves it to a person (certain: false)"
        )
    if rule.rule.where.direction is not None and call.record.direction is None:
        yield Text("呼叫方向未知", "the direction of the call is unknown")
    if rule.dated and call.record.started_at is None:
        yield Text(
            "通话时间未知，不知规则当日是否生效", "the time of the call is unknown, and the rule is dated"
        )
    if any(said.role_trust < ROLE_TRUST or said.speaker == "unknown" for said in call.utterances):
        yield Text("说话人不确定", "who spoke is not sure")


def _explained(part: Part, call: Call, scope: Scope, brief: bool) -> Explained:
    if part.against:
        scope = scope.strict().unguarded()
    bare: base.Condition = part.runs
    inner = scope
    while isinstance(bare, base.Placed):
        inner = bare.scope(inner)
        bare = bare.inner
    heard = tuple(_heard(hit, call) for hit in part.runs.find(call, scope).all())
    if part.parts:
        missing = isinstance(bare, across.Absent | across.Nowhere)
        inside = inner.strict().unguarded() if missing else inner
        return Explained(
            part, heard, parts=tuple(_explained(child, call, inside, brief) for child in part.parts)
        )
    if part.condition.kind not in ("phrase", "regex", "like"):
        return Explained(part, heard, measured=None if heard else _measured(bare, call))
    if part.condition.kind == "like":
        return Explained(part, heard, likeness=None if brief else likest(bare, call, inner))
    dropped = tuple(_dropped(bare, call, inner))
    if heard or dropped or brief:
        return Explained(part, heard, dropped)
    elsewhere = tuple(_heard(hit, call) for hit in bare.find(call, Scope("any")).all())
    nearest = None if elsewhere or part.against else _nearest(bare, call, inner)
    return Explained(part, (), (), elsewhere, nearest)


def _measured(bare: base.Condition, call: Call) -> Text | None:
    if not isinstance(bare, FactHolds):
        return None
    judged = bare.judged(call)
    if judged is None:
        return Text("记录没有说明，无法判断", "the record does not say, so that nobody can judge it")
    return Text(*judged.measured) if judged.measured[0] else None


def _dropped(bare: base.Condition, call: Call, scope: Scope) -> Iterator[Heard]:
    """What was matched but taken away by guards, each with the first guard that does."""
    if not scope.guards:
        return
    kept = bare.find(call, scope).all()
    for hit in bare.find(call, scope.unguarded()).all():
        if hit not in kept:
            alone = (
                name
                for name in scope.guards
                if hit not in bare.find(call, replace(scope, guards=(name,))).all()
            )
            yield replace(_heard(hit, call), guard=next(alone, None))


def _heard(hit: Hit, call: Call) -> Heard:
    if hit.utterance is None:
        text = Text(*hit.measured) if hit.measured[0] else Text(hit.matched, hit.matched)
        return Heard(None, None, text, hit.matched, hit.how, hit.confidence, hit.sure)
    said = call.utterances[hit.utterance]
    words = said.text
    if hit.span is not None:
        start, end = call.texts[hit.utterance].raw_span(*hit.span)
        words = said.text[start:end]
    text = Text(*hit.measured) if hit.measured[0] else Text(words, words)
    return Heard(hit.utterance, said.speaker, text, hit.matched, hit.how, hit.confidence, hit.sure)


def _nearest(bare: base.Condition, call: Call, scope: Scope) -> Heard | None:
    """The utterance in the window that is most like one of the phrases."""
    patterns = getattr(bare, "patterns", ())
    phrases = (getattr(pattern, "phrase", None) for pattern in patterns)
    wanted = [text for phrase in phrases if phrase is not None and (text := _spelling(phrase.tree))]
    window = call.window(scope.side, scope.where)
    alike = ((partial_ratio(text, call.texts[at].text), -at, text) for at in window for text in wanted)
    likeness, place, text = max(alike, default=(0.0, 0, ""))
    if likeness < NEAR:
        return None
    said = call.utterances[-place]
    words = Text(said.text, said.text)
    return Heard(-place, said.speaker, words, text, "likeness", round(likeness / 100, 2), False)


def _spelling(tree: Sequence_) -> str:
    """The phrase in its first spelling, without its gaps."""
    out = ""
    for piece in tree.parts:
        if isinstance(piece, Literal):
            out += piece.text
        elif isinstance(piece, Choice) and piece.options:
            out += _spelling(piece.options[0])
    return out


def guard_words(name: GuardName | None) -> Text:
    """Why a guard takes words away, in a few words."""
    return Text(*MEANINGS["Excuse"][name]) if name in MEANINGS["Excuse"] else Text("?", "?")


def flat(parts: Sequence[Explained]) -> Iterator[Explained]:
    """Every part, those inside after the one around them."""
    for part in parts:
        yield part
        yield from flat(part.parts)
