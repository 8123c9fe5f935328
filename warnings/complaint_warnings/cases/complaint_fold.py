"""How the actions of a complaint change what is known of a case. Pure."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from complaint_warnings.cases import complaint_documents as c
from complaint_warnings.cases.events import Event
from complaint_warnings.cases.reading import read, signed
from complaint_warnings.cases.view import CaseView
from complaint_warnings.types import rank


def _received(view: CaseView, event: Event) -> CaseView:
    return with_complaint(view, read(c.ComplaintReceived, event), event.seq)


def with_complaint(view: CaseView, new: c.ComplaintReceived, seq: int) -> CaseView:
    """From the event `seq` on the case is a complaint, and has this one to answer; its level goes up with it,
    never down."""
    source = "regulator" if "regulator" in (view.source, new.source) else new.source
    level = max(view.level, new.level, key=rank)
    named = {new.collector_id} if new.collector_id else set()
    changed = replace(
        view,
        kind="complaint",
        source=source,
        level=level,
        collector_id=new.collector_id or view.collector_id,
        concerned=view.concerned | named,
        brought_in=view.brought_in | {new.received_by},
        sign_offs=(),
        matter=seq,
    )
    return _with(changed, received=(*view.complaint.received, new), since=seq)


def _classified(view: CaseView, event: Event) -> CaseView:
    return _with(view, classification=signed(c.Classification, event))


def _gathered(view: CaseView, event: Event) -> CaseView:
    return _with(view, evidence=signed(c.EvidenceGathered, event))


def _called_back(view: CaseView, event: Event) -> CaseView:
    return _with(view, callbacks=(*view.complaint.callbacks, signed(c.Callback, event)))


def _mediated(view: CaseView, event: Event) -> CaseView:
    return _with(view, mediation=(*view.complaint.mediation, signed(c.Mediation, event)))


def _answered(view: CaseView, event: Event) -> CaseView:
    return _with(view, answers=(*view.complaint.answers, signed(c.Answer, event)))


def _with(view: CaseView, **changes: Any) -> CaseView:
    return replace(view, complaint=replace(view.complaint, **changes))


COMPLAINT_CHANGES: Final[dict[str, Callable[[CaseView, Event], CaseView]]] = {
    "complaint_received": _received,
    "classify": _classified,
    "gather_evidence": _gathered,
    "callback": _called_back,
    "mediate": _mediated,
    "answer": _answered,
}
