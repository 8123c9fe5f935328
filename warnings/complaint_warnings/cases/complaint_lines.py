"""The lines of the table for complaints that arrived."""

from typing import Final

from complaint_warnings.cases import complaint_documents as c
from complaint_warnings.cases import complaint_guards as k
from complaint_warnings.cases import guards as g
from complaint_warnings.cases import team_guards as t
from complaint_warnings.cases.lines import HANDLERS, HANDLING, SYSTEM, Transition
from complaint_warnings.cases.types import OPEN_STATES

_FREE: Final = (g.not_concerned, k.is_complaint)
_TALK: Final = (*_FREE, k.not_to_come)

COMPLAINT: Final[tuple[Transition, ...]] = (
    Transition("complaint_received", "收到投诉", "a complaint arrived",
               OPEN_STATES, None, SYSTEM, c.ComplaintReceived, (k.not_to_come,)),
    Transition("gather_evidence", "收集并保全证据", "gather and hold the evidence",
               OPEN_STATES, None, SYSTEM, c.EvidenceGathered, (k.is_complaint,)),
    Transition("release_evidence", "解除证据保全", "end the legal hold",
               ("closed",), None, ("legal", "control_lead"), c.EvidenceReleased, _FREE),
    Transition("classify", "投诉分类", "classify the complaint",
               ("collected", *HANDLING), None, HANDLERS, c.Classification, _FREE),
    Transition("callback", "满意度回访", "call back",
               ("resolved", "tracking", "evaluated"), None, HANDLERS, c.Callback, _TALK),
    Transition("mediate", "第三方调解", "mediation",
               HANDLING, None, HANDLERS, c.Mediation, (*_FREE, t.in_team)),
    Transition("answer", "答复", "give an answer",
               ("contacting", "resolved", "tracking", "evaluated"), None, HANDLERS, c.Answer,
               (*_TALK, t.in_team)),
)  # fmt: skip
