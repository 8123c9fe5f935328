"""Promises to pay in a conversation: what the customer offers, agrees to, corrects and takes back. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import ModuleType

from qc.extract import chinese_speech, english_speech
from qc.extract.facts import Promise
from qc.extract.merging import Draft, add
from qc.extract.speech import Ask, Mood
from qc.extract.terms import Terms, read_terms, together
from qc.extract.when import When
from transcription.text.numbers import find_numbers
from transcription.types import Speaker

_SENTENCE = re.compile(r"(?:[^。?!;\n.]|\.(?!\s|$))+(?:[。?!;\n]|\.(?=\s|$))*")
_SHORT_ANSWER = 2  # characters beside the terms that an answer without a verb may have
_SHORT_TURN = 6  # characters of a turn of the agent that asks nothing


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance, folded. `sure`: the words and who said them can be trusted."""

    id: int
    speaker: Speaker
    text: str
    sure: bool = True


@dataclass(slots=True)
class _Open:
    """What the agent last left to be answered: proposed terms, and what was asked for (`frame`: how much on
    that day)."""

    proposed: list[Terms] = field(default_factory=list)
    utterance: int | None = None
    requested: bool = False
    asked: bool = False
    more: bool = False
    frame: When | None = None


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with its end."""
    return [match.group().strip() for match in _SENTENCE.finditer(text) if match.group().strip()]


def read_promises(
    turns: Sequence[Turn], language: str, today: date | None, currency: str
) -> tuple[Promise, ...]:
    """The promises of a call in the order in which they were first made, those taken back included.

    Args:
        turns: what was said, by whom.
        language: `zh` or `en`.
        today: the day of the call; without it, words that name a day by it (明天) have no date.
        currency: of sums that name none.
    """
    reader = _Reader(language, today)
    for turn in turns:
        if turn.speaker == "agent":
            reader.agent(turn)
        else:
            reader.customer(turn)
    return tuple(draft.promise(currency) for draft in reader.drafts)


class _Reader:
    def __init__(self, language: str, today: date | None) -> None:
        self.language = "en" if language == "en" else "zh"
        self.today = today
        self.speech: ModuleType = english_speech if language == "en" else chinese_speech
        self.drafts: list[Draft] = []
        self.open = _Open()

    def agent(self, turn: Turn) -> None:
        """Remember what is asked and proposed, and whether an offer is taken or turned down."""
        earlier, self.open = self.open, _Open()
        answered = money = asked = False
        for sentence in sentences(turn.text):
            asks: Ask = self.speech.ask(sentence)
            groups = self._agent_terms(sentence, asks)
            self.open.requested |= asks.pays and asks.proposes
            asked = asked or asks.when or asks.amount
            money = money or asks.money
            if asks.amount and len(groups) == 1:
                self.open.frame = groups[0].when
            self.open.more |= asks.more
            known = asks.settles and any(draft.fits(terms) for draft in self.drafts for terms in groups)
            complete = any(terms.sum and terms.when for terms in groups)
            if groups and asks.proposes and (asks.pays or known or complete):
                self.open.proposed += groups
                self.open.utterance = turn.id
            answered |= self._answer_offer(groups, asks)
        self.open.asked = money and asked
        if not answered and not self.open.proposed and not self.open.asked and len(turn.text) <= _SHORT_TURN:
            self.open = earlier  # 嗯, 您说: the question still stands

    def _agent_terms(self, sentence: str, asks: Ask) -> list[Terms]:
        dead = [
            (first, last)
            for first, last in self.speech.clauses(sentence)
            if self.speech.past(sentence[first:last])
        ]
        return read_terms(sentence, self.language, self.today, loose=asks.pays or asks.settles, dead=dead)

    def _answer_offer(self, groups: Sequence[Terms], asks: Ask) -> bool:
        """The agent says the customer's terms again, or takes the offer up."""
        offered = [draft for draft in self.drafts if draft.condition == "accepted" and not draft.withdrawn]
        for draft in offered:
            if any(draft.fits(terms) for terms in groups) and not asks.rejects:
                draft.condition = None
                draft.certain = draft.sure
                return True
        return False

    def customer(self, turn: Turn) -> None:
        """Take up what is promised in one utterance."""
        accepted = mended = False
        own: list[tuple[Terms, Mood]] = []
        for sentence in sentences(turn.text):
            spans = self.speech.clauses(sentence)
            moods = [self.speech.mood(sentence[first:last]) for first, last in spans]
            if any(mood.denies for mood in moods):
                self._withdraw()
                accepted, own, self.open = False, [], _Open()
                continue
            if moods and moods[0].accepts and not own:
                accepted = (
                    accepted
                    or bool(self.open.proposed)
                    or (self.open.requested and all(mood.accepts for mood in moods))
                )
                self._weakly = moods[0].weakly
            if self._drops(moods):
                if any(mood.negative for mood in moods) and not accepted:
                    self.open = replace(self.open, proposed=[], asked=True)
                elif any(mood.vague for mood in moods):
                    accepted = False
                continue
            mended = mended or (bool(self.open.proposed) and self.speech.corrects(sentence))
            said = self._own(sentence, spans, moods, bool(own) or accepted)
            if own and len(said) == 1 and self.speech.corrects(sentence):
                said = [(_filled(said[0][0], [own.pop()[0]]), said[0][1])]
            own += said
        self._take(own, accepted, turn, filled=accepted or mended)

    _weakly = False

    def _drops(self, moods: Sequence[Mood]) -> bool:
        """Whether nothing in the sentence can be a promise."""
        left_open = any(mood.vague for mood in moods) and not (moods[-1].pays and not moods[-1].vague)
        return all(_is_dead(mood) for mood in moods) or left_open

    def _own(
        self,
        sentence: str,
        spans: Sequence[tuple[int, int]],
        moods: Sequence[Mood],
        going_on: bool,
    ) -> list[tuple[Terms, Mood]]:
        """The payments that the customer names in one sentence, each with the mood of all of it."""
        last_past = max((at for at, mood in enumerate(moods) if mood.past or mood.vague), default=-1)
        alive = [at for at, mood in enumerate(moods) if at > last_past and not _is_dead(mood)]
        if not alive:
            return []
        dead = [span for at, span in enumerate(spans) if at not in alive]
        whole = _joined([moods[at] for at in alive])
        waiting = self.open.asked or bool(self.open.proposed)
        groups = read_terms(
            sentence, self.language, self.today, loose=whole.pays or waiting or going_on, dead=dead
        )
        dated = any(terms.when is not None for terms in groups)
        if whole.question and not whole.offers:
            return []
        if whole.pays and whole.done and not dated and not (waiting or whole.offers or self.open.requested):
            return []
        if whole.pays:
            return [(terms, whole) for terms in groups or self._without_terms(sentence, whole)]
        used = [
            (token.start, token.end)
            for terms in groups
            for token in (terms.sum, terms.when, terms.part_of_day)
            if token
        ]
        if self.speech.left_over(sentence, [*used, *dead]) > _SHORT_ANSWER:
            return []
        restated = any(draft.fits(terms) for terms in groups for draft in self.drafts)
        named = [terms for terms in groups if terms.sum or terms.when or self.open.asked]
        return [(terms, whole) for terms in named] if waiting or going_on or restated else []

    def _without_terms(self, sentence: str, whole: Mood) -> list[Terms]:
        """A promise that names neither day nor sum: on pay day, or plainly meant."""
        span: tuple[int, int] | None = (
            self.speech.waits_for(sentence) if whole.condition in ("payday", "income") else None
        )
        if span is not None:
            return [Terms(when=When(span[0], span[1], sentence[span[0] : span[1]]))]
        return [Terms()] if whole.strong else []

    def _take(self, own: Sequence[tuple[Terms, Mood]], accepted: bool, turn: Turn, *, filled: bool) -> None:
        """Add what was promised: own terms, filled up by those agreed to, or the latter alone."""
        proposed = self.open.proposed
        if accepted and not own:
            for terms in proposed or [Terms()]:
                bare = not proposed
                draft = Draft.of(terms, "agent", (self.open.utterance, turn.id) if proposed else (turn.id,))
                draft.certain = draft.sure = turn.sure and not bare and not self._weakly
                add(self.drafts, draft, more=len(proposed) > 1 or self.open.more, confirmed=True)
        for named, mood in own:
            terms = _filled(named, proposed) if filled and len(proposed) == 1 else named
            whole = replace(terms, when=self.open.frame) if len(own) == 1 and terms.time is None else terms
            self._add_own(whole, mood, turn, more=len(own) > 1 or self.open.more)
        self.open = _Open()

    def _add_own(self, terms: Terms, mood: Mood, turn: Turn, *, more: bool) -> None:
        draft = Draft.of(terms, "customer", (turn.id,))
        draft.sure = turn.sure
        draft.condition = mood.condition
        if mood.offers and mood.condition is None:
            draft.condition = "accepted"
        draft.certain = (
            turn.sure and not mood.hedged and draft.condition not in ("if", "accepted") and bool(terms)
        )
        draft.time = _time_of_day(turn.text, self.language, self.today)
        add(self.drafts, draft, more=more, confirmed=False)

    def _withdraw(self) -> None:
        for draft in self.drafts:
            draft.withdrawn = True


def _is_dead(mood: Mood) -> bool:
    """Whether a clause promises nothing whatever it names."""
    return mood.negative or mood.past or mood.quoted or mood.asks


def _joined(moods: Sequence[Mood]) -> Mood:
    """The mood of several clauses together."""
    first = moods[0]

    def some(name: str) -> bool:
        return any(getattr(mood, name) for mood in moods)

    conditions = [mood.condition for mood in moods if mood.condition]
    return replace(
        first,
        pays=some("pays"),
        strong=some("strong"),
        done=some("done"),
        hedged=some("hedged"),
        question=moods[-1].question,
        offers=some("offers"),
        condition="if" if "if" in conditions else conditions[0] if conditions else None,
    )


def _filled(terms: Terms, proposed: Sequence[Terms]) -> Terms:
    """The customer's own terms, and what they leave open from the terms that they agreed to."""
    offered = proposed[0]
    when = terms.when or terms.part_of_day
    if when is not None and offered.when is not None and together(when, offered.when) is not None:
        when = together(when, offered.when)
    return replace(
        terms,
        sum=terms.sum or offered.sum,
        when=when or offered.when,
        part_of_day=terms.part_of_day or offered.part_of_day,
        instalments=terms.instalments or offered.instalments,
    )


def _time_of_day(text: str, language: str, today: date | None) -> str | None:
    """The one time of day that was named, if it can be told."""
    times = [number.value for number in find_numbers(text, language, today) if number.kind == "time"]
    return times[0] if len(times) == 1 and "/" not in times[0] else None
