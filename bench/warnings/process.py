"""The simulated portfolio: who is called, what is said, who complains. README.md writes the process down."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.warnings.settings import World

DAYS = 390  # the first thirty only bring the portfolio under way
WARM_UP = 30
_CALLS_A_DAY = 0.0386  # of the average debtor: makes six calls each over the days
_COLLECTORS, _CREDITORS = 220, 12
_CHANNELS = np.array([0.28, 0.02, 0.02, 0.03, 0.05, 0.22, 0.03, 0.15, 0.20])  # as CHANNELS in evidence.py
# The year, from the first of October: seasons of complaining, by thirty days. March is consumer-rights month.
_SEASON = np.array([0.9, 1.0, 1.0, 1.2, 1.15, 0.8, 1.6, 1.1, 1.0, 1.05, 0.9, 0.95, 1.0])

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# What can truly be in a call; `found` adds to and takes from it.
MARKS = (
    "critical", "major", "minor", "dispute", "dispute_ignored", "stop_request", "stop_request_ignored",
    "frequency_complaint", "angry", "anxious", "mild", "refusal", "hardship", "vulnerable",
    "vulnerable_ignored", "promise", "fraud", "self_harm", "threat",
)  # fmt: skip


@dataclass(slots=True)
class People:
    """The debtors, one entry each. The first five are never seen by anybody."""

    irritability: Floats
    litigiousness: Floats
    bluster: Floats
    tolerance: Floats  # attempts in a week that the person bears
    wronged: Bools  # the creditor charges wrongly
    vulnerable: Bools
    entered: Ints  # day
    left: Ints
    overdue: Ints  # days, on entering
    amount: Floats
    before: Ints  # complaints before entering
    pace: Floats  # attempts a day
    answers: Floats
    collector: Ints
    creditor: Ints


@dataclass(slots=True)
class Calls:
    """One entry a call, by day. `marks` are (calls, len(MARKS)); `kinds` how many categories of major and
    minor violations; `channel` of a threat."""

    debtor: Ints
    day: Ints
    second: Ints
    attempts: Ints  # in the seven days before
    marks: Bools
    channel: Ints
    complaints_before: Ints


@dataclass(slots=True)
class Portfolio:
    """The whole: people, their calls, and the complaints that arrived (debtor, day, second). `truth` is
    (asked days, debtors): on the mornings of the days asked, how likely each debtor really was to complain;
    1 and more for those who had decided to. Nobody could know it."""

    people: People
    calls: Calls
    complaints: tuple[Ints, Ints, Ints]
    truth: Floats


def make_people(many: int, chance: np.random.Generator) -> People:
    """Draw the debtors."""
    litigious = chance.normal(size=many)
    entered = chance.integers(-180, DAYS - 30, many)
    stays = chance.gamma(2.0, 110.0, many).astype(np.int64) + 10
    bucket = chance.choice(5, many, p=[0.35, 0.25, 0.2, 0.12, 0.08])
    low, high = np.array([5, 31, 91, 181, 366])[bucket], np.array([31, 91, 181, 366, 1200])[bucket]
    return People(
        irritability=chance.normal(size=many),
        litigiousness=litigious,
        bluster=chance.normal(size=many),
        tolerance=chance.gamma(4.0, 2.0, many),
        wronged=chance.random(many) < 0.04,
        vulnerable=chance.random(many) < 0.02,
        entered=entered,
        left=entered + stays,
        overdue=chance.integers(low, high),
        amount=np.round(chance.lognormal(9.0, 1.2, many), 2),
        before=chance.poisson(0.04 * np.exp(0.8 * litigious)),
        # Heavy-tailed: half of all calls go to a tenth of the debtors.
        pace=np.minimum(chance.lognormal(-0.75, 1.25, many), 12.0),
        answers=chance.beta(2.0, 5.0, many),
        collector=chance.integers(0, _COLLECTORS, many),
        creditor=chance.choice(_CREDITORS, many, p=np.arange(_CREDITORS, 0, -1) / 78),
    )


class _State:
    """What changes from day to day."""

    def __init__(self, people: People, chance: np.random.Generator) -> None:
        many = len(people.pace)
        self.grievance = np.zeros(many)
        self.in_hardship = chance.random(many) < 0.08
        self.asked_to_stop = np.zeros(many, dtype=bool)
        self.told_circumstance = np.zeros(many, dtype=bool)
        self.calm_until = np.full(many, -1)  # after a complaint was handled
        self.arrives = np.full(many, -1)  # day on which the complaint decided on arrives; -1: none is
        self.complaints = people.before.copy()
        self.week = np.zeros((7, many), dtype=np.int64)
        self.roughness = chance.beta(0.7, 6.0, _COLLECTORS) * 2.2  # of each collector; few are very rough


def simulate(world: World, debtors: int, seed: int, asked: Sequence[int] = ()) -> Portfolio:
    """Run the days. The same world, number and seed give the same portfolio; `asked` are the days for which
    the truth is wanted."""
    chance = np.random.default_rng(seed)
    people = make_people(debtors, chance)
    state = _State(people, chance)
    calls: list[Calls] = []
    arrived: list[tuple[Ints, Ints]] = []
    truth = []
    for day in range(DAYS):
        active = (people.entered <= day) & (people.left > day)
        if day in asked:
            truth.append(_hazard(world, people, state, active, day) + (state.arrives >= 0))
        state.in_hardship ^= chance.random(debtors) < np.where(state.in_hardship, 1 / 150, 1 / 1800)
        attempts, answered = _dial(people, state, active, day, chance)
        todays = _talk(world, people, state, answered, day, chance)
        calls.append(todays)
        _aggrieve(world, people, state, todays, attempts)
        decided = np.flatnonzero(_decides(world, people, state, active, day, chance))
        state.arrives[decided] = day + 1 + chance.lognormal(2.0, 0.8, len(decided)).astype(np.int64)
        who = np.flatnonzero(state.arrives == day)
        state.arrives[who] = -1
        state.complaints[who] += 1
        state.grievance[who] *= 0.3
        state.calm_until[who] = day + 60
        arrived.append((who, np.full(len(who), day)))
    who, on = (np.concatenate(part) for part in zip(*arrived, strict=True))
    seconds = chance.integers(8 * 3600, 20 * 3600, len(who))
    return Portfolio(people, _joined(calls), (who, on, seconds), np.array(truth))


def _dial(
    people: People, state: _State, active: Bools, day: int, chance: np.random.Generator
) -> tuple[Ints, Ints]:
    weekly = 0.35 if day % 7 >= 5 else 1.0
    overdue = people.overdue + day - people.entered
    rate = people.pace * weekly * active * (1.0 + 0.3 * np.sin(overdue / 60.0))
    rate *= np.where(state.asked_to_stop, 0.6, 1.0)
    attempts = chance.poisson(rate * _CALLS_A_DAY * 5.6)
    wary = 1.0 / (1.0 + 0.15 * state.grievance)
    return attempts, np.minimum(chance.binomial(attempts, people.answers * wary), 3)


def _talk(
    world: World, people: People, state: _State, answered: Ints, day: int, chance: np.random.Generator
) -> Calls:
    who = np.repeat(np.arange(len(answered)), answered)
    many = len(who)
    true = {name: np.zeros(many, dtype=bool) for name in MARKS}

    def happens(rate: Floats | float) -> Bools:
        return np.asarray(chance.random(many) < rate)

    heat = world.frank * np.log1p(state.grievance[who]) + 0.45 * people.irritability[who]
    hard, wronged, week = state.in_hardship[who], people.wronged[who], state.week.sum(axis=0)[who]
    true["refusal"] = happens(_logistic(-3.2 + 0.5 * heat + 0.8 * hard))
    true["hardship"] = happens(np.where(hard, 0.45, 0.03))
    true["promise"] = happens(np.where(hard, 0.15, 0.3))
    true["dispute"] = happens(np.where(wronged, 0.4, 0.03))
    true["fraud"] = happens(0.004)
    true["vulnerable"] = happens(np.where(people.vulnerable[who], 0.4, 0.004))
    true["self_harm"] = happens(np.where(hard, 0.0008, 0.00005))
    true["stop_request"] = happens(_logistic(-4.6 + 0.9 * heat))
    true["frequency_complaint"] = happens(
        _logistic(-5.0 + 0.7 * heat + 0.12 * (week - people.tolerance[who]))
    )
    mood = heat + chance.normal(size=many)
    true["angry"] = mood > 2.6
    true["anxious"] = happens(np.where(hard, 0.15, 0.01)) & ~true["angry"]
    true["mild"] = (mood > 1.5) & ~true["angry"]
    idle = -5.6 + 0.9 * heat + world.bluster * people.bluster[who] + 0.25 * people.litigiousness[who]
    true["threat"] = happens(_logistic(idle)) | ((state.arrives[who] >= 0) & happens(world.announced))
    rough = state.roughness[people.collector[who]] * (1.0 + 0.8 * true["refusal"] + 0.6 * true["angry"])
    true["critical"] = happens(0.025 * rough)
    true["major"] = happens(0.16 * rough)
    true["minor"] = happens(0.06 + 0.15 * rough)
    true["dispute_ignored"] = true["dispute"] & happens(np.minimum(0.15 + 0.4 * rough, 0.9))
    true["stop_request_ignored"] = (state.asked_to_stop[who] | true["stop_request"]) & happens(
        np.minimum(0.1 + 0.4 * rough, 0.9)
    )
    told = true["vulnerable"] | state.told_circumstance[who]
    true["vulnerable_ignored"] = told & happens(np.minimum(0.05 + 0.3 * rough, 0.8))
    state.asked_to_stop[who[true["stop_request"]]] = True
    state.told_circumstance[who[true["vulnerable"]]] = True
    return Calls(
        debtor=who,
        day=np.full(many, day),
        second=chance.integers(8 * 3600, 21 * 3600, many),
        attempts=week,
        marks=np.column_stack([true[name] for name in MARKS]) if many else np.zeros((0, len(MARKS)), bool),
        channel=chance.choice(len(_CHANNELS), many, p=_CHANNELS),
        complaints_before=state.complaints[who].copy(),
    )


def _logistic(value: Floats) -> Floats:
    share: Floats = 1.0 / (1.0 + np.exp(-value))
    return share


def _aggrieve(world: World, people: People, state: _State, calls: Calls, attempts: Ints) -> None:
    """Grievances fade, and grow with what was done: more in the irritable."""
    marks = dict(zip(MARKS, calls.marks.T, strict=True))
    hurt = world.conduct * (3.0 * marks["critical"] + 1.0 * marks["major"] + 0.15 * marks["minor"])
    hurt += world.conduct * (1.2 * marks["stop_request_ignored"] + 2.0 * marks["vulnerable_ignored"])
    hurt += world.dispute * (marks["dispute"] + 1.5 * marks["dispute_ignored"])
    hurt += world.hardship * state.in_hardship[calls.debtor]
    state.week = np.roll(state.week, 1, axis=0)
    state.week[0] = attempts
    beyond = np.maximum(state.week.sum(axis=0) - people.tolerance, 0) * (attempts > 0)
    added = np.bincount(calls.debtor, weights=hurt, minlength=len(attempts)) + world.attempts * beyond
    state.grievance *= 0.5 ** (1 / world.half_life)
    state.grievance += added * np.exp(0.5 * people.irritability)


def _decides(
    world: World, people: People, state: _State, active: Bools, day: int, chance: np.random.Generator
) -> Bools:
    """Whether each debtor makes up their mind today to complain. Those who have left may still do so."""
    hazard = _hazard(world, people, state, active, day)
    free = (people.entered <= day) & (state.arrives < 0)
    return np.asarray((chance.random(len(hazard)) < 1.0 - np.exp(-hazard)) & free)


def _hazard(world: World, people: People, state: _State, active: Bools, day: int) -> Floats:
    square = state.grievance**2
    driven = world.aggrieved * square / (square + world.half_aggrieved**2)
    years = (people.overdue + np.clip(day - people.entered, 0, None)) / 365
    background = world.background * (1 + world.by_overdue * years) * np.where(active, 1.0, 0.2)
    # A creditor's wrong charges come out in two months of the year, each creditor's in its own.
    coming_out = ((day // 30 + people.creditor) % 6 == 0) & people.wronged & active
    hazard = driven * np.exp(world.litigious * people.litigiousness) + background
    hazard += world.creditor_errors * coming_out
    season = _SEASON[min(day // 30, len(_SEASON) - 1)]
    return np.asarray(hazard * season * np.where(day < state.calm_until, 0.5, 1.0))


def _joined(calls: list[Calls]) -> Calls:
    def all_of(name: str) -> npt.NDArray[np.generic]:
        return np.concatenate([getattr(each, name) for each in calls])

    return Calls(**{name: all_of(name) for name in Calls.__slots__})  # type: ignore[arg-type]
