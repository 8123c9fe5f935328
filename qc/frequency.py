"""How often somebody was called: the limits of law, over all collectors, numbers and agencies.

Counting is by the day on the customer's official clock. What an earlier call does not say (its time, whether
it was connected) is counted both ways: only what is over the limit without it accuses.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.metadata import CallRecord, Consent, EarlierCall
from qc.answers import NO, UNCLEAR_HISTORY, Answer, both, bounds
from qc.language.facts import Frequency
from qc.parties import same_person

# Words for calls that did not reach the dialled number at all: no such number, out of service, busy.
_NOT_REACHED = frozenset([
    "invalid_number", "not_in_service", "out_of_service", "disconnected", "busy", "number_invalid",
    "空号", "停机", "忙线", "占线", "关机", "已停机", "号码不存在", "无法接通",
])  # fmt: skip


def too_often(
    limit: Frequency, record: CallRecord, local: datetime, zone: ZoneInfo, *, talked: bool = True
) -> Answer:
    """Whether this call goes over the limit.

    Args:
        limit: one limit, and what exempts from it.
        record: the call, with the earlier ones.
        local: when it began, on the customer's clock.
        zone: the zone of that clock.
        talked: whether anybody answered this call; voicemail is an attempt, no conversation.
    """
    exempt = _exempts(record.consent, limit, local) if limit.consent_exempts else False
    if exempt:
        return NO
    counter = _Counter(limit, record, local.date(), zone)
    judged = counter.judge(talked)
    if judged.holds and (exempt is None or record.direction is None):
        return Answer(True, judged.measured, sure=False)
    return judged


class _Counter:
    def __init__(self, limit: Frequency, record: CallRecord, today: date, zone: ZoneInfo) -> None:
        self.limit, self.record, self.today, self.zone = limit, record, today, zone
        self.earlier = _once(record.history)

    def judge(self, talked: bool) -> Answer:
        limit = self.limit
        if limit.connected_per_day is not None:
            if not talked:
                return NO
            measured = ("当日接通{}次", f"{{}} connected calls on {self.today}")
            return self._over(limit.connected_per_day, self._conversation_today, measured)
        if limit.attempts_per_day_number is not None:
            if self.record.customer.number is None:
                return NO
            measured = ("当日对同一号码拨打{}次", f"{{}} attempts to one number on {self.today}")
            return self._over(limit.attempts_per_day_number, self._attempt_today, measured)
        if limit.attempts_in_days is not None:
            days = limit.attempts_in_days.days
            measured = (f"{days}日内{{}}次", f"{{}} calls in {days} days")
            return self._over(limit.attempts_in_days.attempts, self._attempt_lately, measured)
        return self._rest(limit.rest_after_talk_days or 0)

    def _over(
        self, most: int, counts: Callable[[EarlierCall], bool | None], measured: tuple[str, str]
    ) -> Answer:
        sure, perhaps = (number + 1 for number in bounds(counts(call) for call in self.earlier))
        zh, en = (text.format(sure) for text in measured)
        if perhaps > sure:
            zh, en = (
                f"{zh}，另有{perhaps - sure}次记录不全",
                f"{en}, and {perhaps - sure} not fully on record",
            )
        doubt = UNCLEAR_HISTORY if perhaps > most >= sure else None
        return Answer(sure > most, (zh, en), unclear=doubt)

    def _rest(self, days: int) -> Answer:
        talks = [(self._talk_lately(call, days), call) for call in self.earlier]
        spoken = [self._day(call) for counted, call in talks if counted]
        if spoken:
            last = max(day for day in spoken if day is not None)
            return Answer(True, (f"{last}曾通话", f"last conversation on {last}"))
        perhaps = any(counted is None for counted, _ in talks)
        return Answer(False, unclear=UNCLEAR_HISTORY if perhaps else None)

    def _conversation_today(self, call: EarlierCall) -> bool | None:
        return both(self._placed(call), self._within(call, 1), _answered(call, self.limit.min_seconds),
                    same_person(call, self.record))  # fmt: skip

    def _attempt_today(self, call: EarlierCall) -> bool | None:
        same_number = call.number == self.record.customer.number  # an unknown number is not this one
        unanswered = None if call.connected is None else not call.connected
        return both(self._placed(call), same_number, self._within(call, 1), unanswered)

    def _attempt_lately(self, call: EarlierCall) -> bool | None:
        days = self.limit.attempts_in_days.days if self.limit.attempts_in_days else 1
        return both(self._placed(call), self._within(call, days), _reached(call), self._not_agreed(call),
                    same_person(call, self.record), self._same_debt(call))  # fmt: skip

    def _talk_lately(self, call: EarlierCall, days: int) -> bool | None:
        """Whoever started it: a talk that the customer began starts the rest too."""
        return both(self._within(call, days), _answered(call, self.limit.min_seconds),
                    same_person(call, self.record), self._same_debt(call))  # fmt: skip

    def _day(self, call: EarlierCall) -> date | None:
        return None if call.started_at is None else call.started_at.astimezone(self.zone).date()

    def _within(self, call: EarlierCall, days: int) -> bool | None:
        """Whether it was on one of the `days` consecutive days that end today (today is one of them)."""
        day = self._day(call)
        return None if day is None else timedelta(0) <= self.today - day < timedelta(days=days)

    @staticmethod
    def _placed(call: EarlierCall) -> bool:
        return (call.direction or "").strip().lower() != "inbound"

    def _same_debt(self, call: EarlierCall) -> bool:
        return call.case is None or self.record.case.id is None or call.case == self.record.case.id

    def _not_agreed(self, call: EarlierCall) -> bool | None:
        if not self.limit.consent_exempts or call.consent is None:
            return True
        began = None if call.started_at is None else call.started_at.astimezone(self.zone)
        agreed = _exempts(call.consent, self.limit, began)
        return None if agreed is None else not agreed


def _once(history: Sequence[EarlierCall]) -> list[EarlierCall]:
    """A call that the case system lists twice was made once; calls of unknown time may be any."""
    known = {(call.started_at, call.number): call for call in history if call.started_at is not None}
    return [*known.values(), *(call for call in history if call.started_at is None)]


def _answered(call: EarlierCall, min_seconds: float | None) -> bool | None:
    if min_seconds is None or call.connected is False:
        return call.connected
    return both(call.connected, None if call.duration_s is None else call.duration_s >= min_seconds)


def _reached(call: EarlierCall) -> bool:
    outcome = (call.outcome or "").strip().lower()
    return call.number_reached is not False and outcome not in _NOT_REACHED


def _exempts(consent: Consent | None, limit: Frequency, began: datetime | None) -> bool | None:
    """Whether the debtor agreed to the call: True with proof and in time; None where somebody says so
    without proof, or no day is given although only so many days count."""
    if consent is None:
        return False
    if not consent.proof.strip():
        return None
    if limit.consent_days is None:
        return True
    if consent.given_at is None or began is None:
        return None
    given = consent.given_at.astimezone(began.tzinfo).date()
    return timedelta(0) <= began.date() - given < timedelta(days=limit.consent_days)
