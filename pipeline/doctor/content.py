"""What the work is done by: the speech engine, the rules, and the files a site has written."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from complaint_warnings.clocks.house import House, house_of
from complaint_warnings.notices.policy import policy_of
from complaint_warnings.scoring.weights import DEFAULT_WEIGHTS, load_weights
from complaint_warnings.sources.monitor_policy import DEFAULT_MONITORS, load_monitors
from pipeline.doctor.types import Finding, failed
from pipeline.notices import notices
from qc.packs import default_packs, load_packs
from store.clock import Clock
from store.database import open_sessions, reading
from store.errors import DitingError
from store.settings import Settings
from transcription.engines.survey import choices, require_usable

_LANGUAGES: Final = ("zh", "en")
_LOOK_AHEAD: Final = timedelta(days=60)  # a complaint by way of the regulator may take that long


def engine(settings: Settings) -> Iterator[Finding]:
    """Whether the chosen speech engines can be used. Loads no model: `diting engines --check` does."""
    require_usable(settings)
    for name, chosen in choices(settings):
        told = f"{name} {chosen.model}".strip()
        yield Finding("engine", "ok", told, told)


def rules(settings: Settings) -> Iterator[Finding]:
    """Whether all packs that judge can be read, together as they judge."""
    chosen = {(*default_packs(language), *settings.packs_for(None)) for language in _LANGUAGES}
    for language in _LANGUAGES:
        chosen |= {
            (*default_packs(language), *settings.packs_for(client)) for client in settings.client_packs
        }
    for names in sorted(chosen):
        told = ", ".join(load_packs(names, settings.rule_folders).names)
        yield Finding("rules", "ok", told, told)


def approvals(settings: Settings) -> Iterator[Finding]:
    """What somebody should know about the approval of packs."""
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        for notice in notices(session, settings):
            grave = notice.code == "rules.never_approved"
            yield Finding(
                "approvals", "wrong" if grave else "warning", notice.zh, notice.en, code=notice.code
            )


def files(settings: Settings) -> Iterator[Finding]:
    """Whether the files that settings name can be read and make sense, else the shipped ones."""
    kinds: dict[str, Callable[[], object]] = {
        "weights": partial(load_weights, settings.weights_file or DEFAULT_WEIGHTS),
        "monitors": partial(load_monitors, settings.monitors_file or DEFAULT_MONITORS),
        "deadlines": partial(house_of, settings),
    }
    for check, read in kinds.items():
        try:
            read()
        except DitingError as error:
            yield failed(check, error)
        else:
            own = getattr(settings, f"{'policy' if check == 'deadlines' else check}_file")
            yield Finding(check, "ok", str(own or "随附文件"), str(own or "the shipped file"))


def channels(settings: Settings) -> Iterator[Finding]:
    """Whether anybody would be told of anything."""
    count = len(policy_of(settings).channels)
    yield Finding(
        "notices",
        "ok" if count else "warning",
        f"{count} 个通知渠道",
        f"{count} channels for notices",
        "" if count else "设置 DITING_NOTICES_FILE（docs/notices.md），否则高等级预警不会通知任何人。",
        "" if count else "Set DITING_NOTICES_FILE (docs/notices.md), or nobody is told of a high warning.",
    )


def calendars(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether the working days that deadlines are reckoned by are official as far ahead as is needed."""
    house = house_of(settings)
    today = clock.now().astimezone(ZoneInfo(settings.timezone)).date()
    for country in sorted({house.policy.calendar, *_calendars_of_clients(house)}):
        yield _calendar(house, country, today)


def _calendars_of_clients(house: House) -> set[str]:
    return {house.policy.with_profile(profile).calendar for profile in house.profiles.values()}


def _calendar(house: House, country: str, today: date) -> Finding:
    calendar = house.calendars.of(country)
    missing = [
        year for year in sorted({today.year, (today + _LOOK_AHEAD).year}) if not calendar.has_data(year)
    ]
    if not missing:
        return Finding(
            "calendar",
            "ok",
            f"{country} {today.year} 年放假安排已公布",
            f"{country} {today.year} is official",
        )
    years = ", ".join(map(str, missing))
    return Finding(
        "calendar",
        "wrong" if today.year in missing else "warning",
        f"{country} {years} 年的放假安排尚无官方数据，到期日为暂定",
        f"{country} {years} has no official working days: due dates are provisional",
        "放假通知公布后升级 Diting，或在 DITING_CALENDAR_FILE 中填写（docs/deadlines.md）。",
        "Update Diting once they are announced, or add them to DITING_CALENDAR_FILE (docs/deadlines.md).",
    )
