"""What a policy says of each channel. It names secrets and never holds one."""

from datetime import time
from ipaddress import ip_network
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from complaint_warnings.notices.urls import check_base_url, is_loopback_name

_MAIL_ADDRESS: Final = r"^[^@\s<>,;:\"\x00-\x1f\x7f]+@[^@\s<>,;:\"\x00-\x1f\x7f]+$"


def _time(value: object) -> object:
    return time.fromisoformat(value) if isinstance(value, str) else value


def _network(value: str) -> str:
    ip_network(value)
    return value


ClockTime = Annotated[time, BeforeValidator(_time)]
ChannelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)]
SecretName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*$", max_length=100)]
Network = Annotated[str, AfterValidator(_network)]
MailAddress = Annotated[str, Field(pattern=_MAIL_ADDRESS, max_length=320)]


class Part(BaseModel):
    """Base of what people write in a policy: nothing unknown is taken, nothing is bent to fit."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Quiet(Part):
    """Hours in which a channel stays silent, on the house's clock; over midnight where `to` is before
    `from`."""

    begins: ClockTime = Field(alias="from")
    ends: ClockTime = Field(alias="to")

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if self.begins == self.ends:
            raise ValueError("from and to are the same")
        return self


class _Channel(Part):
    """What all channels have. `networks`: private addresses that it may reach. Times in seconds.

    Each kind has `per_minute`, the most messages in any minute.
    """

    language: Literal["zh", "en", "both"] = "zh"
    quiet: Quiet | None = None
    networks: tuple[Network, ...] = Field(default=(), strict=False)
    connect_seconds: float = Field(default=5, gt=0, le=30)
    total_seconds: float = Field(default=15, gt=0, le=120)


class WebhookChannel(_Channel):
    """A signed webhook as of the Standard Webhooks specification. It may reach persons: their ids are in the
    message. Of several secrets the first signs first; receivers may hold any of them."""

    type: Literal["webhook"]
    url: str
    secrets: tuple[SecretName, ...] = Field(min_length=1, max_length=4, strict=False)
    per_minute: int = Field(default=300, ge=1, le=10_000)

    @model_validator(mode="after")
    def _plain_url(self) -> Self:
        check_base_url(self.url)
        return self


class _Robot(_Channel):
    """A robot in a group chat. `token` names the secret that its address ends in."""

    url: str
    token: SecretName

    @model_validator(mode="after")
    def _plain_url(self) -> Self:
        check_base_url(self.url)
        return self


class DingTalkChannel(_Robot):
    """A DingTalk group robot; `sign` names the secret (`SEC…`) where the robot asks for a signature."""

    type: Literal["dingtalk"]
    url: str = "https://oapi.dingtalk.com/robot/send"
    sign: SecretName | None = None
    per_minute: int = Field(default=18, ge=1, le=20)


class WeComChannel(_Robot):
    """A WeCom group robot."""

    type: Literal["wecom"]
    url: str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
    per_minute: int = Field(default=18, ge=1, le=20)


class FeishuChannel(_Robot):
    """A Feishu or Lark group robot; `sign` names the secret where the robot asks for a signature."""

    type: Literal["feishu"]
    url: str = "https://open.feishu.cn/open-apis/bot/v2/hook"
    sign: SecretName | None = None
    per_minute: int = Field(default=90, ge=1, le=100)


class EmailChannel(_Channel):
    """E-mail to persons, and to `mailbox` for notices to the channel itself. `security: none` is for a server
    on this machine alone."""

    type: Literal["email"]
    host: str = Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:-]+$")
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: MailAddress
    username: str | None = Field(default=None, max_length=320)
    password: SecretName | None = None
    mailbox: MailAddress | None = None
    per_minute: int = Field(default=120, ge=1, le=10_000)

    @model_validator(mode="after")
    def _who_signs_in(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password belong together")
        if self.security == "none" and not is_loopback_name(self.host):
            raise ValueError("security: none is for a mail server on this machine, in development")
        return self


Channel = WebhookChannel | DingTalkChannel | WeComChannel | FeishuChannel | EmailChannel
PERSONAL: Final = (WebhookChannel, EmailChannel)


def is_open(channel: Channel) -> bool:
    """Whether messages go over a connection that anybody on it can read."""
    if isinstance(channel, EmailChannel):
        return channel.security == "none"
    return urlsplit(channel.url).scheme == "http"
