"""The words of the ticket workflow."""

from typing import Final

from qc.review.transitions import TRANSITIONS
from qc.review.types import STATES, Language, State

STATE_WORDS: Final[dict[State, dict[Language, str]]] = {
    "open": {"zh": "待质检", "en": "open"},
    "draft": {"zh": "质检中", "en": "draft"},
    "shared": {"zh": "已反馈", "en": "shared"},
    "acknowledged": {"zh": "已确认", "en": "acknowledged"},
    "appealed": {"zh": "申诉中", "en": "appealed"},
    "final": {"zh": "已定稿", "en": "final"},
    "withdrawn": {"zh": "已撤回", "en": "withdrawn"},
}


def state_words(state: str, language: Language) -> str:
    """What a state is called; its own name where the words are not known."""
    for known in STATES:
        if known == state:
            return STATE_WORDS[known][language]
    return state


def action_words(action: str, language: Language) -> str:
    """What an action is called."""
    for line in TRANSITIONS:
        if line.action == action:
            return line.zh if language == "zh" else line.en
    return action
