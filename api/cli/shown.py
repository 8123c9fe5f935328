"""Numbers and documents as commands show them."""

import json
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import typer
from pydantic import BaseModel


def as_json_list(items: Sequence[BaseModel]) -> None:
    """A JSON list of documents."""
    typer.echo(json.dumps([each.model_dump(mode="json") for each in items], ensure_ascii=False))


def percent(share: float | None) -> str:
    """A share of 1 as percent."""
    return "—" if share is None else f"{share:.1%}"


def between(low: float | None, high: float | None) -> str:
    """An interval of shares as percent."""
    return "—" if low is None or high is None else f"{low:.1%}-{high:.1%}"


def on_day(at: datetime, zone: str) -> str:
    """The local day of a moment."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d}"
