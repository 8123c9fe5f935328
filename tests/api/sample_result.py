"""A result object as `diting inspect --json` prints it, with every kind of evidence in it."""

import copy
from typing import Any

LINES: list[tuple[str, float, float, str, float]] = [
    ("agent", 0.5, 3.4, "您好，请问是孟晓蕾女士吗？我是澄岳商务的贺鸣。", 0.94),
    ("customer", 3.9, 4.8, "我是，什么事？", 0.97),
    (
        "agent",
        5.2,
        11.6,
        "受东澜银行委托，跟您核实一下信用卡欠款，金额是八千四百五十元，已经逾期五十二天。",
        0.91,
    ),
    ("customer", 12.0, 16.9, "这个金额不对，我上个月还过三千，你们先查清楚，我电话是15400001011。", 0.88),
    ("agent", 16.1, 20.4, "系统里就是这么多，今天必须还，别跟我扯没用的。", 0.83),
    ("customer", 20.9, 24.2, "你们一天打七八个电话，别再给我打了。", 0.9),
    ("agent", 24.6, 30.8, "你不还是吧，我让你在公司台不起头，你们领导我都认识。", 0.58),
    ("customer", 31.2, 35.9, "你这是威胁我，我要打12378投诉你们！", 0.92),
    ("agent", 72.4, 75.1, "你去投诉啊，随便你。", 0.79),
    ("customer", 75.6, 78.2, "行，通话我都录着呢。", 0.86),
]


def _finding(**given: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "kind": "violation",
        "speaker": "agent",
        "matched": "",
        "how": "letters",
        "confidence": 0.9,
        "status": "certain",
        "severity": "major",
        "points": 0,
        "cite": [],
        "attributes": {},
        "advisory": False,
        "second_hearing": None,
    }
    return base | given


FINDINGS = [
    _finding(
        rule="cn.threat.employer@3",
        category="threat",
        utterances=[6],
        start=26.1,
        end=29.0,
        heard="让你在公司台不起头",
        matched="让你在公司抬不起头",
        how="sound",
        confidence=0.93,
        severity="critical",
        points=40,
        why="以影响工作单位、同事看法相威胁",
        cite=["cn.cba2026"],
    ),
    _finding(
        rule="cn.dispute.ignored@1",
        category="dispute_ignored",
        utterances=[3, 4],
        start=12.0,
        end=20.4,
        heard="今天必须还",
        matched="金额异议之后仍要求付款",
        how="order",
        points=15,
        why="客户提出金额异议后没有核实，仍要求当天还款",
        cite=["cn.telecom.client"],
    ),
    _finding(
        rule="cn.service.provoke@2",
        category="dismissive",
        utterances=[8],
        start=72.4,
        end=75.1,
        heard="你去投诉啊",
        matched="你去投诉啊",
        points=10,
        status="unsure",
        confidence=0.61,
        why="挑衅客户投诉",
    ),
    _finding(
        rule="cn.hours.permitted@1",
        category="off_hours",
        utterances=[],
        speaker=None,
        start=None,
        end=None,
        heard="22:41",
        matched="08:00–22:00",
        how="fact",
        points=20,
        why="通话开始时间为客户当地 22:41，不在允许时段内",
        cite=["cn.gbt45251"],
    ),
    _finding(
        rule="cn.air.dead@1",
        category="dead_air",
        utterances=[8],
        speaker=None,
        start=35.9,
        end=72.4,
        heard="",
        matched="30 s",
        how="cue",
        severity="minor",
        points=3,
        why="双方静默 36.5 秒，事先没有说明",
    ),
    _finding(
        rule="cn.signal.dispute.amount@1",
        category="dispute.amount",
        kind="signal",
        speaker="customer",
        utterances=[3],
        start=12.0,
        end=16.9,
        heard="这个金额不对",
        matched="金额不对",
        severity="info",
        why="客户对金额有异议",
    ),
    _finding(
        rule="cn.signal.complaint@1",
        category="complaint_intent",
        kind="signal",
        speaker="customer",
        utterances=[7],
        start=31.2,
        end=35.9,
        heard="我要打12378投诉你们",
        matched="12378",
        how="regex",
        severity="info",
        why="客户表示将向监管热线投诉",
        attributes={"channel": "regulator"},
    ),
]

RESULT: dict[str, Any] = {
    "diting": "0.1.0",
    "status": "inspected",
    "reasons": [],
    "call": {
        "external_id": "S003",
        "source": "central-recorder",
        "direction": "outbound",
        "started_at": "2026-03-13T22:41:00+08:00",
        "agent": {"id": "A2107", "name": "贺鸣", "team": "T2"},
        "customer": {
            "id": "C770111",
            "name": "孟晓蕾",
            "number": "+8615400001011",
            "relation": "debtor",
            "timezone": "Asia/Shanghai",
        },
        "case": {
            "id": "K-2026-040111",
            "client": "东澜银行",
            "product": "credit_card",
            "days_overdue": 52,
            "amount_due": "8450.00",
            "currency": "CNY",
            "complaints_before": 1,
        },
        "duration_s": 79.6,
        "recording": {"sha256": "ab" * 32, "codec": "opus", "sample_rate": 8000, "channels": 2},
    },
    "transcript": {
        "language": "zh",
        "engine": "faster-whisper",
        "model": "base",
        "roles": {"how": "person", "trust": 1.0, "by": "cli:wang", "at": "2026-03-13T15:20:00+00:00"},
        "utterances": [
            {
                "id": i,
                "speaker": who,
                "side": None,
                "start": a,
                "end": b,
                "text": text,
                "confidence": sure,
                "words": [],
            }
            for i, (who, a, b, text, sure) in enumerate(LINES)
        ],
    },
    "cues": [
        {"kind": "overlap", "speaker": "agent", "start": 16.1, "end": 16.9, "value": 0.8, "unit": "s"},
        {
            "kind": "raised_voice",
            "speaker": "agent",
            "start": 24.6,
            "end": 30.8,
            "value": 2.7,
            "unit": "sd over own baseline",
        },
        {"kind": "dead_air", "speaker": "unknown", "start": 35.9, "end": 72.4, "value": 36.5, "unit": "s"},
    ],
    "findings": FINDINGS,
    "score": {
        "total": 0,
        "band": "critical",
        "deductions": [
            {"rule": "cn.threat.employer@3", "points": 40},
            {"rule": "cn.hours.permitted@1", "points": 20},
            {"rule": "cn.dispute.ignored@1", "points": 15},
            {"rule": "cn.air.dead@1", "points": 3},
        ],
    },
    "ticket": {"priority": "urgent", "reasons": ["严重违规：恐吓威胁", "存疑项需人工判断：服务态度差"]},
    "warning": {
        "score": 78.5,
        "level": "high",
        "model": "default@1",
        "indicators": [
            {"name": "complaint_intent", "points": 35.0, "because": "客户表示将向监管热线 12378 投诉"},
            {"name": "agent_violation", "points": 25.0, "because": "本通话质检结果为严重"},
            {"name": "complaint_history", "points": 10.5, "because": "此前投诉 1 次"},
            {"name": "days_overdue", "points": 8.0, "because": "逾期 52 天"},
        ],
        "advice": "立即暂停催收，二十四小时内由投诉专员回访，并向委托方报备。",
    },
}


def result(**changed: Any) -> dict[str, Any]:
    """A copy of the sample with some parts replaced."""
    return copy.deepcopy(RESULT) | changed
