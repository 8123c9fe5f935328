"""How an assessment is written into the row of its warning."""

from collections.abc import Sequence

from complaint_warnings.models import WarningRow
from complaint_warnings.scoring.score import Episode
from complaint_warnings.scoring.snapshot import snapshot
from complaint_warnings.scoring.weights import Weights
from complaint_warnings.scoring.wording import first_advice, sentence
from complaint_warnings.types import Evidence, WarningAssessment


def write_assessment(
    row: WarningRow, told: Sequence[Episode], ordered: Sequence[Evidence], weights: Weights
) -> None:
    """Write what the episode's calls and items come to, told in Chinese and in English; without an episode,
    that nothing is left."""
    if not told:
        write_withdrawn(row, weights)
        return
    episode, english = told
    now: WarningAssessment = episode.assessment
    row.level, row.score, row.model = now.level, now.score, now.model
    row.first_seen_at = episode.first.moment
    row.advice = {"zh": now.advice, "en": english.assessment.advice}
    row.indicators = [
        {
            "name": zh.name,
            "points": zh.points,
            "floor": zh.floor,
            "because": {"zh": zh.because, "en": en.because},
        }
        for zh, en in zip(now.indicators, english.assessment.indicators, strict=True)
    ]
    seen = snapshot(ordered)
    row.debtor_name, row.contact = seen.name, seen.contact
    row.amount_due = str(seen.amount_due) if seen.amount_due is not None else None
    row.currency = seen.currency


def write_withdrawn(row: WarningRow, weights: Weights) -> None:
    """A new inspection took the evidence away: the warning stays in sight until a person closes it."""
    name = "evidence_withdrawn"
    row.level, row.score, row.model = "low", 0.0, weights.model
    row.advice = {language: first_advice([name], "low", language) for language in ("zh", "en")}
    because = {language: sentence(name, language) for language in ("zh", "en")}
    row.indicators = [{"name": name, "points": 0.0, "floor": "low", "because": because}]
