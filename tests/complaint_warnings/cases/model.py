"""What a step that was taken changes in a case, by the house's rules and without the fold."""

from typing import Any

from .model_rules import DONE, OF_DITING, RANK, WITH_TEAM, Rules


class Model(Rules):
    """One case of which steps are taken."""

    def take(self, who: str, action: str, document: dict[str, Any]) -> None:
        """The case after the step."""
        self.version += 1
        if action in ("sign", "set_level", "report_again", "level_raised"):
            self.level = document.get("level") or self.level
        if action == "sign":
            self.signer = who
        if action == "report_again":
            self.brought.add(who)
        if action == "contact":
            self.spoken = True
        self.duties.enter(action, document)
        self._take_team_and_plan(action, document)
        self._take_ending(who, action, document)
        self.held = action == "hold" or (self.held and action not in ("resume", "close", "dismiss", "merge"))
        if action == "name_collector":
            self.collector = document["collector_id"]
            self.out.add(self.collector)
        if action == "propose_relief":
            self.reliefs.append((who, "waiting", self.round))
        if action in ("approve_relief", "refuse_relief"):
            number = document["relief"] - 1
            word = "approved" if action == "approve_relief" else "refused"
            proposed_by, _, when = self.reliefs[number]
            self.reliefs[number] = (proposed_by, word, when)
        self.state = self._next(action)
        if action in OF_DITING:
            self._take_news(action, document)
        self.highest = max(self.highest, self.level, key=RANK.__getitem__)

    def _take_news(self, action: str, document: dict[str, Any]) -> None:
        """What Diting brings. Whatever is grave leads back to the plan where there is a result already."""
        suicidal = bool(document.get("self_harm")) or "self_harm" in document.get("flags", ())
        grave = action != "evidence" or document.get("self_harm") or (suicidal and not self.self_harm)
        self.self_harm = self.self_harm or suicidal
        self.out |= {*document.get("concerned", ()), document.get("collector_id")} - {None}
        self.brought |= {*document.get("brought_by", ()), document.get("received_by")} - {None}
        if action in ("merged_from", "complaint_received"):
            levels = (self.level, document["level"])
            self.level = max(levels, key=RANK.__getitem__)
        if action == "merged_from":
            self.collector = self.collector or document.get("collector_id")
            self.highest = max(self.highest, document["highest"], key=RANK.__getitem__)
            self.signer = "" if document.get("reviewed") is False else self.signer
        if action == "complaint_received":
            self.collector = document.get("collector_id") or self.collector
            self.duties.came(document)
        if grave:
            self._begin_again()

    def _begin_again(self) -> None:
        self.spoken = False
        if self.held and self.state != "closed":
            self.version += 1
            self.held = False
        if self.state in DONE:
            self.version += 1
            self.state, self.tracked, self.agreed = "planned", False, set()

    def _take_team_and_plan(self, action: str, document: dict[str, Any]) -> None:
        if action == "form_team":
            self.team = {m["person"]: m["function"] for m in document["members"]}
            self.handler = document["handler"]
        if action == "measure_done":
            self.done.add(document["measure"])
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
            self.round, self.highest, self.spoken = self.round + 1, self.level, False
            self.duties.begin_again()
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
