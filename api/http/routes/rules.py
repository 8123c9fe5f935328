"""Rules tried and checked before they judge anybody. Nothing is kept of it."""

from fastapi import APIRouter, Request

from api import rule_trial_shapes as shapes
from api import rule_trials
from api.http.deps import Reader
from api.http.routes.packs import library_of

router = APIRouter(tags=["rules"])


@router.post("/rules/try", summary="Try rules on sentences")
def try_rules(request: Request, session: Reader, wanted: shapes.TrialIn) -> shapes.TrialOut:
    """Which rules fire on some words and what keeps others from it; of one rule, on record or as written
    here, why it fires or does not. 试一段话。"""
    settings = request.app.state.settings
    return rule_trials.try_out(session, library_of(request), settings, wanted)


@router.post("/rules/lint", summary="Check rules as written")
def lint_rules(request: Request, session: Reader, wanted: shapes.LintIn) -> shapes.LintOut:
    """What is wrong with rules or files in the place of those of a pack, each with its line and how to mend
    it; where nothing is, whether their examples come out. 检查规则写法。"""
    return rule_trials.lint_change(session, library_of(request), wanted)
