"""When something comes that asks for handling anew, in a case that was handled to a result already. Pure."""

from complaint_warnings.cases.lines import DONE
from complaint_warnings.cases.view import CaseView


def begins_again(before: CaseView, now: CaseView) -> bool:
    """Whether the step brought a complaint, words of self-harm, another case or a higher level to a case that
    has its result: the handling begins again, so that what was concluded before closes nothing of it."""
    return now.matter > before.matter and now.state in DONE


def wakes(before: CaseView, now: CaseView) -> bool:
    """Whether the step brought something for which an open case that is on hold must not rest."""
    return now.matter > before.matter and now.open and now.held
