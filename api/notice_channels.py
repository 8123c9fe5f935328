"""The channels by which people are told, as they are shown: where to, but no secret and no whole address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaint_warnings.notices.channel_policy import Channel, EmailChannel
from complaint_warnings.notices.dispatch import secret_names
from complaint_warnings.notices.models import NoticeRow
from complaint_warnings.notices.policy import Policy
from complaint_warnings.notices.secrets import find_secret
from store.errors import SettingsError
from store.settings import Settings


@dataclass(frozen=True, slots=True)
class ChannelSeen:
    """One channel. `target` is the host that it speaks to, `kinds` what is told by it; `waiting` and `dead`
    count notices; `last_reason` is why the newest one did not arrive, None where it did."""

    name: str
    type: str
    target: str
    kinds: list[str]
    per_minute: int
    quiet: str | None
    missing_secrets: list[str]
    waiting: int
    dead: int
    last_at: datetime | None
    last_state: str | None
    last_reason: str | None


def channels_seen(session: Session, settings: Settings, policy: Policy) -> list[ChannelSeen]:
    """All channels of the policy, in its order."""
    return [_seen(session, settings, policy, name, channel) for name, channel in policy.channels.items()]


def missing_secrets(settings: Settings, channels: Sequence[Channel]) -> list[str]:
    """Names of secrets that channels name and that are not there, or cannot be used."""
    names = dict.fromkeys(name for channel in channels for name in secret_names(channel))
    return [name for name in names if not _there(settings, name)]


def _there(settings: Settings, name: str) -> bool:
    try:
        find_secret(settings, name)
    except SettingsError:
        return False
    return True


def _seen(session: Session, settings: Settings, policy: Policy, name: str, channel: Channel) -> ChannelSeen:
    of_channel = NoticeRow.channel == name
    waiting, dead = (
        session.scalar(select(func.count(NoticeRow.id)).where(of_channel, NoticeRow.state == state)) or 0
        for state in ("waiting", "dead")
    )
    tried = select(NoticeRow).where(of_channel, NoticeRow.attempts > 0)
    last = session.scalars(tried.order_by(NoticeRow.id.desc()).limit(1)).one_or_none()
    quiet = channel.quiet
    return ChannelSeen(
        name=name,
        type=channel.type,
        target=channel.host if isinstance(channel, EmailChannel) else urlsplit(channel.url).hostname or "",
        kinds=_kinds(policy, name),
        per_minute=channel.per_minute,
        quiet=f"{quiet.begins:%H:%M}-{quiet.ends:%H:%M}" if quiet else None,
        missing_secrets=missing_secrets(settings, [channel]),
        waiting=waiting,
        dead=dead,
        last_at=(last.sent_at or last.created_at) if last else None,
        last_state=last.state if last else None,
        last_reason=last.reason if last else None,
    )


def _kinds(policy: Policy, name: str) -> list[str]:
    """What is told by a channel: to persons by it, or to itself."""
    return sorted(
        {
            kind
            for route in policy.routes
            if name in (policy.via if route.via is None else route.via) or f"channel:{name}" in route.to
            for kind in route.kinds
        }
    )
