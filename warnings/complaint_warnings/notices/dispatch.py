"""From a notice and a channel to one attempt at sending it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from complaint_warnings.notices.channel_policy import (
    Channel,
    DingTalkChannel,
    EmailChannel,
    FeishuChannel,
    WebhookChannel,
    WeComChannel,
)
from complaint_warnings.notices.channels import mail, robots, webhook
from complaint_warnings.notices.post import Answer, Outgoing, Reach, post
from complaint_warnings.notices.secrets import find_secret, hide
from complaint_warnings.notices.types import EVERYBODY_THERE, Letter, Result
from store.errors import SettingsError
from store.settings import Settings

Compose = Callable[[Any, Letter, Sequence[SecretStr], datetime, ZoneInfo], Outgoing]
Judge = Callable[[Answer], Result]
# One attempt; tests may give another to `sender`.
Send = Callable[[Channel, Letter, datetime], Result]

_OVER_HTTP: Final[Mapping[type, tuple[Compose, Judge]]] = {
    WebhookChannel: (webhook.compose, webhook.judge),
    DingTalkChannel: (robots.dingtalk, partial(robots.judge, codes=robots.DINGTALK)),
    WeComChannel: (robots.wecom, partial(robots.judge, codes=robots.WECOM)),
    FeishuChannel: (robots.feishu, partial(robots.judge, codes=robots.FEISHU)),
}


def secret_names(channel: Channel) -> tuple[str, ...]:
    """The names of the secrets that a channel needs, in the order in which they are used."""
    if isinstance(channel, WebhookChannel):
        return channel.secrets
    if isinstance(channel, EmailChannel):
        return (channel.password,) if channel.password else ()
    sign = None if isinstance(channel, WeComChannel) else channel.sign
    return (channel.token, sign) if sign else (channel.token,)


def send(settings: Settings, channel: Channel, letter: Letter, now: datetime) -> Result:
    """Try once. Never raises for what the other side does; what it says is told without the secrets."""
    try:
        secrets = [find_secret(settings, name) for name in secret_names(channel)]
    except SettingsError as error:
        return Result("again", error.code, error.message)
    result = _try(settings, channel, letter, secrets, now)
    return replace(result, detail=hide(result.detail, secrets))


def reach_of(settings: Settings, channel: Channel) -> Reach:
    """How a channel may reach its server: this machine only in development."""
    return Reach(
        networks=channel.networks,
        connect_s=channel.connect_seconds,
        total_s=channel.total_seconds,
        loopback=settings.environment == "development",
    )


def _try(
    settings: Settings, channel: Channel, letter: Letter, secrets: Sequence[SecretStr], now: datetime
) -> Result:
    zone, reach = ZoneInfo(settings.timezone), reach_of(settings, channel)
    if isinstance(channel, EmailChannel):
        if not letter.address:
            who = "the channel has no mailbox" if letter.recipient == EVERYBODY_THERE else "no e-mail address"
            return Result("refused", "notice.no_address", who)
        return mail.send(channel, letter, secrets[0] if secrets else None, reach, zone)
    compose, judge = _OVER_HTTP[type(channel)]
    try:
        outgoing = compose(channel, letter, secrets, now, zone)
    except ValueError as error:
        return Result("again", "notices.secret", str(error))
    answer = post(outgoing, reach)
    return answer if isinstance(answer, Result) else judge(answer)
