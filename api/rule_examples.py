"""Examples of packs and rules in the API description: invented people, real shapes."""

from typing import Any

PACK: dict[str, Any] = {
    "pack": "house",
    "title": {"zh": "本公司规则", "en": "Rules of the house"},
    "language": "zh",
    "version": "3",
    "jurisdiction": "CN",
    "extends": ["cn-base"],
    "shipped": False,
    "approved": True,
    "approved_by": "legal-1",
    "approved_at": "2026-03-02T01:00:00Z",
    "proposals": 1,
    "rules": {"draft": 0, "shadow": 1, "stable": 12, "deprecated": 0},
    "problem": None,
}
VERSION: dict[str, Any] = {
    "number": 7,
    "pack": "house",
    "version": "3",
    "hash": "0b5f8d3c1e7a9b24",
    "origin": "site",
    "state": "approved",
    "judging": True,
    "proposed_by": "lead-1",
    "proposed_at": "2026-03-01T08:00:00Z",
    "approved_by": "legal-1",
    "approved_at": "2026-03-02T01:00:00Z",
    "withdrawn_by": None,
    "withdrawn_at": None,
}
PACK_DETAIL: dict[str, Any] = {
    **PACK, "description": None, "files": ["pack.yaml", "tone.yaml"], "versions": [VERSION]
}  # fmt: skip
RULE: dict[str, Any] = {
    "rule": "house.scolds@1",
    "id": "house.scolds",
    "version": 1,
    "title": {"zh": "训斥客户", "en": "Scolds the customer"},
    "category": "dismissive",
    "kind": "violation",
    "status": "stable",
    "severity": "minor",
    "points": 5,
    "veto": False,
    "advisory": False,
    "effective_from": "2026-01-30",
    "effective_to": None,
    "cite": ["policy"],
    "examples": 2,
}
EXAMPLE: dict[str, Any] = {
    "expected": "violates", "text": {"zh": "你给我听好了", "en": "你给我听好了"}, "passes": True
}  # fmt: skip
RULE_TEXT = """- id: house.scolds
  version: 1
  category: dismissive
  title: {zh: 训斥客户, en: Scolds the customer}
  cite: [{source: policy}]
  detect: {phrase: [你给我听好了]}
  examples: {violates: [你给我听好了], allowed: [您好]}
"""
_LOOKS_FOR: dict[str, Any] = {
    "role": {"zh": "要找", "en": "look for"},
    "says": {"zh": "说到 “你给我听好了”", "en": "says “你给我听好了”"},
    "against": False,
    "parts": [],
}
RULE_DETAIL: dict[str, Any] = {
    **RULE,
    "pack": "house",
    "file": "tone.yaml",
    "line": 2,
    "text": RULE_TEXT,
    "definition": {"id": "house.scolds", "version": 1, "detect": {"phrase": ["你给我听好了"]}},
    "speaker": "agent",
    "guards": ["negated", "quoting", "read_back"],
    "certain": True,
    "looks_for": [_LOOKS_FOR],
    "word_lists": [],
    "citations": [
        {
            "source": "policy",
            "title": {"zh": "公司催收管理规定", "en": "The house's own rules"},
            "article": "",
            "quote": "",
            "confidence": "policy",
            "binding": {"zh": "内部规定", "en": "house rule"},
        }
    ],
    "tests": [EXAMPLE],
    "why": None,
    "advice": {"zh": "“我再跟您说明一下。”", "en": "“Let me explain once more.”"},
    "versions": ["house.scolds@1"],
    "overturns": {
        "decided": 40,
        "overturned": 6,
        "share": 0.15,
        "low": 0.0706,
        "high": 0.2907,
        "dropped_at": None,
        "restore_proposed_by": None,
    },
    "shadow": None,
}
