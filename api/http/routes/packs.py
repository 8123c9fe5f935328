"""Rule packs and rules: what calls are judged by, and why."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api import rule_shapes as shown
from api.http.deps import PageAsked, Reader
from api.http.paging import cut
from api.packs import pack_detail, packs
from api.rule_examples import PACK, RULE
from api.rules import rule_detail, rule_out
from pipeline.library import Library, Opened
from qc.approval.lookup import find_version
from qc.verdicts.service import advisory
from qc.workbench.book import matching
from store.errors import NotFoundError

router = APIRouter(tags=["rules"])

PackId = Annotated[str, Path(max_length=100, description="id of a pack", examples=["cn-base"])]
RuleId = Annotated[
    str,
    Path(max_length=200, description="id of a rule, or id@version", examples=["cn.no_identity.opening"]),
]
_VERSION = "a version on record, by number or hash, instead of what judges now"
VersionAsked = Annotated[str | None, Query(max_length=64, description=_VERSION)]


class PackList(BaseModel):
    """All packs, those that come with Diting first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [PACK]}]})

    items: list[shown.PackOut]


class RulePage(BaseModel):
    """Rules in the order in which they are written."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [RULE], "next": None}]})

    items: list[shown.RuleOut]
    next: str | None


class RulesWanted(BaseModel):
    """What rules are narrowed by."""

    model_config = ConfigDict(extra="ignore")

    status: shown.Status | None = Field(None, description="how far the rule has come")
    category: str | None = Field(
        None, max_length=60, description="of its findings; dispute.* for all that begin so"
    )
    severity: shown.Severity | None = Field(None, description="of its findings")
    text: str | None = Field(None, max_length=200, description="written anywhere in the rule")
    version: str | None = Field(None, max_length=64, description=_VERSION)


def library_of(request: Request) -> Library:
    """The packs of this installation."""
    library: Library = request.app.state.library
    return library


def needs_approval(request: Request) -> bool:
    """Whether two persons have to approve a pack before it judges."""
    return bool(request.app.state.settings.pack_approval != "none")


@router.get("/packs", summary="Rule packs")
def list_packs(request: Request, session: Reader) -> PackList:
    """Which version judges, who approved it, and how many rules it has by status. 规则包列表。"""
    return PackList(items=packs(session, library_of(request), approval=needs_approval(request)))


@router.get("/packs/{pack}", summary="One rule pack with its versions")
def get_pack(request: Request, session: Reader, pack: PackId) -> shown.PackDetail:
    """Everything on record about it."""
    return pack_detail(session, library_of(request), pack, approval=needs_approval(request))


@router.get("/packs/{pack}/rules", summary="The rules of a pack")
def list_rules(
    request: Request,
    session: Reader,
    page: PageAsked,
    pack: PackId,
    wanted: Annotated[RulesWanted, Query()],
) -> RulePage:
    """Those that match all filters, in the order in which they are written."""
    opened = _opened(request, session, pack, wanted.version)
    advising = {row.rule for row in advisory(session)}
    listed = [
        (at, entry)
        for at, entry in enumerate(opened.entries, start=1)
        if at > (page.before or 0)
        if wanted.severity in (None, entry.compiled.severity)
        if any(matching([entry], category=wanted.category, status=wanted.status, text=wanted.text))
    ]
    items = [rule_out(entry, advisory=entry.compiled.name in advising) for _, entry in listed[: page.limit]]
    return RulePage(items=items, next=cut([at for at, _ in listed], page.limit))


@router.get("/packs/{pack}/rules/{rule}", summary="All about one rule")
def get_rule(
    request: Request, session: Reader, pack: PackId, rule: RuleId, version: VersionAsked = None
) -> shown.RuleDetail:
    """What it looks for, sources, examples and whether they come out as they say, what people made of its
    findings, and of a rule on trial what it found. Without a version of the rule: the newest."""
    opened = _opened(request, session, pack, version)
    found = [each for each in opened.entries if rule in (each.compiled.rule.id, each.compiled.name)]
    if not found:
        raise NotFoundError(
            f"the pack {pack!r} has no rule {rule!r}",
            code="rules.rule_unknown",
            where=rule,
            mend="GET /api/v1/packs/{pack}/rules lists them.",
        )
    entry = max(found, key=lambda each: each.compiled.rule.version)
    advising = next((row for row in advisory(session) if row.rule == entry.compiled.name), None)
    return rule_detail(session, opened, entry, advising)


def _opened(request: Request, session: Session, pack: str, version: str | None) -> Opened:
    library = library_of(request)
    if version is None:
        return library.live(session, pack)
    library.require(session, pack)
    return library.version(session, find_version(session, pack, version))
