"""What the page shows, worked out from a result object: the template only lays it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api import words
from api.clause import Clause
from api.masking import masked
from api.report.facts import FactLine, fact_lines
from api.report.timeline import clock
from api.words import Words

HEARD_POORLY = 0.6  # below this confidence an utterance is marked as heard poorly


@dataclass(frozen=True, slots=True)
class RuleText:
    """What the packs say about a rule beyond its finding."""

    title: Words
    advice: Words | None = None
    cite: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters and the numbers of the findings it is evidence for."""

    text: str
    numbers: tuple[int, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a language model said of a finding: advice, which decides nothing."""

    view: Words
    reason: str
    model: str


@dataclass(frozen=True, slots=True)
class HeardAgain:
    """What a second hearing of a finding's clip said: each reading once, and the engine that heard."""

    outcome: Words
    readings: tuple[str, ...]
    engine: str


@dataclass(frozen=True, slots=True)
class Card:
    """One finding, ready to show."""

    number: int
    data: Mapping[str, Any]
    category: Words
    severity: Words
    certainty: Words
    speaker: Words
    how: Words
    time: str
    heard: str
    matched: str
    why: str
    rule: RuleText | None
    again: HeardAgain | None
    opinion: Opinion | None
    attributes: tuple[tuple[Words, Words], ...]

    @property
    def cites(self) -> list[Clause]:
        """The clauses that the finding rests on."""
        given: Sequence[str] = self.data["cite"]
        known = {clause.source: clause for clause in (self.rule.cite if self.rule else ())}
        return [known.get(source, Clause(source)) for source in given]


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance, ready to show. `numbers` are as spoken and as normalised, where the two differ."""

    id: int
    speaker_key: str
    speaker: Words
    start: float
    end: float
    time: str
    segments: tuple[Segment, ...]
    tags: tuple[Card, ...]
    numbers: tuple[tuple[str, str], ...]
    confidence: float
    heard_poorly: bool
    doubts: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """The page's content besides its drawing and sound."""

    title: str
    facts: list[tuple[Words, str | Words]]
    status: Words
    band: Words
    tone: str
    score: str
    level: Words
    priority: Words | None
    cards: tuple[Card, ...]
    lines: tuple[Line, ...]
    reasons: tuple[tuple[str, str], ...]
    deductions: tuple[tuple[str, Words, float], ...]
    facts_heard: tuple[FactLine, ...] = ()
    ticket_reasons: tuple[str, ...] = ()
    indicators: tuple[tuple[str, float, str], ...] = field(default=())

    def of_kind(self, kind: str) -> list[Card]:
        """The findings of one kind, in order."""
        return [card for card in self.cards if card.data["kind"] == kind]

    @property
    def unsure(self) -> int:
        """How many findings wait for a person."""
        return sum(card.data["status"] == "unsure" for card in self.cards)


def build(result: Mapping[str, Any], rules: Mapping[str, RuleText]) -> View:
    """Works the page out of a result object and the rules' own words (by `id@version`). Personal data is
    hidden."""
    result = masked(result)
    cards = tuple(_card(i, finding, rules) for i, finding in enumerate(result["findings"], start=1))
    ticket, warning, score = result["ticket"], result["warning"], result["score"]
    titles = {card.data["rule"]: card.category for card in cards}
    return View(
        title=result["call"].get("external_id") or "—",
        facts=_facts(result),
        status=words.named(words.STATUSES, result["status"]),
        band=words.conduct(result["status"], score["band"]),
        tone=words.tone(score["band"]),
        score=f"≤ {score['total']}" if result["status"] == "unjudged" else str(score["total"]),
        level=words.named(words.LEVELS, warning["level"] if warning else "none"),
        priority=words.named(words.PRIORITIES, ticket["priority"]) if ticket else None,
        cards=cards,
        lines=tuple(_line(utterance, cards) for utterance in result["transcript"]["utterances"]),
        reasons=tuple(_split(reason) for reason in result["reasons"]),
        deductions=tuple(
            (taken["rule"], titles.get(taken["rule"], Words(taken["rule"], taken["rule"])), taken["points"])
            for taken in score["deductions"]
        ),
        facts_heard=fact_lines(result.get("facts", ())),
        ticket_reasons=tuple(ticket["reasons"]) if ticket else (),
        indicators=tuple((i["name"], i["points"], i["because"]) for i in warning["indicators"])
        if warning
        else (),
    )


def _split(reason: str) -> tuple[str, str]:
    code, _, sentence = reason.partition(": ")
    return code, sentence


def _card(number: int, finding: Mapping[str, Any], rules: Mapping[str, RuleText]) -> Card:
    return Card(
        number=number,
        data=finding,
        category=words.named(words.CATEGORIES, finding["category"]),
        severity=words.named(words.SEVERITIES, finding["severity"]),
        certainty=words.named(words.CERTAINTY, finding["status"]),
        speaker=words.named(words.SPEAKERS, finding["speaker"]),
        how=words.named(words.HOW, finding["how"]),
        time=clock(finding["start"]),
        heard=finding["heard"],
        matched=finding["matched"],
        why=finding["why"],
        rule=rules.get(finding["rule"]),
        again=_heard_again(finding.get("second_hearing")),
        opinion=_opinion(finding.get("advice")),
        attributes=tuple(_attribute(*each) for each in finding["attributes"].items()),
    )


def _attribute(name: str, value: str) -> tuple[Words, Words]:
    named = words.named(words.ATTRIBUTES, name)
    return named, words.named(words.ATTRIBUTE_VALUES, value)


def _opinion(advice: Mapping[str, Any] | None) -> Opinion | None:
    if advice is None:
        return None
    return Opinion(words.named(words.ADVICE, advice["view"]), advice["reason"], advice["model"])


def _heard_again(heard: Mapping[str, Any] | None) -> HeardAgain | None:
    if heard is None:
        return None
    readings = tuple(dict.fromkeys(heard["heard_again"]))
    outcome = words.named(words.SECOND_HEARING, heard["outcome"])
    return HeardAgain(outcome, readings, f"{heard['engine']} · {heard['model']}")


def _line(utterance: Mapping[str, Any], cards: Sequence[Card]) -> Line:
    mine = tuple(card for card in cards if utterance["id"] in card.data["utterances"])
    is_machine = utterance.get("kind") == "announcement"
    return Line(
        id=utterance["id"],
        speaker_key="machine" if is_machine else utterance["speaker"],
        speaker=words.MACHINE if is_machine else words.named(words.SPEAKERS, utterance["speaker"]),
        start=utterance["start"],
        end=utterance["end"],
        time=clock(utterance["start"]),
        segments=segments(utterance["text"], mine),
        tags=mine,
        numbers=_numbers(utterance.get("numbers", ())),
        confidence=utterance["confidence"],
        heard_poorly=utterance["confidence"] < HEARD_POORLY or bool(utterance.get("doubts")),
        doubts=tuple(words.named(words.DOUBTS, doubt) for doubt in utterance.get("doubts", ())),
    )


def _numbers(found: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    shown = []
    for number in found:
        told = f"{'≈ ' if number['approximate'] else ''}{number['value']} {number['unit'] or ''}".strip()
        if told != number["text"]:
            shown.append((number["text"], told))
    return tuple(shown)


def segments(text: str, cards: Sequence[Card]) -> tuple[Segment, ...]:
    """Cuts a line where evidence begins and ends."""
    at: list[list[Card]] = [[] for _ in text]
    for card in cards:
        heard = card.data["heard"]
        place = text.find(heard) if heard else -1
        for i in range(place, place + len(heard)) if place >= 0 else ():
            at[i].append(card)
    runs = []
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or at[i] != at[start]:
            numbers = tuple(card.number for card in at[start])
            kinds = {card.data["kind"] for card in at[start]}
            kind = "violation" if "violation" in kinds else "signal" if kinds else ""
            runs.append(Segment(text[start:i], numbers, kind))
            start = i
    return tuple(runs)


def _facts(result: Mapping[str, Any]) -> list[tuple[Words, str | Words]]:
    call = result["call"]
    agent, customer, case = (call.get(part) or {} for part in ("agent", "customer", "case"))
    started = call.get("started_at")
    duration = call.get("duration_s")
    facts: list[tuple[Words, str | Words | None]] = [
        (Words("开始时间", "Started"), started.replace("T", " ") if started else Words("未知", "Unknown")),
        (Words("时长", "Length"), clock(duration) if duration is not None else None),
        (Words("方向", "Direction"), _optional(words.DIRECTIONS, call.get("direction"))),
        (Words("坐席", "Agent"), _joined(agent, "name", "id", "team")),
        (Words("客户", "Customer"), _joined(customer, "name", "id")),
        (Words("号码", "Number"), _text(customer.get("number"))),
        (Words("与债务人关系", "Relation"), _optional(words.RELATIONS, customer.get("relation"))),
        (Words("委托方", "Client"), case.get("client")),
        (Words("案件", "Case"), case.get("id")),
        (
            Words("欠款", "Amount due"),
            _joined(case, "amount_due", "currency") if case.get("amount_due") else None,
        ),
        (Words("逾期天数", "Days overdue"), _text(case.get("days_overdue"))),
        (Words("此前投诉", "Complaints before"), _text(case.get("complaints_before"))),
        (Words("角色依据", "Roles"), _roles(result["transcript"].get("roles"))),
    ]
    return [(name, value) for name, value in facts if value]


def _roles(roles: Mapping[str, Any] | None) -> Words | None:
    if roles is None:
        return None
    zh, en = words.named(words.ROLES_HOW, roles["how"])
    who = " · ".join(str(roles[key]).replace("T", " ") for key in ("by", "at") if roles[key])
    return Words(f"{zh} · {who}", f"{en} · {who}") if who else Words(zh, en)


def _optional(table: dict[str, Words], value: str | None) -> Words | None:
    return words.named(table, value) if value else None


def _joined(part: Mapping[str, Any], *keys: str) -> str | None:
    return " · ".join(str(part[key]) for key in keys if part.get(key)) or None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
