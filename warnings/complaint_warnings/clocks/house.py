"""The policy, the calendars and the time zone of this installation, read once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from complaint_warnings.clocks.calendar_file import load_calendar_file
from complaint_warnings.clocks.calendars import Calendars
from complaint_warnings.clocks.policy import Policy, default_policy, load_policy
from store.settings import Settings


@dataclass(frozen=True)
class House:
    """What the clocks of an installation go by. `profiles` names the profile of a client."""

    policy: Policy
    calendars: Calendars
    zone: ZoneInfo
    profiles: Mapping[str, str]

    @cached_property
    def stamp(self) -> str:
        """Names all that deadlines are reckoned by; another one asks for reckoning anew."""
        parts = [self.policy.model_dump_json(), self.calendars.edition, self.zone.key]
        parts += [f"{client}={profile}" for client, profile in sorted(self.profiles.items())]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def policy_for(self, client: str | None) -> Policy:
        """The policy for cases of a client."""
        profile = self.profiles.get(client or "")
        return self.policy.with_profile(profile) if profile else self.policy


def house_of(settings: Settings) -> House:
    """What the settings name; files are read once.

    Raises:
        BadInputError: `policy.…` or `calendar.…`: a file is wrong, or names what is not there.
    """
    clients = tuple(sorted(settings.client_clocks.items()))
    return _read(settings.policy_file, settings.calendar_file, settings.timezone, clients)


@lru_cache(maxsize=8)
def _read(
    policy_file: Path | None, calendar_file: Path | None, zone: str, clients: tuple[tuple[str, str], ...]
) -> House:
    policy = load_policy(policy_file) if policy_file else default_policy()
    calendars = Calendars(load_calendar_file(calendar_file) if calendar_file else ())
    calendars.of(policy.calendar)
    for profile in {profile for _, profile in clients}:
        calendars.of(policy.with_profile(profile).calendar)
    return House(policy, calendars, ZoneInfo(zone), dict(clients))
