"""The words for states, roles and steps of a case, in Chinese and English."""

from typing import Final

from complaint_warnings.cases.transitions import TRANSITIONS
from complaint_warnings.types import Language

STATE_WORDS: Final[dict[str, dict[Language, str]]] = {
    "reported": {"zh": "已报备", "en": "reported"},
    "returned": {"zh": "已退回", "en": "returned"},
    "reviewed": {"zh": "已审核", "en": "reviewed"},
    "collected": {"zh": "已汇总", "en": "collected"},
    "teamed": {"zh": "已成组", "en": "team formed"},
    "analysed": {"zh": "已分析", "en": "analysed"},
    "planned": {"zh": "已定方案", "en": "planned"},
    "contacting": {"zh": "沟通中", "en": "in contact"},
    "resolved": {"zh": "已有结果", "en": "resolved"},
    "tracking": {"zh": "跟踪中", "en": "tracking"},
    "evaluated": {"zh": "已评估", "en": "evaluated"},
    "closed": {"zh": "已结案", "en": "closed"},
}
ROLE_WORDS: Final[dict[str, dict[Language, str]]] = {
    "collector": {"zh": "催收员", "en": "collector"},
    "customer_service": {"zh": "客服", "en": "customer service"},
    "supervisor": {"zh": "催收主管", "en": "supervisor"},
    "department_head": {"zh": "部门负责人", "en": "department head"},
    "complaint_officer": {"zh": "投诉防控专员", "en": "complaint officer"},
    "control_lead": {"zh": "投诉防控负责人", "en": "control lead"},
    "legal": {"zh": "法务", "en": "legal"},
    "qc_reviewer": {"zh": "质检员", "en": "QC reviewer"},
    "qc_lead": {"zh": "质检负责人", "en": "QC lead"},
    "auditor": {"zh": "审计", "en": "auditor"},
    "admin": {"zh": "管理员", "en": "administrator"},
    "integration": {"zh": "对接系统", "en": "integration"},
    "system": {"zh": "系统", "en": "Diting itself"},
}
_OPENED: Final[dict[Language, str]] = {"zh": "报备", "en": "report"}


def action_words(action: str, language: Language) -> str:
    """The words for an action; an unknown one, of a later version, by its name."""
    if action == "opened":
        return _OPENED[language]
    for line in TRANSITIONS:
        if line.action == action:
            return line.zh if language == "zh" else line.en
    return action


def state_words(state: str, language: Language) -> str:
    """The words for a state."""
    return STATE_WORDS[state][language]


def state_name(state: str) -> str:
    """The state in both languages; one of a later version as it stands."""
    pair = STATE_WORDS.get(state)
    return f"{pair['zh']} {pair['en']}" if pair else state
