"""Random steps by random people: half of them what would come next, the others anything at all."""

from dataclasses import dataclass
from random import Random
from typing import Any

from .model import Model
from .model_rules import OF_DITING, RANK
from .people import CAUSE, CONTACT, DAY, EVALUATION, HIGH_TEAM, HOUSE, LOW_TEAM, MEDIUM_TEAM, NOW, PLAN, TRACK

ACTIONS = (
    "sign", "send_back", "report_again", "collect", "form_team", "analyse", "plan", "revise_plan", "contact",
    "resolve", "track", "evaluate", "sign_off", "close", "dismiss", "reopen", "note", "set_level",
    "name_collector", "hold", "resume", "set_deadline", "extend_deadline", "escalate", "propose_relief",
    "approve_relief", "refuse_relief", "merge", "measure_done", "classify", "callback", "mediate", "answer",
    "evidence", "level_raised", "merged_from", "complaint_received",
)  # fmt: skip
NEXT = {
    "reported": ("sign", "sign", "send_back", "collect", "form_team"),
    "returned": ("report_again",),
    "reviewed": ("collect",),
    "collected": ("form_team", "form_team", "sign", "classify"),
    "teamed": ("analyse", "sign"),
    "analysed": ("plan", "propose_relief"),
    "planned": ("contact", "revise_plan"),
    "contacting": ("resolve", "resolve", "resolve", "contact", "approve_relief", "refuse_relief"),
    "resolved": ("track", "answer", "answer", "callback"),
    "tracking": ("evaluate", "evaluate", "track", "answer", "classify"),
    "evaluated": (
        "sign_off",
        "close",
        "close",
        "close",
        "sign",
        "answer",
        "callback",
        "callback",
        "classify",
        "mediate",
    ),
    "closed": ("reopen",),
}
LEVELS = ("low", "medium", "high")


@dataclass(frozen=True)
class RandomStep:
    who: str
    action: str
    document: dict[str, Any]
    broken: bool
    version: int | None


def random_case(rng: Random) -> dict[str, Any]:
    """How a case begins."""
    self_harm = rng.random() < 0.25
    return {
        "level": "high" if self_harm else rng.choice(LEVELS),
        "self_harm": self_harm,
        "reporter": rng.choice(("system", "system", "chen", "wang", "zhao")),
        "collector": rng.choice(("zhang", "zhang", "zhao", None, rng.choice(list(HOUSE)))),
        "unit": rng.choice(("team-1", "team-1", None)),
    }


def random_step(rng: Random, model: Model) -> RandomStep:
    """The next step of somebody."""
    likely = rng.random() < 0.85
    action = rng.choice(NEXT[model.state]) if likely else rng.choice(ACTIONS)
    if model.version == 1 and rng.random() < 0.4:
        action = "complaint_received"
    who = _somebody(rng, model, action) if rng.random() < 0.8 else rng.choice(list(HOUSE))
    document = _document(rng, model, action, who)
    broken = rng.random() < 0.05
    if broken:
        document = rng.choice(({**document, "surprise": 1}, {"nothing": True}))
    version = None
    if rng.random() < 0.5:
        version = model.version if rng.random() < 0.95 else rng.randrange(model.version + 2)
    return RandomStep(who, action, document, broken, version)


def _somebody(rng: Random, model: Model, action: str) -> str:
    roles = model._roles(action)
    if action in OF_DITING:
        return "system"
    fit = [person for person, (role, _) in HOUSE.items() if role in roles]
    if model.team and rng.random() < 0.8:
        fit = [person for person in fit if person in model.team] or fit
    return rng.choice(fit)


def _document(rng: Random, model: Model, action: str, who: str) -> dict[str, Any]:
    def someone() -> str:
        return rng.choice([*HOUSE, "nobody"])

    if action in OF_DITING:
        return _news(rng, model, action)
    level = rng.choice((*LEVELS, None, None))
    hour = str(NOW - rng.choice((0, 0, 0, 0, 1, 2, 4)) * DAY / 24)
    measures = [
        {"what": "致歉", "owner": rng.choice(("liu", "chen", "wu", "zhao", someone())), "due": str(NOW + DAY)}
        for _ in range(rng.randint(1, 3))
    ]
    made: dict[str, dict[str, Any]] = {
        "sign": {"truth": rng.choice(("confirmed", "partly", "unclear")), "accurate": True, "level": level},
        "send_back": {"reason": "时间不清"},
        "report_again": {"changes": "已补充", "level": level},
        "collect": {"complexity": rng.choice(("general", "complex"))},
        "form_team": _team(rng, model),
        "analyse": CAUSE,
        "plan": {"goal": PLAN["goal"], "measures": measures},
        "revise_plan": {"goal": PLAN["goal"], "measures": measures, "reason": "无效"},
        "contact": CONTACT | {"mood": rng.choice(("angry", "calm", "anxious"))},
        "resolve": {"outcome": rng.choice(("explained", "apologised", "relief_granted")), "words": "已处理"},
        "track": {
            "seen": TRACK["seen"],
            "measures_done": list(range(1, rng.choice((len(model.owners), 2, 3)) + 1)),
            "ended": rng.random() < 0.7,
        },
        "evaluate": EVALUATION | ({"unfinished": "客户不再需要"} if rng.random() < 0.5 else {}),
        "sign_off": {"office": HOUSE[who][0] if rng.random() < 0.8 and who in ("wang", "zhou", "feng", "han")
                     else rng.choice(("department_head", "control_lead"))},
        "dismiss": {"reason": "查无此事"},
        "reopen": {"reason": "客户再次来电"},
        "note": {"text": "客户下午在家"},
        "set_level": {"level": rng.choice(LEVELS), "reason": "复评"},
        "name_collector": {"collector_id": rng.choice(("zhang", "other-17", *HOUSE)),
                           "reason": "录音核实"},
        "hold": {"reason": "awaiting_documents", "words": "等合同"},
        "set_deadline": {"kind": "first_answer", "due": str(NOW + DAY), "reason": "客户要求"},
        "extend_deadline": {"kind": "regulator_handling", "reason": "案情复杂"},
        "escalate": {"to": someone(), "reason": "需协调"},
        "propose_relief": {"kind": "fee_relief", "amount": "120.50", "reason": "违约金过高"},
        "approve_relief": {"relief": rng.randint(1, max(1, len(model.reliefs)))},
        "refuse_relief": {"relief": rng.randint(1, len(model.reliefs) + 1)},
        "merge": {"into": 999_999, "reason": "同一事项"},
        "measure_done": {"measure": rng.randint(1, 3), "words": "已完成"},
        "classify": {"classification": "clear_fact", "reason": "录音属实"},
        "callback": {"channel": "phone", "at": hour, "said": "回访", "mood": "unknown",
                     **rng.choice(({"reached": False}, {"satisfaction": 1}, {"satisfaction": 5}, {}))},
        "mediate": {"stage": rng.choice(("held", "agreed", "failed")), "mediator": "消协", "words": "调解"},
        "answer": {"to": rng.choice((*["customer"] * 4, "creditor", "authority")), "channel": "phone",
                   "at": hour, "words": "说明"},
    }  # fmt: skip
    return made.get(action, {})


def _news(rng: Random, model: Model, action: str) -> dict[str, Any]:
    """What Diting itself brings; rarely of somebody who handles the case."""
    others = ("zhang", "zhao", "other-17", "other-18")
    concerned = [rng.choice([*others, *HOUSE] if rng.random() < 0.2 else others)]
    brought_by = [rng.choice(("sun", "chen", "wang", "zhou"))] if rng.random() < 0.3 else []
    higher = rng.choice([level for level in LEVELS if RANK[level] >= RANK[model.level]])
    level = rng.choice(LEVELS)
    return {
        "evidence": {"flags": rng.choice(([], ["regulator"], ["self_harm"])), "self_harm": rng.random() < 0.2,
                     "concerned": concerned, "brought_by": brought_by},
        "level_raised": {"level": higher},
        "merged_from": {"case": 999_999, "number": "W-2026-999999", "level": level, "concerned": concerned,
                        "highest": rng.choice([one for one in LEVELS if RANK[one] >= RANK[level]]),
                        "flags": rng.choice(([], [], ["self_harm"])), "brought_by": brought_by,
                        "collector_id": concerned[0], "reviewed": rng.choice((None, False))},
        "complaint_received": {
            "complaint": 1, "number": "W-2026-000001-1", "sha256": "0" * 64, "level": level,
            "channel": rng.choice((*["company_line"] * 4, "creditor", "regulator")),
            "source": rng.choice((*["complaint"] * 4, "regulator")),
            "arrived_at": str(NOW - rng.randrange(4) * DAY / 24), "received_by": rng.choice(("sun", "wang")),
            "collector_id": rng.choice((None, concerned[0])),
        },
    }[action]  # fmt: skip


def _team(rng: Random, model: Model) -> dict[str, Any]:
    if rng.random() < 0.75:
        return {"low": LOW_TEAM, "medium": MEDIUM_TEAM, "high": HIGH_TEAM}[model.level]
    functions = ("lead", "legal", "supervisor", "customer_service", "complaint_officer", "talks", "other")
    people = rng.sample(list(HOUSE), rng.randint(1, 5))
    members = [{"person": person, "function": rng.choice(functions)} for person in people]
    return {"handler": rng.choice(people), "members": members}
