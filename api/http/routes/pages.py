"""The pages that need no scripts: the list of calls, the report of a call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import words
from api.call_filters import CallFilters
from api.http.deps import admit, put_on_record, seen, sight_asked
from api.http.html import shown_page
from api.http.paging import cut, narrowed, page
from api.http.present import call_out
from api.http.problems import Unauthorized
from api.http.routes.calls import VersionAsked, find
from api.http.schemas import CallOut
from api.http.security import require_actor, session_secret
from api.report.page import VersionLink, render_served
from api.report.rulebook import stored_rule_texts
from api.stored import StoredCall, stored_calls, stored_result, tally
from api.stored_roles import stored_roles, transcript_of
from api.words import Lang, Words
from ingest.models import CallRow, RefusalRow
from pipeline.states import State
from qc.findings import Band
from store.database import SessionFactory, reading
from store.errors import ConflictError
from store.identity.sessions import csrf_of
from store.people import Actor, PersonRow
from store.settings import Settings

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_FOUND_SHOWN = 4
_PAGE = 50


@dataclass(frozen=True, slots=True)
class _Count:
    name: Words
    number: int
    href: str
    tone: str
    current: bool


@router.get("/plain")
def first_page(
    request: Request,
    state: State | None = None,
    band: Band | None = None,
    level: words.LevelName | None = None,
    cursor: Annotated[str | None, Query()] = None,
    lang: Lang = "zh",
) -> Response:
    """The list of calls."""
    try:
        caller = require_actor(request)
    except Unauthorized:
        return RedirectResponse("/sign-in?next=/plain", 303)
    sessions = _sessions(request, caller)
    settings: Settings = request.app.state.settings
    asked = page(_PAGE, cursor)
    filters = CallFilters(state=state, band=band, level=level).conditions()
    with reading(sessions) as session:
        found = stored_calls(session, *narrowed(asked.before, CallRow.id, {}), *filters, limit=_PAGE + 1)
        numbers = tally(session)
        refusals = list(
            session.scalars(
                select(RefusalRow)
                .where(RefusalRow.resolved_at.is_(None))
                .order_by(RefusalRow.id.desc())
                .limit(20)
            )
        )
    chosen = {name: value for name, value in (("state", state), ("band", band), ("level", level)) if value}
    following = cut([item.call.id for item in found], _PAGE)
    return shown_page(
        "list.html",
        "form-action 'self'",
        signed_in=_signed_in(request, caller),
        lang=lang,
        counts=_counts(numbers, chosen),
        calls=[_shown(item, settings) for item in found[:_PAGE]],
        refusals=refusals if not chosen else [],
        next=_address({**chosen, "cursor": following}) if following else None,
    )


def _signed_in(request: Request, caller: Actor) -> dict[str, str] | None:
    """Who signed in, and the proof that a form to sign out needs; None for this machine's own user."""
    secret = session_secret(request)
    if secret is None or caller.is_house:
        return None
    with reading(request.app.state.sessions) as session:
        name = session.get_one(PersonRow, caller.id).name
    return {"name": name, "csrf": csrf_of(secret)}


def _shown(stored: StoredCall, settings: Settings) -> dict[str, object]:
    """A call as the list shows it."""
    data: CallOut = call_out(stored)
    shown = [
        {"name": words.named(words.CATEGORIES, item.category), "kind": item.kind, "severity": item.severity}
        for item in stored.found[:_FOUND_SHOWN]
    ]
    status = "unjudged" if stored.unjudged else "inspected"
    band = data.score.band if data.score else None
    started = data.started_at.astimezone(ZoneInfo(settings.timezone)) if data.started_at else None
    return {
        **{name: getattr(data, name) for name in CallOut.model_fields},
        "shown": shown,
        "more": max(0, len(stored.found) - _FOUND_SHOWN),
        "conduct": words.conduct(status, band),
        "tone": words.tone(band),
        "started": f"{started:%Y-%m-%d %H:%M}" if started else "—",
    }


def _address(query: Mapping[str, str]) -> str:
    return "/plain?" + urlencode(query) if query else "/plain"


def _counts(numbers: dict[str, int], chosen: Mapping[str, str]) -> list[_Count]:
    waiting = sum(
        numbers.get(f"state.{name}", 0) for name in ("received", "transcribed", "heard", "inspected")
    )
    entries = [
        (Words("全部通话", "Calls"), "calls", {}, ""),
        (Words("严重违规", "Critical"), "band.critical", {"band": "critical"}, "band-critical"),
        (Words("较重违规", "Major"), "band.major", {"band": "major"}, "band-major"),
        (Words("高风险预警", "High warnings"), "level.high", {"level": "high"}, "level-high"),
        (Words("未能判定", "Not judged"), "state.unjudged", {"state": "unjudged"}, "band-unjudged"),
        (Words("处理失败", "Failed"), "state.failed", {"state": "failed"}, "band-critical"),
    ]
    counts = [
        _Count(name, numbers.get(key, 0), _address(query), tone, chosen == query)
        for name, key, query, tone in entries
    ]
    if waiting:
        counts.append(_Count(Words("处理中", "In progress"), waiting, _address({}), "", False))
    return counts


@router.get("/calls/{call_id}/report")
def report(
    request: Request,
    call_id: int,
    lang: Lang = "zh",
    version: VersionAsked = None,
) -> Response:
    """The report of one call, by its current version or an earlier one; the recording is streamed."""
    try:
        caller = require_actor(request)
    except Unauthorized:
        return RedirectResponse("/sign-in", 303)
    with reading(_sessions(request, caller)) as session:
        return _report(request, session, caller.id, call_id, lang, version)


def _sessions(request: Request, caller: Actor) -> SessionFactory:
    """What the caller may see, after they were let in."""
    sight = sight_asked(request, caller)
    admit(request, caller, sight)
    return seen(request, sight)


def _report(
    request: Request, session: Session, caller: str, call_id: int, lang: Lang, version: int | None
) -> Response:
    settings: Settings = request.app.state.settings
    row = find(session, call_id).call
    transcript_id = None if version is None else transcript_of(session, call_id, version)
    result = stored_result(session, row, transcript_id)
    if result is None:
        raise ConflictError(
            "the call is not inspected yet",
            code="call.not_inspected",
            where=f"call {call_id}",
            mend="Wait until `diting worker` has come to it.",
        )
    rules = stored_rule_texts(session, call_id, settings.rule_folders)
    put_on_record(request, caller, "report.read", f"call:{row.source}/{row.external_id}", {})
    html, policy = render_served(
        result,
        audio_url=f"/api/v1/calls/{call_id}/audio",
        rules=rules,
        lang=lang,
        versions=_links(session, call_id, version, lang),
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"})


def _links(session: Session, call_id: int, asked: int | None, lang: Lang) -> list[VersionLink]:
    """All versions. Without one asked for, the newest that was judged is shown."""
    known = stored_roles(session, call_id).versions
    shown = asked or max(each.version.number for each in known if each.inspection is not None)
    return [
        VersionLink(
            number=each.version.number,
            href=f"/calls/{call_id}/report?{urlencode({'version': each.version.number, 'lang': lang})}",
            judged=each.inspection is not None,
            shown=each.version.number == shown,
        )
        for each in known
    ]
