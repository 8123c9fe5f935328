"""Every word list that people read, by group: what pages and programs name the values of answers with."""

from collections.abc import Mapping
from typing import Final

from api import words
from api.permissions import PERMISSIONS
from api.words import Words
from complaint_warnings.cases.transitions import TRANSITIONS as CASE_TRANSITIONS
from complaint_warnings.cases.wording import STATE_WORDS as CASE_STATES
from qc.review.transitions import TRANSITIONS as TICKET_TRANSITIONS
from qc.review.wording import STATE_WORDS as TICKET_STATES

VOCABULARY: Final[Mapping[str, Mapping[str, Words]]] = {
    "advice": words.ADVICE,
    "attributes": words.ATTRIBUTES,
    "bands": words.BANDS,
    # An action that can be taken in several ways is named by the first, the ordinary one.
    "case_actions": {
        "opened": Words("立案", "opened"),
        **{line.action: Words(line.zh, line.en) for line in reversed(CASE_TRANSITIONS)},
    },
    "case_states": {state: Words(both["zh"], both["en"]) for state, both in CASE_STATES.items()},
    "categories": words.CATEGORIES,
    "certainty": words.CERTAINTY,
    "channel_states": words.CHANNEL_STATES,
    "cues": words.CUES,
    "decisions": words.DECISIONS,
    "directions": words.DIRECTIONS,
    "doubts": words.DOUBTS,
    "how": words.HOW,
    "kinds": words.KINDS,
    "levels": words.LEVELS,
    "line_sounds": words.LINE_SOUNDS,
    "permissions": {name: line.what for name, line in PERMISSIONS.items()},
    "priorities": words.PRIORITIES,
    "relations": words.RELATIONS,
    "roles": words.ROLES_OF_PEOPLE,
    "roles_how": words.ROLES_HOW,
    "severities": words.SEVERITIES,
    "speakers": words.SPEAKERS,
    "statuses": words.STATUSES,
    "ticket_actions": {line.action: Words(line.zh, line.en) for line in TICKET_TRANSITIONS},
    "ticket_states": {state: Words(both["zh"], both["en"]) for state, both in TICKET_STATES.items()},
    "trends": words.TRENDS,
}
