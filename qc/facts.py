"""Facts of the call record: hours, frequency, earlier calls, the note, who ended the call. Pure functions.

`None` means that the record does not say: nobody is accused, and the caller learns that it could not judge.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.metadata import CallRecord
from qc.answers import NO, Answer
from qc.frequency import too_often
from qc.hours import outside_hours
from qc.language.condition import Fact, NoteTest
from qc.language.facts import Standing
from qc.parties import is_known, relation_of
from qc.standing import standing
from qc.third_party import contacted_too_early


def local_time(record: CallRecord, zone: ZoneInfo | None) -> datetime | None:
    """The start of the call on the customer's official clock; None where time or zone is unknown."""
    if record.started_at is None or zone is None:
        return None
    return record.started_at.astimezone(zone)


def needs_time(fact: Fact) -> bool:
    """Whether the fact cannot be judged without the time of the call."""
    timed = (fact.hours, fact.frequency, fact.third_party_before)
    return any(limit is not None for limit in timed)


def answer(
    fact: Fact,
    record: CallRecord,
    zone: ZoneInfo | None,
    *,
    seconds: float | None = None,
    talked: bool = True,
) -> Answer | None:
    """Whether `fact` is true of this call; None where the record cannot say.

    Args:
        fact: what is asked.
        record: the call.
        zone: the customer's official time zone.
        seconds: how long the call was, as far as anybody spoke.
        talked: whether a person answered.
    """
    if fact.hours is not None:
        return outside_hours(fact.hours, record, local_time(record, zone), seconds)
    if fact.standing is not None or fact.earlier_stop_request is not None:
        asked = standing(fact.standing or Standing(of="stop_request"), record)
        return Answer(not asked.holds) if fact.earlier_stop_request is False else asked
    if fact.frequency is not None or fact.third_party_before is not None:
        return _counted(fact, record, zone, talked)
    return _plain(fact, record)


def _counted(fact: Fact, record: CallRecord, zone: ZoneInfo | None, talked: bool) -> Answer | None:
    """Facts that earlier calls are counted for, by the day on the customer's clock."""
    local = local_time(record, zone)
    if record.direction == "inbound":
        return NO
    if local is None or zone is None:
        return None
    if fact.third_party_before is not None:
        return contacted_too_early(fact.third_party_before, record, local.date(), zone)
    return too_often(fact.frequency, record, local, zone, talked=talked) if fact.frequency else NO


def _plain(fact: Fact, record: CallRecord) -> Answer:
    """Facts that stand in the record as such."""
    if fact.note is not None:
        return _note(fact.note, record)
    relation = relation_of(record)
    related = (f"接听人与债务人关系：{relation}", f"relation of the number's owner: {relation}")
    known = is_known(relation)
    ended = (f"挂断方：{record.ended_by}", f"ended by the {record.ended_by}")
    way = (f"呼叫方向：{record.direction}", f"direction: {record.direction}")
    tests = (
        (fact.ended_by, record.ended_by == fact.ended_by, ended, True),
        (fact.direction, record.direction == fact.direction, way, True),
        (fact.relation_in, relation in (fact.relation_in or ()), related, known),
        (fact.relation_not_in, relation not in (fact.relation_not_in or ()), related, known),
    )
    return next(Answer(holds, said, sure) for wanted, holds, said, sure in tests if wanted is not None)


def _note(wanted: str | NoteTest, record: CallRecord) -> Answer:
    if wanted == "missing":
        return Answer(record.note_given and record.note is None, ("未填写记录", "no note was written"))
    if isinstance(wanted, str):
        return Answer(record.note is not None, ("已填写记录", "a note was written"))
    outcome = record.note.outcome if record.note else None
    if outcome is None:
        return NO
    holds = (wanted.outcome_in is None or outcome in wanted.outcome_in) and (
        wanted.outcome_not_in is None or outcome not in wanted.outcome_not_in
    )
    return Answer(holds, (f"记录结果：{outcome}", f"outcome in the note: {outcome}"))
