"""What is allowed with a case, written once more from the house's rules and without the table: the tests
hold the door against it."""

from typing import Any

from .model_complaint import Duties

OPEN_ORDER = (
    "reported", "returned", "reviewed", "collected", "teamed", "analysed", "planned", "contacting",
    "resolved",
    "tracking", "evaluated",
)  # fmt: skip
WITH_TEAM = OPEN_ORDER[4:]
DONE = OPEN_ORDER[8:]
OF_COMPLAINTS = ("classify", "callback", "mediate", "answer")
OF_DITING = ("evidence", "level_raised", "merged_from", "complaint_received")
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


class Rules:
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
        self.held = self.tracked = self.spoken = False
        self.round, self.highest, self.signer = 1, level, ""
        self.out = {collector} - {None}  # whom it is about
        self.brought = {reporter}
        self.duties = Duties()
        self.team: dict[str, str] = {}
        self.handler: str | None = None
        self.owners: list[str] = []
        self.done: set[int] = set()
        self.reliefs: list[tuple[str, str, int]] = []  # who and in which round; waiting, approved or refused
        self.agreed: set[tuple[str, str]] = set()

    @property
    def signed(self) -> bool:
        """Somebody signed who did not bring it in, and whom it is not about."""
        return bool(self.signer) and self.signer not in self.brought | self.out

    def role(self, who: str) -> str:
        return "system" if who == "system" else self.house[who][0]

    def refusals(
        self, who: str, action: str, document: dict[str, Any], *, broken: bool, version: int | None
    ) -> set[str]:
        """Codes that are right for this step; an empty set where it must succeed. `broken` tells that the
        document was spoilt."""
        if version is not None and version != self.version:
            return {"case.version"}
        if not self._place(action):
            return {"case.closed" if self.state == "closed" else "case.transition"}
        if self.role(who) not in self._roles(action):
            return {"case.role"}
        if broken or self._names_nobody(document):
            return {"case.document"}
        found = set(getattr(self, f"_{action}", lambda *_: set())(who, document))
        if action != "note" and who in self.out:
            found.add("case.handler")
        if action in OF_COMPLAINTS and not self.duties.complained:
            found.add("case.not_complaint")
        return found

    # Where each step may be taken.

    def _place(self, action: str) -> bool:
        at, high = self.state, self.level == "high"
        if action in ("note", "evidence"):
            return True
        if action == "reopen":
            return at == "closed"
        if at == "closed":
            return False
        way = {
            "send_back": at == "reported",
            "report_again": at == "returned",
            "sign": at == "reported" or (not self.signed and at in OPEN_ORDER[2:]),
            "collect": at == "reviewed" or (high and at == "reported"),
            "form_team": at in ("collected", *WITH_TEAM) or (high and at in ("reported", "reviewed")),
            "analyse": at in ("teamed", "analysed"),
            "plan": at == "analysed",
            "revise_plan": at in OPEN_ORDER[6:],
            "measure_done": at in OPEN_ORDER[6:10],
            "contact": high or self.duties.complained or at not in ("reported", "returned"),
            "resolve": at == "contacting",
            "track": at in ("resolved", "tracking"),
            "evaluate": at == "tracking",
            "sign_off": at == "evaluated",
            "close": at == "evaluated",
            "dismiss": at in OPEN_ORDER[:6],
            "propose_relief": at in OPEN_ORDER[4:8],
            "classify": at in OPEN_ORDER[3:],
            "callback": at in DONE,
            "mediate": at in WITH_TEAM,
            "answer": at in OPEN_ORDER[7:],
        }
        return way.get(action, True)

    def _roles(self, action: str) -> set[str]:  # noqa: PLR0911 - one line for each group
        if action in OF_DITING:
            return {"system"}
        if action in ("sign", "send_back"):
            return {"department_head"}
        if action == "report_again":
            return {"customer_service", "collector", "supervisor", "complaint_officer", "integration"}
        if action in ("collect", "form_team", "close", "merge"):
            return CONTROL
        if action in ("sign_off", "dismiss", "approve_relief", "refuse_relief"):
            return HEADS
        if action in ("reopen", "resume", "escalate"):
            return (TEAM_PEOPLE if action == "escalate" else MANAGERS) | {"system"}
        managing = ("set_level", "name_collector", "hold")
        if action in managing or action.endswith("_deadline"):
            return MANAGERS
        if action == "note":
            return TEAM_PEOPLE | {"qc_reviewer", "qc_lead", "integration"}
        return TEAM_PEOPLE

    def _names_nobody(self, document: dict[str, Any]) -> bool:
        named = [m["person"] for m in document.get("members", ())]
        named += [m["owner"] for m in document.get("measures", ())]
        named += [document["to"]] if "to" in document and "reason" in document else []
        return any(person not in self.house for person in named)

    # What else may stand in the way of a step.

    def _sign(self, who: str, document: dict[str, Any]) -> set[str]:
        found = {"case.self_review"} if who in self.brought else set()
        return found | self._softened(document)

    def _send_back(self, who: str, _document: dict[str, Any]) -> set[str]:
        return {"case.self_review"} if who in self.brought else set()

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
        if self.out & team.keys() or unknown:
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

    def _present_team_problem(self) -> set[str]:
        return self._team_problem(self.team) | ({"case.handler"} if self.out & self.team.keys() else set())

    def _measure_done(self, who: str, document: dict[str, Any]) -> set[str]:
        number = document["measure"]
        if number > len(self.owners):
            return {"case.document"}
        return set() if who in (self.owners[number - 1], *self.team) else {"case.not_in_team"}

    def _mediate(self, who: str, _document: dict[str, Any]) -> set[str]:
        return self._outsider(who)

    _answer = _mediate

    def _outsider(self, who: str) -> set[str]:
        return set() if who in self.team else {"case.not_in_team"}

    def _analyse(self, who: str, _document: dict[str, Any]) -> set[str]:
        return self._outsider(who)

    def _plan(self, who: str, document: dict[str, Any]) -> set[str]:
        owned = {"case.handler"} if any(m["owner"] in self.out for m in document["measures"]) else set()
        return self._outsider(who) | self._present_team_problem() | owned

    _revise_plan = _plan

    def _resolve(self, who: str, document: dict[str, Any]) -> set[str]:
        found = self._outsider(who) | self._present_team_problem() | self._hanging()
        if not self.spoken:
            found.add("case.not_contacted")
        approved = any(word == "approved" and when == self.round for _, word, when in self.reliefs)
        if document["outcome"] == "relief_granted" and not approved:
            found.add("case.relief")
        return found

    def _hanging(self) -> set[str]:
        return {"case.relief"} if any(word == "waiting" for _, word, _ in self.reliefs) else set()

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
        found = self._hanging() | self._present_team_problem() | self._not_lead(who)
        found |= self.duties.open_ends()
        if not self.signed:
            found.add("case.review_missing")
        offices = {office for office, _ in self.agreed}
        if self.self_harm and offices != HEADS:
            found.add("case.self_harm")
        return found

    def _not_lead(self, who: str) -> set[str]:
        return {"case.role"} if self.highest == "high" and self.house[who][0] != "control_lead" else set()

    def _dismiss(self, who: str, _document: dict[str, Any]) -> set[str]:
        found = self._hanging() | self._not_lead(who)
        if who in self.brought:
            found.add("case.self_review")
        if self.duties.complained:
            found.add("case.complaint_open")
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
