"""What is allowed with a case, written once more from the house's rules and without the table: the tests
hold the door against it."""

from typing import Any

OPEN_ORDER = (
    "reported", "returned", "reviewed", "collected", "teamed", "analysed", "planned", "contacting",
    "resolved",
    "tracking", "evaluated",
)  # fmt: skip
WITH_TEAM = OPEN_ORDER[4:]
RANK = {"low": 1, "medium": 2, "high": 3}
NEEDED = {
    "lead": "control_lead", "legal": "legal", "supervisor": "supervisor",
    "customer_service": "customer_service", "complaint_officer": "complaint_officer",
}  # fmt: skip
TEAM_PEOPLE = {
    "customer_service", "collector", "supervisor", "complaint_officer", "control_lead", "legal",
    "department_head",
}  # fmt: skip
CONTROL = {"complaint_officer", "control_lead"}
HEADS = {"department_head", "control_lead"}
MANAGERS = CONTROL | HEADS


class Model:
    """One case. `refusals` gives the codes that a step may be refused with: none where it must be allowed."""

    def __init__(
        self,
        house: dict[str, tuple[str, str | None]],
        *,
        level: str,
        self_harm: bool,
        reporter: str,
        collector: str | None,
        unit: str | None,
    ) -> None:
        self.house = house
        self.state, self.level, self.version = "reported", level, 1
        self.self_harm, self.reporter = self_harm, reporter
        self.collector, self.unit = collector, unit
        self.signed = self.held = self.tracked = self.merged = False
        self.team: dict[str, str] = {}
        self.handler: str | None = None
        self.owners: list[str] = []
        self.done: set[int] = set()
        self.reliefs: list[tuple[str, str]] = []  # who proposed it; waiting, approved or refused
        self.agreed: set[tuple[str, str]] = set()

    def refusals(
        self, who: str, action: str, document: dict[str, Any], *, broken: bool, version: int | None
    ) -> set[str]:
        """Codes that are right for this step; an empty set where it must succeed. `broken` tells that the
        document was spoilt."""
        if version is not None and version != self.version:
            return {"case.version"}
        if not self._place(action):
            return {"case.closed" if self.state == "closed" else "case.transition"}
        if self.house[who][0] not in self._roles(action):
            return {"case.role"}
        if broken or self._names_nobody(document):
            return {"case.document"}
        found = set(getattr(self, f"_{action}", lambda *_: set())(who, document))
        if action != "note" and who == self.collector:
            found.add("case.handler")
        return found

    # Where each step may be taken.

    def _place(self, action: str) -> bool:
        at, high = self.state, self.level == "high"
        if action == "note":
            return True
        if action == "reopen":
            return at == "closed"
        if at == "closed":
            return False
        way = {
            "send_back": at == "reported",
            "report_again": at == "returned",
            "sign": at == "reported" or (not self.signed and at in OPEN_ORDER[3:]),
            "collect": at == "reviewed" or (high and at == "reported"),
            "form_team": at in ("collected", *WITH_TEAM) or (high and at in ("reported", "reviewed")),
            "analyse": at in ("teamed", "analysed"),
            "plan": at == "analysed",
            "revise_plan": at in OPEN_ORDER[6:],
            "contact": high or at not in ("reported", "returned"),
            "resolve": at == "contacting",
            "track": at in ("resolved", "tracking"),
            "evaluate": at == "tracking",
            "sign_off": at == "evaluated",
            "close": at == "evaluated",
            "dismiss": at in OPEN_ORDER[:6],
            "propose_relief": at in OPEN_ORDER[4:8],
        }
        return way.get(action, True)

    def _roles(self, action: str) -> set[str]:  # noqa: PLR0911 - one line for each group
        if action in ("sign", "send_back"):
            return {"department_head"}
        if action == "report_again":
            return {"customer_service", "collector", "supervisor", "complaint_officer", "integration"}
        if action in ("collect", "form_team", "close", "merge"):
            return CONTROL
        if action in ("sign_off", "dismiss", "approve_relief", "refuse_relief"):
            return HEADS
        managing = ("reopen", "set_level", "name_collector", "hold", "resume")
        if action in managing or action.endswith("_deadline"):
            return MANAGERS
        if action == "note":
            return TEAM_PEOPLE | {"qc_reviewer", "qc_lead", "integration"}
        return TEAM_PEOPLE

    def _names_nobody(self, document: dict[str, Any]) -> bool:
        named = [m["person"] for m in document.get("members", ())]
        named += [m["owner"] for m in document.get("measures", ())]
        named += [document["to"]] if "to" in document else []
        return any(person not in self.house for person in named)

    # What else may stand in the way of a step.

    def _sign(self, who: str, document: dict[str, Any]) -> set[str]:
        found = {"case.self_review"} if who == self.reporter else set()
        return found | self._softened(document)

    def _send_back(self, who: str, _document: dict[str, Any]) -> set[str]:
        return {"case.self_review"} if who == self.reporter else set()

    def _report_again(self, who: str, document: dict[str, Any]) -> set[str]:
        found = set() if self.reporter in (who, "system") else {"case.role"}
        return found | self._lowered(who, document)

    def _set_level(self, who: str, document: dict[str, Any]) -> set[str]:
        return self._lowered(who, document)

    def _lowered(self, who: str, document: dict[str, Any]) -> set[str]:
        wanted = document.get("level")
        lower = wanted is not None and RANK[wanted] < RANK[self.level]
        found = {"case.role"} if lower and self.house[who][0] not in HEADS else set()
        return found | self._softened(document)

    def _softened(self, document: dict[str, Any]) -> set[str]:
        softer = self.self_harm and document.get("level") in ("low", "medium")
        return {"case.self_harm"} if softer else set()

    def _form_team(self, _who: str, document: dict[str, Any]) -> set[str]:
        team = {m["person"]: m["function"] for m in document["members"]}
        found = self._team_problem(team)
        unknown = self.collector is None and any(self.house[p][0] == "collector" for p in team)
        if self.collector in team or unknown:
            found.add("case.handler")
        return found

    def _team_problem(self, team: dict[str, str]) -> set[str]:
        wrong = any(f in NEEDED and self.house[p][0] != NEEDED[f] for p, f in team.items())
        have = set(team.values())
        basic = bool(have & {"customer_service", "supervisor"})
        fits = {
            "low": basic,
            "medium": basic and "complaint_officer" in have,
            "high": {"lead", "legal", "supervisor", "customer_service"} <= have,
        }[self.level]
        if self.level == "high" and fits and self.unit is not None:
            fits = any(f == "supervisor" and self.house[p][1] == self.unit for p, f in team.items())
        return {"case.team"} if wrong or not fits else set()

    def _outsider(self, who: str) -> set[str]:
        return set() if who in self.team else {"case.not_in_team"}

    def _analyse(self, who: str, _document: dict[str, Any]) -> set[str]:
        return self._outsider(who)

    def _plan(self, who: str, document: dict[str, Any]) -> set[str]:
        owned = {"case.handler"} if any(m["owner"] == self.collector for m in document["measures"]) else set()
        return self._outsider(who) | self._team_problem(self.team) | owned

    _revise_plan = _plan

    def _resolve(self, who: str, document: dict[str, Any]) -> set[str]:
        found = self._outsider(who) | self._team_problem(self.team) | self._hanging()
        approved = any(word == "approved" for _, word in self.reliefs)
        if document["outcome"] == "relief_granted" and not approved:
            found.add("case.relief")
        return found

    def _hanging(self) -> set[str]:
        return {"case.relief"} if any(word == "waiting" for _, word in self.reliefs) else set()

    def _track(self, who: str, document: dict[str, Any]) -> set[str]:
        unknown = any(n > len(self.owners) for n in document.get("measures_done", ()))
        return self._outsider(who) | ({"case.document"} if unknown else set())

    def _evaluate(self, who: str, document: dict[str, Any]) -> set[str]:
        found = self._outsider(who)
        if not self.tracked:
            found.add("case.tracking")
        if len(self.done) < len(self.owners) and not document.get("unfinished"):
            found.add("case.measures")
        return found

    def _sign_off(self, who: str, document: dict[str, Any]) -> set[str]:
        return set() if self.house[who][0] == document["office"] else {"case.role"}

    def _close(self, who: str, _document: dict[str, Any]) -> set[str]:
        found = self._hanging() | self._team_problem(self.team) | self._not_lead(who)
        if not self.signed:
            found.add("case.review_missing")
        offices = {office for office, _ in self.agreed}
        if self.self_harm and offices != HEADS:
            found.add("case.self_harm")
        return found

    def _not_lead(self, who: str) -> set[str]:
        return {"case.role"} if self.level == "high" and self.house[who][0] != "control_lead" else set()

    def _dismiss(self, who: str, _document: dict[str, Any]) -> set[str]:
        found = self._hanging() | self._not_lead(who)
        if who == self.reporter:
            found.add("case.self_review")
        return found | ({"case.self_harm"} if self.self_harm else set())

    def _hold(self, _who: str, _document: dict[str, Any]) -> set[str]:
        return {"case.hold"} if self.held else set()

    def _resume(self, _who: str, _document: dict[str, Any]) -> set[str]:
        return set() if self.held else {"case.hold"}

    def _name_collector(self, _who: str, document: dict[str, Any]) -> set[str]:
        named = document["collector_id"]
        return {"case.handler"} if named in self.team or named in self.owners else set()

    def _merge(self, _who: str, _document: dict[str, Any]) -> set[str]:
        return {"case.document"}  # there is no other case to merge into here

    def _propose_relief(self, who: str, _document: dict[str, Any]) -> set[str]:
        return self._outsider(who)

    def _waiting(self, document: dict[str, Any]) -> bool:
        number = document["relief"]
        return number <= len(self.reliefs) and self.reliefs[number - 1][1] == "waiting"

    def _approve_relief(self, who: str, document: dict[str, Any]) -> set[str]:
        if not self._waiting(document):
            number = document["relief"]
            own = number <= len(self.reliefs) and self.reliefs[number - 1][0] == who
            return {"case.relief"} | ({"case.second_person"} if own else set())
        return {"case.second_person"} if self.reliefs[document["relief"] - 1][0] == who else set()

    def _refuse_relief(self, _who: str, document: dict[str, Any]) -> set[str]:
        return set() if self._waiting(document) else {"case.relief"}

    # What a step that was taken changes.

    def take(self, who: str, action: str, document: dict[str, Any]) -> None:
        """The case after the step."""
        self.version += 1
        if action in ("sign", "set_level", "report_again"):
            self.level = document.get("level") or self.level
        self.signed = self.signed or action == "sign"
        self._take_team_and_plan(action, document)
        self._take_ending(who, action, document)
        self.held = action == "hold" or (self.held and action not in ("resume", "close", "dismiss", "merge"))
        if action == "name_collector":
            self.collector = document["collector_id"]
        if action == "propose_relief":
            self.reliefs.append((who, "waiting"))
        if action in ("approve_relief", "refuse_relief"):
            number = document["relief"] - 1
            word = "approved" if action == "approve_relief" else "refused"
            self.reliefs[number] = (self.reliefs[number][0], word)
        self.state = self._next(action)

    def _take_team_and_plan(self, action: str, document: dict[str, Any]) -> None:
        if action == "form_team":
            self.team = {m["person"]: m["function"] for m in document["members"]}
            self.handler = document["handler"]
        if action in ("plan", "revise_plan"):
            self.owners = [m["owner"] for m in document["measures"]]
            self.done, self.tracked, self.agreed = set(), False, set()

    def _take_ending(self, who: str, action: str, document: dict[str, Any]) -> None:
        if action == "track":
            self.done |= set(document.get("measures_done", ()))
            self.tracked = document.get("ended", False)
        if action == "evaluate":
            self.agreed = set()
        if action == "sign_off":
            self.agreed.add((document["office"], who))
        if action == "reopen":
            self.team, self.handler, self.owners = {}, None, []
            self.done, self.tracked, self.agreed = set(), False, set()

    def _next(self, action: str) -> str:
        at = self.state
        later = at not in ("reported", "returned")
        fixed = {
            "send_back": "returned", "report_again": "reported", "collect": "collected",
            "analyse": "analysed",
            "plan": "planned", "resolve": "resolved", "track": "tracking", "evaluate": "evaluated",
            "close": "closed", "dismiss": "closed", "merge": "closed",
            "sign": "reviewed" if at == "reported" else at,
            "form_team": at if at in WITH_TEAM else "teamed",
            "revise_plan": at if at in ("planned", "contacting") else "planned",
            "contact": "contacting" if at == "planned" and later else at,
            "reopen": "collected" if self.signed else "reported",
        }  # fmt: skip
        return fixed.get(action, at)
