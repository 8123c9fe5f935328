"""`diting warnings explain`: every point of one warning, as stored and as of a day."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.console import Language, out
from api.cli.database import prepare_database
from api.cli.warnings_trials import AsJson, Said, WeightsFile, level, weights_in_use
from api.masking import mask_text, masked_details
from api.words import Lang, Words
from complaint_warnings.backtest.population import stored_episode
from complaint_warnings.scoring.simulate import StoredEpisode
from complaint_warnings.scoring.standing import Standing, standing
from complaint_warnings.scoring.weights import Weights, load_weights
from ingest.times import UnreadableTimeError, read_moment
from store.clock import SystemClock
from store.database import open_sessions, reading
from store.errors import BadInputError, NotFoundError
from store.settings import Settings


def explain(
    warning: Annotated[int, typer.Argument(metavar="WARNING", help="its number")],
    as_of: Annotated[
        str | None, typer.Option(metavar="TIME", help="another day than today, with zone")
    ] = None,
    weights: WeightsFile = None,
    as_json: AsJson = False,
    lang: Said = Language.ZH,
) -> None:
    """Explain every point of a warning, and how it has faded since. 逐分解释一条预警及其衰减。"""
    settings = Settings()
    prepare_database(settings)
    used = load_weights(weights) if weights else weights_in_use(settings)
    moment = _moment(as_of)
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        stored = stored_episode(session, warning)
    found = standing(stored.evidence, used, moment, lang.value)
    if found is None:
        raise NotFoundError(
            f"warning {warning} had no evidence of any level by then under {used.model}",
            code="warnings.no_level",
            mend="Ask for a later day, or with other weights.",
        )
    if as_json:
        typer.echo(json.dumps(masked_details(_document(stored, found, used, moment)), ensure_ascii=False))
    else:
        _tell(stored, found, used, moment, lang.value)


def _moment(text: str | None) -> datetime:
    try:
        return SystemClock().now() if text is None else read_moment(text)
    except UnreadableTimeError as error:
        raise BadInputError(
            str(error), code="cli.time", where="--as-of", mend="Write it as 2026-03-05T00:00:00+08:00."
        ) from None


def _document(stored: StoredEpisode, found: Standing, used: Weights, moment: datetime) -> dict[str, Any]:
    return {
        "warning": stored.warning,
        "debtor": stored.debtor,
        "open": stored.open,
        "model": used.model,
        "level": found.then.level,
        "score": found.then.score,
        "indicators": [asdict(each) for each in found.then.indicators],
        "advice": found.then.advice,
        "as_of": {
            "time": moment.isoformat(),
            "quiet_days": None if found.quiet_days is None else round(found.quiet_days, 2),
            "score": found.score,
            "level_by_points": found.level_by_points,
            "indicators": [asdict(each) for each in found.indicators],
        },
    }


def _tell(stored: StoredEpisode, found: Standing, used: Weights, moment: datetime, lang: Lang) -> None:
    heads = (
        Words("指标", "indicator"),
        Words("当时", "then"),
        Words("此时", "now"),
        Words("原因", "because"),
    )
    table = Table(*(head.say(lang) for head in heads))
    now = {each.name: each.points for each in found.indicators}
    for each in found.then.indicators:
        table.add_row(each.name, f"{each.points:g}", f"{now.get(each.name, 0):g}", mask_text(each.because))
    debtor = mask_text(stored.debtor)
    quiet = "–" if found.quiet_days is None else f"{found.quiet_days:.0f}"
    out.print(
        Words(
            f"预警 {stored.warning}，{debtor}，{used.model}："
            f"等级{level(found.then.level, lang)}，{found.then.score:g} 分。"
            f"至 {moment.date()} 已 {quiet} 天没有新证据，衰减后 {found.score:g} 分；等级由人关闭前不下调。",
            f"Warning {stored.warning}, {debtor}, {used.model}: {level(found.then.level, lang)}, "
            f"{found.then.score:g} points. Nothing new for {quiet} days by {moment.date()}: faded to "
            f"{found.score:g} points; the level holds until a person closes the warning.",
        ).say(lang),
        markup=False,
    )
    out.print(table)
    out.print(found.then.advice, markup=False)
