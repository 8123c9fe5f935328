"""The settings of the simulated world, and worlds that go otherwise (README.md says what they mean)."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class World:
    """What drives people, and how well it is heard. Rates are a day and a debtor unless said otherwise."""

    name: str
    # How people come to complain.
    background: float = 1.4e-5  # without any cause in a call: texts, visits, relatives, hired complainers
    aggrieved: float = 2.4e-3  # of somebody thoroughly aggrieved
    half_aggrieved: float = 2.2  # grievance at which half of that is reached
    litigious: float = 0.9  # how much the (unseen) readiness to go to an authority matters
    by_overdue: float = 0.0  # further hazard for each year overdue, as a share of the background
    creditor_errors: float = 1.5e-3  # of debtors whose creditor charged wrongly, in the months it comes out
    # What grievances are made of.
    conduct: float = 1.0  # weight of what collectors do wrong
    hardship: float = 0.5  # of being pressed in hardship
    attempts: float = 0.03  # of each attempt in a week beyond what the person bears
    dispute: float = 0.6  # of each call about a debt in dispute
    half_life: float = 25.0  # days in which half of a grievance is forgotten
    # What of it is said in calls.
    frank: float = 1.0  # how much a grievance shows in what is said
    announced: float = 0.3  # that somebody who has decided to complain says so in a call
    bluster: float = 0.7  # how much threats depend on a trait that has no part in complaining
    # What of it is found: shares of docs/quality.md, calls never met before, from audio.
    recall: float = 0.74
    precision: float = 0.86
    certain_when_right: float = 0.75  # so that 93 of 100 certain findings are right, as measured
    certain_when_wrong: float = 0.35
    unjudged: float = 0.03  # calls that could not be judged at all


MAIN = World("main")
VARIANTS = (
    replace(MAIN, name="unannounced", announced=0.0),
    replace(
        MAIN,
        name="silent",
        background=5.6e-5,
        aggrieved=1.6e-3,
        frank=0.5,
        announced=0.1,
        bluster=1.2,
        recall=0.55,
    ),
    replace(MAIN, name="conduct", conduct=2.2, hardship=0.2, attempts=0.01, dispute=0.2, frank=0.6),
    replace(MAIN, name="slow", half_life=120.0, half_aggrieved=4.5),
    replace(MAIN, name="overdue", by_overdue=4.0, aggrieved=1.2e-3),
)
