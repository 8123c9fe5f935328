"""The shape of states: what somebody said stays true until something changes it."""

from qc.language.base import Strict
from qc.language.condition import Condition
from qc.language.facts import Matter


class State(Strict):
    """What opens a state and what changes it. The customer opens and withdraws, the agent acknowledges and
    resolves, unless a condition names another speaker."""

    matter: Matter | None = None
    opened: Condition
    acknowledged: Condition | None = None
    resolved: Condition | None = None
    withdrawn: Condition | None = None
