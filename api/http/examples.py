"""Examples in the API description: invented people, real shapes."""

from typing import Any

FINDING: dict[str, Any] = {
    "id": 41,
    "call_id": 17,
    "rule": "cn.threat.employer@3",
    "category": "threat",
    "kind": "violation",
    "speaker": "agent",
    "utterances": [6],
    "start": 31.2,
    "end": 35.0,
    "heard": "让你在公司台不起头",
    "matched": "让你在公司抬不起头",
    "how": "sound",
    "confidence": 0.93,
    "status": "certain",
    "severity": "critical",
    "points": 40,
    "why": {"zh": "以工作单位相威胁", "en": "Threat against the debtor's job"},
    "cite": ["cn.cba2026"],
    "attributes": {},
    "advisory": False,
    "second_hearing": None,
    "advice": None,
}
TICKET: dict[str, Any] = {
    "id": 9,
    "call_id": 17,
    "call": "central-recorder/S003",
    "priority": "urgent",
    "state": "open",
    "reasons": ["严重违规：恐吓威胁"],
    "opened_at": "2026-03-13T15:02:11Z",
    "version": 3,
    "collector_id": "A2107",
    "team": "T2",
    "assigned_to": "ann",
    "second_reviewer": None,
    "plan": None,
    "shared_at": None,
    "appeal_until": None,
    "final_at": None,
    "final_score": None,
    "final_band": None,
}
WARNING: dict[str, Any] = {
    "id": 4,
    "debtor": "孟晓蕾",
    "contact": "+86154****1011",
    "amount_owed": "8450.00",
    "currency": "CNY",
    "source": "call",
    "time": "2026-03-13T14:41:00Z",
    "level": "high",
    "score": 78.5,
    "state": "reported",
    "model": "default@1",
    "advice": {"zh": "立即由投诉专员跟进。", "en": "Hand over to a complaint officer at once."},
    "calls": ["central-recorder/S003"],
    "indicators": [
        {
            "name": "complaint_intent.regulator",
            "points": 35.0,
            "floor": "high",
            "because": {
                "zh": "客户表示将向监管部门投诉",
                "en": "The customer says they will complain to the regulator",
            },
        }
    ],
}
CALL: dict[str, Any] = {
    "id": 17,
    "source": "central-recorder",
    "external_id": "S003",
    "state": "assessed",
    "reasons": [],
    "started_at": "2026-03-13T14:41:00Z",
    "duration_s": 79.6,
    "direction": "outbound",
    "agent": {"id": "A2107", "name": "贺鸣", "team": "T2", "number": None, "relation": None},
    "customer": {
        "id": "C770111",
        "name": "孟晓蕾",
        "team": None,
        "number": "+86154****1011",
        "relation": "debtor",
    },
    "client": "东澜银行",
    "score": {"total": 0, "band": "critical", "at_most": False},
    "findings": {"threat": 1, "complaint_intent": 1},
    "unsure": 0,
    "ticket": "urgent",
    "warning": "high",
}
CALL_DETAIL: dict[str, Any] = {
    **CALL,
    "result": {"diting": "0.1.0", "status": "inspected", "reasons": [], "findings": []},
}
_PERSON = {"how": "person", "trust": 1.0, "by": "api:token", "at": "2026-03-13T15:20:00Z"}
ROLES: dict[str, Any] = {
    "call_id": 17,
    "state": "assessed",
    "version": 2,
    "roles": _PERSON,
    "agent_side": 1,
    "sides": [
        {"side": 0, "speaker": "customer", "begins": "喂，哪位？"},
        {"side": 1, "speaker": "agent", "begins": "您好，请问是孟晓蕾女士吗？"},
    ],
    "versions": [
        {
            "version": 1,
            "replaced": None,
            "kind": "heard",
            "engine": "faster-whisper",
            "model": "base",
            "made_at": "2026-03-13T15:02:11Z",
            "because": None,
            "roles": {"how": "assumed", "trust": 0.7, "by": None, "at": None},
            "agent_side": 0,
            "score": {"total": 100, "band": None, "at_most": True},
        },
        {
            "version": 2,
            "replaced": 1,
            "kind": "swapped",
            "engine": "faster-whisper",
            "model": "base",
            "made_at": "2026-03-13T15:20:00Z",
            "because": "听过录音",
            "roles": _PERSON,
            "agent_side": 1,
            "score": {"total": 0, "band": "critical", "at_most": False},
        },
    ],
}
HEALTH: dict[str, Any] = {"status": "ok", "version": "0.1.0", "database": "ok", "model": "ok", "rules": "ok"}
ENGINE: dict[str, Any] = {
    "name": "sherpa-onnx",
    "chosen": False,
    "second": False,
    "offered_by": "diting",
    "library": "sherpa-onnx",
    "version": "2.0.1",
    "installed": True,
    "usable": False,
    "model": None,
    "problem": {
        "code": "model.missing",
        "message": "no model for sherpa-onnx comes with Diting",
        "where": "DITING_MODEL",
        "mend": "Set it to a folder with a SenseVoice or Paraformer model (docs/engines.md).",
    },
}
UNMASK: dict[str, Any] = {
    "reason": "客户投诉号码登记错误，需核对 / the customer says the number on file is wrong"
}
VIEW: dict[str, Any] = {
    "id": 12,
    "actor": "api:li.na",
    "what": "unmask",
    "subject": "call:central-recorder/20260601-0017",
    "call_id": 17,
    "masked": False,
    "reason": "客户投诉号码登记错误，需核对",
    "began_at": "2026-06-01T02:30:00Z",
    "last_at": "2026-06-01T02:30:00Z",
    "until": "2026-06-01T03:00:00Z",
    "heard": None,
    "export_id": None,
}
