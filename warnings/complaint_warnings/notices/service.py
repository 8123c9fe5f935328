"""What happens to a case is told: a follower of the door writes the notices in the same transaction."""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases.door import history
from complaint_warnings.cases.fold import fold
from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.cases.types import SELF_HARM
from complaint_warnings.models import WarningCallRow
from complaint_warnings.notices.events import mentions_self_harm, told
from complaint_warnings.notices.models import NoticeRow
from complaint_warnings.notices.outbox import Draft, House, people_of, places, write, write_dead
from complaint_warnings.notices.policy import policy_of
from complaint_warnings.notices.targets import Concerned
from complaint_warnings.notices.types import URGENT, Told
from complaint_warnings.notices.wording import mask_name
from complaint_warnings.sources.models import WarningItemRow
from store.clock import Clock
from store.settings import Settings, get_settings

NOBODY: Final = "notice.nobody"
# Events that may bring a statement of self-harm.
_EVIDENCE: Final = ("opened", "evidence", "merged_from")


def house_of(settings: Settings, clock: Clock) -> House:
    """The policy and the time by which notices are written now.

    Raises:
        BadInputError: `notices.…`, the policy file is wrong.
    """
    return House(policy_of(settings), ZoneInfo(settings.timezone), clock.now())


def follow(session: Session, clock: Clock, case: CaseRow, event: CaseEventRow) -> None:
    """Write down who is to be told of an event; nobody where the policy has no channels.

    Raises:
        BadInputError: `notices.…`, the policy file is wrong.
    """
    house = house_of(get_settings(), clock)
    if not house.policy.channels:
        return
    self_harm = _brings_self_harm(session, event)
    for each in told(event.action, event.details, kind=case.kind, self_harm=self_harm):
        tell(session, house, case, event, each)


def tell(session: Session, house: House, case: CaseRow, event: CaseEventRow, each: Told) -> list[NoticeRow]:
    """Write the notices for one thing. Where the routes reach nobody, that is a dead letter."""
    where = places(house.policy, each.kind, _concerned(session, case, each), people_of(session))
    if where is None:
        return []
    draft = Draft(
        kind=each.kind,
        topic=each.topic,
        source=_source(case, event, each),
        document=_document(house, case, event, each),
        case_id=case.id,
        event_id=event.id,
    )
    if not where:
        words = f"{NOBODY}: no active person is meant by the routes of {each.kind}"
        return [write_dead(session, house, draft, words)]
    return write(session, house, draft, where)


def _source(case: CaseRow, event: CaseEventRow, each: Told) -> str:
    """What a notice tells of. A statement of self-harm is that of its call, however often the call is judged
    anew; anything else is its event."""
    return f"case:{case.id}" if each.kind in URGENT and each.topic else f"event:{event.id}"


def _document(house: House, case: CaseRow, event: CaseEventRow, each: Told) -> dict[str, Any]:
    """What is told: nothing of a person but a masked name."""
    link = house.policy.link
    return {
        "event": each.kind,
        "case": case.id,
        "number": case.number,
        "kind": case.kind,
        "level": case.level,
        "state": case.state,
        "debtor": mask_name(case.debtor_name),
        "at": event.at.isoformat(),
        "link": link.replace("{id}", str(case.id)).replace("{number}", case.number) if link else None,
        **(each.facts or {}),
    }


def _concerned(session: Session, case: CaseRow, each: Told) -> Concerned:
    return Concerned(
        reporter=case.reporter_id,
        reviewer=case.reviewer_id,
        handler=case.handler_id,
        members=_members(session, case),
        collector=case.collector_id,
        team=case.team,
        named=each.named,
        complained_of=fold(history(session, case.id)).concerned,
    )


def _members(session: Session, case: CaseRow) -> list[str]:
    """The team as it was last formed."""
    if case.handler_id is None:
        return []
    details = session.scalar(
        select(CaseEventRow.details)
        .where(CaseEventRow.case_id == case.id, CaseEventRow.action == "form_team")
        .order_by(CaseEventRow.seq.desc())
        .limit(1)
    )
    members: list[Mapping[str, Any]] = (details or {}).get("members", [])
    return [str(member["person"]) for member in members]


def _brings_self_harm(session: Session, event: CaseEventRow) -> bool:
    """Whether an event tells of a statement of self-harm that the case did not know: the first one, or one in
    the very call or item that it adds."""
    if event.action not in _EVIDENCE or not mentions_self_harm(event.details):
        return False
    earlier = session.scalars(
        select(CaseEventRow.details).where(
            CaseEventRow.case_id == event.case_id,
            CaseEventRow.seq < event.seq,
            CaseEventRow.action.in_(_EVIDENCE),
        )
    )
    if event.details.get("self_harm"):  # a call judged anew, which adds nothing else
        return True
    return not any(mentions_self_harm(details) for details in earlier) or _is_in_evidence(
        session, event.details
    )


def _is_in_evidence(session: Session, details: Mapping[str, Any]) -> bool:
    call, item = details.get("call_id"), details.get("item")
    if call is not None:
        evidence = session.scalar(select(WarningCallRow.evidence).where(WarningCallRow.call_id == call))
        return any(finding.get("category") == SELF_HARM for finding in (evidence or {}).get("findings", ()))
    if item is not None:
        source, _, external = str(item).partition(":")
        evidence = session.scalar(
            select(WarningItemRow.evidence).where(
                WarningItemRow.source == source, WarningItemRow.external_id == external
            )
        )
        return SELF_HARM in (evidence or {}).get("indicators", ())
    return False
