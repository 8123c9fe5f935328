"""The way of a case from the report to closing, and what may be done beside it: lines of the table."""

from typing import Final

from complaint_warnings.cases import complaint_guards as k
from complaint_warnings.cases import documents as d
from complaint_warnings.cases import guards as g
from complaint_warnings.cases import handling_guards as h
from complaint_warnings.cases import system_documents as s
from complaint_warnings.cases import team_guards as t
from complaint_warnings.cases.lines import (
    COMPLAINED,
    CONTROL,
    CONTROL_AND_HEADS,
    DONE,
    EVERYBODY,
    HANDLERS,
    HANDLING,
    HIGH,
    REPORTERS,
    REVIEWED,
    SYSTEM,
    UNREVIEWED,
    Transition,
)
from complaint_warnings.cases.types import OPEN_STATES, STATES

_HEAD: Final = ("department_head",)
_FREE: Final = (g.not_concerned,)
_REVIEW: Final = (g.not_reporter, g.not_concerned, g.self_harm_stays_high)
_LEVEL: Final = (g.lowering_authority, g.self_harm_stays_high)
_TEAM: Final = (g.not_concerned, t.collector_out, t.team_complete)
_PLAN: Final = (g.not_concerned, t.in_team, t.team_complete, h.plan_sound)
_RESULT: Final = (
    g.not_concerned, t.in_team, t.team_complete, h.spoken, h.relief_settled, h.relief_granted,
)  # fmt: skip
_WORTH: Final = (g.not_concerned, t.in_team, h.tracking_ended, h.measures_accounted)
_CLOSE: Final = (
    g.not_concerned, g.lead_if_high, g.reviewed, t.team_complete, h.tracking_ended, h.evaluation_stands,
    h.relief_settled, h.self_harm_signed,
    *k.CLOSING,
)  # fmt: skip
_AGAIN: Final = (g.not_concerned, g.not_merged, g.no_other_open)
_DISMISS: Final = (
    g.not_reporter, g.not_concerned, g.not_self_harm, k.no_complaint, g.lead_if_high, h.relief_settled,
)  # fmt: skip
_BEFORE_PLAN: Final = ("reviewed", "collected", "teamed", "analysed")

# A high case starts at once: complaint control may collect it, form the team and talk to the customer from
# `reported`; the review may follow at any time, but the case is not closed without it.
# Reopened, the report stays as it was reviewed: what did not hold is the handling, so complaint control takes
# it again. A case that nobody ever reviewed goes back to where the review is made.
WAY: Final[tuple[Transition, ...]] = (
    Transition("sign", "审核签字", "sign the report", ("reported",), "reviewed", _HEAD, d.Review, _REVIEW),
    Transition("sign", "补审核签字", "sign later what was begun at once",
               ("reviewed", "collected", *HANDLING), None, _HEAD, d.Review, _REVIEW, UNREVIEWED),
    Transition("send_back", "退回", "send the report back",
               ("reported",), "returned", _HEAD, d.SendBack, (g.not_reporter, g.not_concerned)),
    Transition("report_again", "补正后重新报备", "report again",
               ("returned",), "reported", REPORTERS, d.Correction, (g.not_concerned, g.own_report, *_LEVEL)),
    Transition("collect", "投诉防控汇总", "take over", ("reviewed",), "collected", CONTROL, d.Collect, _FREE),
    Transition("collect", "高等级立即汇总", "take over at once",
               ("reported",), "collected", CONTROL, d.Collect, _FREE, HIGH),
    Transition("form_team", "成立处理组", "form the team",
               ("collected",), "teamed", CONTROL, d.Team, _TEAM),
    Transition("form_team", "高等级立即成立处理组", "form the team at once",
               ("reported", "reviewed"), "teamed", CONTROL, d.Team, _TEAM, HIGH),
    Transition("form_team", "调整处理组", "change the team", HANDLING, None, CONTROL, d.Team, _TEAM),
    Transition("analyse", "原因分析", "analyse the cause",
               ("teamed", "analysed"), "analysed", HANDLERS, d.Cause, (g.not_concerned, t.in_team)),
    Transition("plan", "制定方案", "make the plan", ("analysed",), "planned", HANDLERS, d.Plan, _PLAN),
    Transition("revise_plan", "修订方案", "change the plan",
               ("planned", "contacting"), None, HANDLERS, d.RevisedPlan, _PLAN),
    Transition("revise_plan", "方案无效，重新制定", "plan again",
               DONE, "planned", HANDLERS, d.RevisedPlan, _PLAN),
    Transition("measure_done", "措施完成", "a measure is done",
               ("planned", "contacting", "resolved", "tracking"), None, HANDLERS, d.MeasureDone,
               (g.not_concerned, h.measures_known, t.in_team_or_owner)),
    Transition("contact", "联系客户", "talk to the customer",
               ("planned",), "contacting", HANDLERS, d.Contact, (g.not_concerned, h.not_ahead)),
    Transition("contact", "联系客户", "talk to the customer",
               (*_BEFORE_PLAN, "contacting", *DONE), None, HANDLERS, d.Contact,
               (g.not_concerned, h.not_ahead)),
    Transition("contact", "高等级立即联系客户", "talk to the customer at once",
               ("reported", "returned"), None, HANDLERS, d.Contact, (g.not_concerned, h.not_ahead), HIGH),
    Transition("contact", "首次答复投诉人", "give a first answer to who complained",
               ("reported", "returned"), None, HANDLERS, d.Contact,
               (g.not_concerned, h.not_ahead), COMPLAINED),
    Transition("resolve", "处理结果", "give the result",
               ("contacting",), "resolved", HANDLERS, d.Result, _RESULT),
    Transition("track", "跟踪", "look whether it holds",
               ("resolved", "tracking"), "tracking", HANDLERS, d.Track,
               (g.not_concerned, t.in_team, h.measures_known)),
    Transition("evaluate", "评估", "evaluate", ("tracking",), "evaluated", HANDLERS, d.Evaluation, _WORTH),
    Transition("sign_off", "同意结案", "agree to the closing",
               ("evaluated",), None, g.HEADS, d.SignOff,
               (g.not_concerned, h.office_held, h.evaluation_stands)),
    Transition("close", "结案", "close", ("evaluated",), "closed", CONTROL, d.Empty, _CLOSE),
    Transition("dismiss", "驳回（不属实）", "dismiss as unfounded",
               ("reported", "returned", *_BEFORE_PLAN), "closed", g.HEADS, d.Reason, _DISMISS),
    Transition("reopen", "重开", "reopen",
               ("closed",), "collected", (*CONTROL_AND_HEADS, *SYSTEM), d.Reason, _AGAIN, REVIEWED),
    Transition("reopen", "重开（未审核）", "reopen what was never reviewed",
               ("closed",), "reported", (*CONTROL_AND_HEADS, *SYSTEM), d.Reason, _AGAIN, UNREVIEWED),
)  # fmt: skip

# The state stays, but for the merging.
BESIDE: Final[tuple[Transition, ...]] = (
    Transition("note", "备注", "add a note", STATES, None, EVERYBODY, d.Note),
    Transition("set_level", "调整等级", "set the level",
               OPEN_STATES, None, CONTROL_AND_HEADS, d.LevelSet, (g.not_concerned, *_LEVEL)),
    Transition("name_collector", "指明被投诉催收员", "name the collector complained of",
               OPEN_STATES, None, CONTROL_AND_HEADS, d.Concerned, (g.not_concerned, t.not_in_handling)),
    Transition("hold", "暂停计时", "put on hold",
               OPEN_STATES, None, CONTROL_AND_HEADS, d.Hold, (g.not_concerned, g.not_held)),
    Transition("resume", "恢复计时", "resume",
               OPEN_STATES, None, (*CONTROL_AND_HEADS, *SYSTEM), d.Empty, (g.not_concerned, g.held)),
    Transition("set_deadline", "手动设定或撤回期限", "set a date by hand, or take it back",
               OPEN_STATES, None, CONTROL_AND_HEADS, d.DeadlineSet,
               (g.not_concerned, h.due_ahead, h.date_there)),
    Transition("extend_deadline", "按规则延期", "put a deadline off by the policy",
               OPEN_STATES, None, CONTROL_AND_HEADS, d.DeadlineExtended, _FREE),
    Transition("escalate", "升级上报", "take it up the line",
               OPEN_STATES, None, (*HANDLERS, *SYSTEM), d.Escalation, _FREE),
    Transition("propose_relief", "提出减免或补偿", "propose relief",
               ("teamed", "analysed", "planned", "contacting"), None, HANDLERS, d.Relief,
               (g.not_concerned, t.in_team)),
    Transition("approve_relief", "批准减免或补偿", "approve relief",
               OPEN_STATES, None, g.HEADS, d.ReliefDecision,
               (g.not_concerned, h.relief_waiting, h.second_person)),
    Transition("refuse_relief", "不予减免或补偿", "refuse relief",
               OPEN_STATES, None, g.HEADS, d.ReliefDecision, (g.not_concerned, h.relief_waiting)),
    Transition("merge", "并入他案", "merge into another case",
               OPEN_STATES, "closed", CONTROL, d.Merge, (g.not_concerned, g.target_open, h.relief_settled)),
)  # fmt: skip

# What Diting itself puts on record.
BY_SYSTEM: Final[tuple[Transition, ...]] = (
    Transition("evidence", "新增证据", "the evidence changed", STATES, None, SYSTEM, s.Evidence),
    Transition("level_raised", "等级升高", "the level rose", OPEN_STATES, None, SYSTEM, s.LevelRaised),
    Transition("merged_from", "他案并入", "another case goes on here",
               OPEN_STATES, None, SYSTEM, s.MergedFrom),
    Transition("handle_again", "重新处理", "handling begins again", DONE, "planned", SYSTEM, s.Again),
    Transition("deadline_warned", "期限预警", "a deadline is near",
               OPEN_STATES, None, SYSTEM, s.ClockTold),
    Transition("deadline_breached", "期限超时", "a deadline has passed",
               OPEN_STATES, None, SYSTEM, s.ClockTold),
)  # fmt: skip
