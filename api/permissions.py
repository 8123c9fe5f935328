"""Who may do what: one table of permissions by role, and one of what each route takes.

A permission opens a door; which rows somebody finds behind it is decided in `api.sight`, and whether an
action fits the state of a case or ticket in the tables of those. A route that is in no table is closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.words import Words
from store.people import Actor, Role

_CASE_WORK: Final[tuple[Role, ...]] = (
    "customer_service", "supervisor", "department_head", "complaint_officer", "control_lead", "legal",
)  # fmt: skip
_CONTROL: Final[tuple[Role, ...]] = ("department_head", "complaint_officer", "control_lead")
_QUALITY: Final[tuple[Role, ...]] = ("qc_reviewer", "qc_lead")
_HEARS: Final[tuple[Role, ...]] = ("collector", *_CASE_WORK, *_QUALITY, "auditor")
_READS_CASES: Final[tuple[Role, ...]] = (*_CASE_WORK, "qc_lead", "auditor")
_PEOPLE: Final[tuple[Role, ...]] = (*_HEARS, "admin")


@dataclass(frozen=True, slots=True)
class Permission:
    """What one may do, and the roles that may."""

    what: Words
    roles: frozenset[str]


def _may(zh: str, en: str, *roles: Role) -> Permission:
    return Permission(Words(zh, en), frozenset(roles))


PERMISSIONS: Final[Mapping[str, Permission]] = {
    "calls.read": _may("查看通话、转写与质检结果", "see calls, transcripts and what was found", *_HEARS),
    "calls.listen": _may("收听录音", "hear recordings", *_HEARS),
    "calls.unmask": _may(
        "说明理由后查看通话原文与原录音", "see and hear a call in full, for a reason", *_CONTROL, "legal",
        "qc_lead", "auditor",
    ),
    "retention.read": _may(
        "查看保存期限、证据保全与删除记录", "see how long things are kept, holds and deletions",
        *_CONTROL, "legal", "auditor", "admin",
    ),
    "retention.hold": _may("设置、解除证据保全", "hold calls and release them", *_CONTROL, "legal"),
    "retention.prove": _may("核验删除证明", "prove that a call is gone", "auditor", "admin"),
    "views.read": _may(
        "查看访问留痕", "see who saw and heard what", "auditor", "qc_lead"
    ),
    "audit.read": _may("查看审计日志", "see the audit log", "auditor", "admin"),
    "calls.push": _may("送入通话与话单", "bring calls and call records", "integration", "admin"),
    "figures.read": _may(
        "查看统计图表", "see figures", "supervisor", *_CONTROL, "legal", "qc_lead", "auditor"
    ),
    "trend.own": _may("查看本人的质检趋势", "see how one's own calls go", "collector"),
    "evidence.export": _may(
        "导出证据包", "export the evidence of a call", *_CONTROL, "legal", "qc_lead", "auditor"
    ),
    "evidence.original": _may(
        "导出未脱敏的证据包", "export evidence with what is otherwise hidden", "complaint_officer", "legal"
    ),
    "subjects.export": _may(
        "导出本人信息", "give people what is on record about them", "complaint_officer", "legal"
    ),
    "subjects.erase": _may(
        "申请删除本人信息", "order that a person's data be deleted", "complaint_officer", "legal"
    ),
    "searches.keep": _may("保存检索", "keep searches", "collector", *_CASE_WORK, *_QUALITY),
    "roles.decide": _may("裁定双方身份", "decide who is the agent", *_QUALITY),
    "tickets.read": _may("查看质检工单", "see QC tickets", *_HEARS),
    "tickets.act": _may(
        "处理质检工单", "review calls, answer a review", "collector", "supervisor", "department_head",
        *_QUALITY,
    ),
    "cases.read": _may("查看投诉案件", "see complaint cases", *_READS_CASES),
    "cases.debtor": _may(
        "查看案件中债务人的姓名与号码", "see names and numbers of debtors in cases",
        "complaint_officer", "legal",
    ),
    "cases.act": _may("处理投诉案件", "handle complaint cases", *_CASE_WORK, "qc_lead"),
    "items.read": _may("查看上报与舆情", "see reports and public posts", *_READS_CASES, "admin"),
    "items.report": _may(
        "上报客户疑虑与舆情", "report what a customer doubts", "collector", *_CASE_WORK, *_QUALITY, "admin",
        "integration",
    ),
    "items.decide": _may(
        "归属上报与舆情", "say whom a report concerns", "customer_service", "supervisor", *_CONTROL, "admin"
    ),
    "complaints.take": _may("登记投诉", "take complaints in", *_CASE_WORK, "integration"),
    "complaints.read": _may("查看投诉", "see complaints", *_READS_CASES),
    "deadlines.read": _may("查看时限", "see deadlines", *_READS_CASES),
    "calendar.read": _may("查看工作日历", "see the working days", *_PEOPLE, "integration"),
    "learning.read": _may("查看月度复盘与案例库", "see monthly lessons and closed cases", *_READS_CASES),
    "learning.publish": _may(
        "收入案例库", "put closed cases into the library", "control_lead", "department_head"
    ),
    "notices.read": _may("查看通知", "see notices", *_CONTROL, "auditor", "admin"),
    "notices.resend": _may("重发通知", "send notices again", *_CONTROL, "admin"),
    "warnings.read": _may("查看投诉预警", "see complaint warnings", *_READS_CASES),
    "warnings.export": _may("导出投诉预警", "export warnings", *_CONTROL, "legal", "auditor"),
    "warnings.simulate": _may("试算权重", "try other weights", *_CONTROL, "qc_lead"),
    "ledger.read": _may("查看台账", "see the ledger", *_READS_CASES),
    "ledger.export": _may("导出台账", "export the ledger", *_CONTROL, "legal", "auditor"),
    "rules.read": _may(
        "查看规则包与规则", "see rule packs and rules", *_QUALITY, "supervisor", *_CONTROL, "legal",
        "auditor", "admin",
    ),
    "rules.try": _may(
        "试用、检查规则", "try and check rules", *_QUALITY, "supervisor", *_CONTROL, "legal", "admin"
    ),
    "rules.propose": _may("提出规则包新版本", "propose versions of rule packs", "qc_lead", "legal"),
    "rules.approve": _may(
        "批准、驳回、停用规则包版本", "approve, reject and stop versions of rule packs", "qc_lead", "legal"
    ),
    "sources.read": _may("查看来源与接收情况", "see where calls come from", "auditor", "admin"),
    "sources.manage": _may("测试来源、重试接收", "try sources and what they could not give", "admin"),
    "work.read": _may("查看处理进度", "see how the work stands and what failed", "auditor", "admin"),
    "work.retry": _may("重试失败的通话", "put failed calls back to work", "admin"),
    "health.read": _may("查看运行状况", "see whether everything works", "auditor", "admin"),
    "sampling.read": _may("查看抽检计划与抽样", "see sampling plans and draws", "qc_lead", "auditor"),
    "sampling.run": _may("制定抽检计划、抽样", "add sampling plans and draw", "qc_lead"),
    "reviewers.read": _may("查看复核人及其工作量", "see reviewers and their load", "qc_lead", "auditor"),
    "reviewers.manage": _may("设置复核人、分派工单", "say who reviews and give out tickets", "qc_lead"),
    "scorecards.read": _may("查看评分表", "see scorecards", *_HEARS),
    "scorecards.rate": _may("试算评分", "try what ratings come to", *_QUALITY),
    "scorecards.write": _may("制定评分表", "add scorecards", "qc_lead"),
    "agreement.read": _may("查看一致性与推翻率", "see how far reviewers agree", "qc_lead", "auditor"),
    "calibrations.read": _may("查看校准", "see calibrations", *_QUALITY, "auditor"),
    "calibrations.answer": _may("参加校准", "answer in calibrations", *_QUALITY),
    "calibrations.manage": _may("开启、关闭校准", "open and close calibrations", "qc_lead"),
    "coaching.read": _may(
        "查看辅导任务", "see coaching tasks", "collector", "supervisor", "department_head", *_QUALITY,
        "auditor",
    ),
    "coaching.manage": _may(
        "布置、结束辅导任务", "set and end coaching tasks", "supervisor", "department_head", "qc_lead"
    ),
    "engines.read": _may("查看识别引擎", "see the speech engines", *_PEOPLE),
    "events.listen": _may("接收变更事件", "be told what changes", *_PEOPLE),
    "account.own": _may(
        "管理本人的登录、密钥与密码", "keep one's own sign-ins, keys and password", *_PEOPLE, "integration"
    ),
    "people.read": _may(
        "查看人员", "see the people of the house", *_CASE_WORK, *_QUALITY, "auditor", "admin"
    ),
    "people.manage": _may("管理人员与账号", "add and change people and their accounts", "admin"),
    "metrics.read": _may("查看运行指标", "see how the work stands", "admin", "auditor", "integration"),
}  # fmt: skip

# Pages that say themselves what nobody in particular may see.
PUBLIC: Final = "public"

# What is open to who has to set up a second factor first.
ENROLMENT: Final = frozenset(
    {
        "GET /session", "DELETE /session", "GET /words", "GET /me/second-factor", "POST /me/second-factor",
        "PUT /me/second-factor",
    }
)  # fmt: skip

ROUTES: Final[Mapping[str, str]] = {
    "GET /": PUBLIC,
    "GET /plain": "calls.read",
    "GET /healthz": PUBLIC,
    "GET /metrics": "metrics.read",
    "GET /app": PUBLIC,
    "GET /app/{path:path}": PUBLIC,
    "GET /sign-in": PUBLIC,
    "POST /sign-in": PUBLIC,
    "GET /sign-in/second-factor": PUBLIC,
    "POST /sign-in/second-factor": PUBLIC,
    "GET /sign-in/oidc": PUBLIC,
    "GET /sign-in/oidc/back": PUBLIC,
    "POST /sign-out": PUBLIC,
    "GET /setup": PUBLIC,
    "POST /setup": PUBLIC,
    "POST /session": PUBLIC,
    "POST /token": PUBLIC,
    "GET /session": "account.own",
    "GET /words": "account.own",
    "DELETE /session": "account.own",
    "GET /me/sessions": "account.own",
    "DELETE /me/sessions/{session_number}": "account.own",
    "PUT /me/password": "account.own",
    "GET /me/second-factor": "account.own",
    "POST /me/second-factor": "account.own",
    "PUT /me/second-factor": "account.own",
    "DELETE /me/second-factor": "account.own",
    "GET /people": "people.read",
    "POST /people": "people.manage",
    "GET /people/{person}": "people.read",
    "PATCH /people/{person}": "people.manage",
    "POST /people/{person}/password": "people.manage",
    "DELETE /people/{person}/sessions": "people.manage",
    "DELETE /people/{person}/second-factor": "people.manage",
    "GET /teams": "people.read",
    "POST /teams": "people.manage",
    "GET /teams/{team}": "people.read",
    "PATCH /teams/{team}": "people.manage",
    "GET /events": "events.listen",
    "GET /me/keys": "account.own",
    "GET /me/trend": "trend.own",
    "POST /me/keys": "account.own",
    "DELETE /me/keys/{key_number}": "account.own",
    "GET /calls": "calls.read",
    "POST /calls": "calls.push",
    "GET /calls/{call_id}": "calls.read",
    "GET /calls/{call_id}/audio": "calls.listen",
    "GET /calls/{call_id}/peaks": "calls.listen",
    "POST /calls/{call_id}/unmask": "calls.unmask",
    "GET /views": "views.read",
    "GET /retention": "retention.read",
    "GET /retention/runs": "retention.read",
    "GET /retention/holds": "retention.read",
    "GET /retention/proof": "retention.prove",
    "GET /calls/{call_id}/retention": "retention.read",
    "POST /calls/{call_id}/hold": "retention.hold",
    "POST /calls/{call_id}/hold/release": "retention.hold",
    "GET /audit": "audit.read",
    "GET /audit/verification": "audit.read",
    "GET /calls/{call_id}/evidence": "evidence.export",
    "POST /calls/{call_id}/evidence": "evidence.original",
    "GET /calls/{call_id}/findings": "calls.read",
    "GET /calls/{call_id}/report": "calls.read",
    "GET /calls/{call_id}/review": "calls.read",
    "GET /calls/{call_id}/roles": "calls.read",
    "POST /calls/{call_id}/roles": "roles.decide",
    "GET /findings": "calls.read",
    "GET /figures/adherence": "figures.read",
    "GET /figures/calls": "figures.read",
    "GET /figures/findings": "figures.read",
    "GET /figures/frequency": "figures.read",
    "GET /figures/queue": "figures.read",
    "GET /figures/warnings": "figures.read",
    "GET /search": "calls.read",
    "GET /searches": "calls.read",
    "POST /searches": "searches.keep",
    "PATCH /searches/{number}": "searches.keep",
    "DELETE /searches/{number}": "searches.keep",
    "GET /tickets": "tickets.read",
    "GET /tickets/{ticket_id}": "tickets.read",
    "GET /tickets/{ticket_id}/actions": "tickets.read",
    "POST /tickets/{ticket_id}/actions/{action}": "tickets.act",
    "GET /tickets/{ticket_id}/feedback": "tickets.read",
    "GET /tickets/{ticket_id}/history": "tickets.read",
    "GET /cases": "cases.read",
    "GET /cases/{case_id}": "cases.read",
    "GET /cases/{case_id}/actions": "cases.act",
    "POST /cases/{case_id}/actions/{action}": "cases.act",
    "GET /cases/{case_id}/deadlines": "deadlines.read",
    "GET /cases/{case_id}/history": "cases.read",
    "GET /calendars/{country}/{year}": "calendar.read",
    "GET /complaints": "complaints.read",
    "POST /complaints": "complaints.take",
    "GET /complaints/{number}": "complaints.read",
    "GET /deadlines": "deadlines.read",
    "GET /engines": "engines.read",
    "GET /items": "items.read",
    "POST /items/{item_id}/match": "items.decide",
    "POST /items/{item_id}/set-aside": "items.decide",
    "POST /reports": "items.report",
    "POST /opinions": "items.report",
    "POST /opinions/import": "items.report",
    "GET /learning/groups": "learning.read",
    "GET /learning/library": "learning.read",
    "POST /learning/library/{case_id}": "learning.publish",
    "GET /learning/months/{month}": "learning.read",
    "GET /ledger": "ledger.read",
    "GET /ledger/export.csv": "ledger.export",
    "GET /ledger/export.xlsx": "ledger.export",
    "GET /ledger/summary": "ledger.read",
    "GET /ledger/{number}": "ledger.read",
    "GET /notices": "notices.read",
    "GET /notices/channels": "notices.read",
    "POST /notices/channels/{channel}/test": "notices.resend",
    "GET /notices/{notice}": "notices.read",
    "POST /notices/{notice}/resend": "notices.resend",
    "POST /subjects/export": "subjects.export",
    "GET /subjects/erase": "subjects.erase",
    "POST /subjects/erase": "subjects.erase",
    "POST /subjects/erase/{order}/approve": "subjects.erase",
    "GET /sources": "sources.read",
    "GET /sources/{name}": "sources.read",
    "GET /sources/{name}/dead": "sources.read",
    "POST /sources/{name}/dead/retry": "sources.manage",
    "POST /sources/{name}/test": "sources.manage",
    "GET /work": "work.read",
    "GET /work/failed": "work.read",
    "POST /work/failed/{number}/retry": "work.retry",
    "GET /health": "health.read",
    "POST /sources/{name}/records": "calls.push",
    "POST /uploads": "calls.push",
    "HEAD /uploads/{upload_id}": "calls.push",
    "PATCH /uploads/{upload_id}": "calls.push",
    "DELETE /uploads/{upload_id}": "calls.push",
    "GET /agreement": "agreement.read",
    "GET /agreement/overturned": "agreement.read",
    "POST /assignments": "reviewers.manage",
    "GET /calibrations": "calibrations.read",
    "POST /calibrations": "calibrations.manage",
    "GET /calibrations/{calibration_id}": "calibrations.read",
    "POST /calibrations/{calibration_id}/answers": "calibrations.answer",
    "POST /calibrations/{calibration_id}/close": "calibrations.manage",
    "GET /calibrations/{calibration_id}/results": "calibrations.read",
    "GET /coaching": "coaching.read",
    "POST /coaching": "coaching.manage",
    "GET /coaching/{task_id}": "coaching.read",
    "POST /coaching/{task_id}/cancel": "coaching.manage",
    "POST /coaching/{task_id}/done": "coaching.manage",
    "GET /coaching/{task_id}/effect": "coaching.read",
    "GET /reviewers": "reviewers.read",
    "POST /reviewers/{person}": "reviewers.manage",
    "GET /packs": "rules.read",
    "GET /packs/{pack}": "rules.read",
    "GET /packs/{pack}/rules": "rules.read",
    "GET /packs/{pack}/rules/{rule}": "rules.read",
    "POST /packs/{pack}/rules/{rule}/restore": "rules.approve",
    "GET /packs/{pack}/proposals": "rules.read",
    "POST /packs/{pack}/proposals": "rules.propose",
    "GET /packs/{pack}/proposals/{proposal}": "rules.read",
    "GET /packs/{pack}/proposals/{proposal}/backtest": "rules.read",
    "POST /packs/{pack}/proposals/{proposal}/backtest": "rules.propose",
    "POST /packs/{pack}/proposals/{proposal}/approve": "rules.approve",
    "POST /packs/{pack}/proposals/{proposal}/reject": "rules.approve",
    "POST /packs/{pack}/proposals/{proposal}/withdraw": "rules.approve",
    "POST /rules/lint": "rules.try",
    "POST /rules/try": "rules.try",
    "GET /sampling/draws": "sampling.read",
    "GET /sampling/draws/{draw_id}": "sampling.read",
    "GET /sampling/draws/{draw_id}/check": "sampling.read",
    "GET /sampling/draws/{draw_id}/estimate": "sampling.read",
    "GET /sampling/plans": "sampling.read",
    "POST /sampling/plans": "sampling.run",
    "GET /sampling/plans/{name}": "sampling.read",
    "POST /sampling/plans/{name}/draws": "sampling.run",
    "GET /scorecards": "scorecards.read",
    "POST /scorecards": "scorecards.write",
    "GET /scorecards/{name}": "scorecards.read",
    "POST /scorecards/{name}/score": "scorecards.rate",
    "GET /warnings": "warnings.read",
    "GET /warnings/export.xlsx": "warnings.export",
    "POST /warnings/simulate": "warnings.simulate",
}


def permits(actor: Actor, permission: str) -> bool:
    """Whether one of the actor's roles has the permission; one that is not in the table is nobody's."""
    listed = PERMISSIONS.get(permission)
    return permission == PUBLIC or (listed is not None and actor.has(*listed.roles))


def permission_of(method: str, path: str) -> str | None:
    """What a route takes, by its path without the version; None where no table names it. Who may see a
    thing may ask for its head."""
    asked = ROUTES.get(f"{method} {path}")
    return ROUTES.get(f"GET {path}") if asked is None and method == "HEAD" else asked
