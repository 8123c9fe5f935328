"""One round of sending: every channel on a thread of its own, so that one that stalls holds up no other."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.notices import dispatch
from complaint_warnings.notices.channel_policy import Channel, EmailChannel
from complaint_warnings.notices.claims import Later, claim, finish
from complaint_warnings.notices.digests import gather, hold_back
from complaint_warnings.notices.models import NoticeRow
from complaint_warnings.notices.outbox import Draft, House, people_of, places, write
from complaint_warnings.notices.policy import Policy, policy_of
from complaint_warnings.notices.targets import Concerned
from complaint_warnings.notices.types import EVERYBODY_THERE, Letter, Result
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.logging import get_logger
from store.people import PersonRow
from store.settings import Settings

_log = get_logger(__name__)
_THREADS_MAX = 16
# These say that the whole channel fails: its next notice waits for the next round, and the round ends soon.
_CHANNEL_FAILS = (
    "notice.timeout", "notice.unreachable", "notice.address", "notice.not_safe", "notice.sign_in",
    "notices.secret",
)  # fmt: skip
# One round ends after so many by one channel; the next one goes on.
ROUND_MAX = 200
_ALARM_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round did."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    digests: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        """Both together."""
        return Sent(
            self.sent + other.sent,
            self.failed + other.failed,
            self.dead + other.dead,
            self.digests + other.digests,
        )


@dataclass(frozen=True, slots=True)
class Sender:
    """What a round needs. `send` makes one attempt."""

    sessions: SessionFactory
    clock: Clock
    settings: Settings
    policy: Policy
    send: dispatch.Send

    def house(self) -> House:
        """The policy and the present."""
        return House(self.policy, ZoneInfo(self.settings.timezone), self.clock.now())


def deliver(
    sessions: SessionFactory, clock: Clock, settings: Settings, *, send: dispatch.Send | None = None
) -> Sent:
    """Send what is due, by all channels. Harmless to repeat and to run twice at once; a sender that dies in
    the middle is followed by another when its lease has run out, with the same message ids.

    Raises:
        BadInputError: `notices.…`, the policy file is wrong.
    """
    sender = Sender(sessions, clock, settings, policy_of(settings), send or partial(dispatch.send, settings))
    names = _with_work(sender) if sender.policy.channels else []
    if not names:
        return Sent()
    with ThreadPoolExecutor(min(len(names), _THREADS_MAX), "notices") as pool:
        return sum(pool.map(partial(_safely, sender), names), Sent())


def deliver_one(
    sessions: SessionFactory, clock: Clock, settings: Settings, name: str, notice: int
) -> Result | None:
    """Try one notice of a channel now, before others; None where the channel may not send now."""
    sender = Sender(sessions, clock, settings, policy_of(settings), partial(dispatch.send, settings))
    channel = sender.policy.channels[name]
    letter = _take(sender, name, channel, only=notice)
    if letter is None:
        return None
    result = sender.send(channel, letter, clock.now())
    _put_down(sender, name, letter, result)
    return result


def _with_work(sender: Sender) -> list[str]:
    """The channels that have something due."""
    with reading(sender.sessions) as session:
        found = session.scalars(
            select(NoticeRow.channel)
            .where(NoticeRow.state == "waiting", NoticeRow.due_at <= sender.clock.now())
            .distinct()
        )
        due = set(found)
    return [name for name in sender.policy.channels if name in due]


def _safely(sender: Sender, name: str) -> Sent:
    """One channel's round; what nobody foresaw there keeps no other channel from sending."""
    try:
        return drain(sender, name)
    except Exception as error:
        _log.exception("notices.channel_failed", channel=name, error=type(error).__name__)
        return Sent(failed=1)


def drain(sender: Sender, name: str) -> Sent:
    """Send what one channel has, until there is nothing, it rests, or it has had its turn."""
    channel = sender.policy.channels[name]
    with transaction(sender.sessions) as session:
        hold_back(session, sender.house(), name, channel)
        total = Sent(digests=gather(session, sender.house(), name, channel))
    for _ in range(ROUND_MAX):
        letter = _take(sender, name, channel)
        if letter is None:
            break
        result = sender.send(channel, letter, sender.clock.now())
        total += _put_down(sender, name, letter, result)
        if result.code in _CHANNEL_FAILS:
            break
    return total


def _take(sender: Sender, name: str, channel: Channel, *, only: int | None = None) -> Letter | None:
    with transaction(sender.sessions) as session:
        letter = claim(session, sender.house(), name, channel, only=only)
        if letter is None or isinstance(letter, Later):
            return None
        return replace(letter, address=_address(session, channel, letter))


def _put_down(sender: Sender, name: str, letter: Letter, result: Result) -> Sent:
    with transaction(sender.sessions) as session:
        house = sender.house()
        row = finish(session, house, name, letter, result)
        if row is not None:
            _raise_alarm(session, house, row)
        dead = row is not None and row.state == "dead"
    _log.info(
        "notices.attempt",
        channel=name,
        message=letter.message_id,
        attempt=letter.attempt,
        outcome=result.outcome,
        code=result.code or None,
    )
    return Sent(sent=result.outcome == "sent", failed=result.outcome != "sent", dead=dead)


def _address(session: Session, channel: Channel, letter: Letter) -> str | None:
    """Where an e-mail goes, as it is known now; a person who left is not written to."""
    if not isinstance(channel, EmailChannel):
        return None
    if letter.recipient == EVERYBODY_THERE:
        return channel.mailbox
    person = session.get(PersonRow, letter.recipient)
    return person.email if person is not None and person.active else None


def _raise_alarm(session: Session, house: House, row: NoticeRow) -> None:
    """Tell others that a notice does not arrive, by other channels than the one that fails where there are
    any; once in ten minutes for each channel. Of such an alarm itself nobody is told."""
    if row.kind in ("dead_letter", "test"):
        return
    nobody = Concerned(reporter="", reviewer=None, handler=None, members=(), collector=None, team=None)
    where = places(house.policy, "dead_letter", nobody, people_of(session)) or ()
    others = [target for target in where if target.channel != row.channel]
    slot = _slot(house.now)
    code = (row.reason or "").partition(":")[0]
    draft = Draft(
        kind="dead_letter",
        topic=row.state,
        source=f"dead:{row.channel}:{slot}",
        document={
            "event": "dead_letter",
            "number": row.document.get("number"),
            "at": house.now.isoformat(),
            "undelivered": f"{row.kind}, {row.channel}, {row.message_id}, {code}",
        },
    )
    write(session, house, draft, others or where)


def _slot(now: datetime) -> int:
    return int(now.timestamp() // _ALARM_EVERY.total_seconds())
