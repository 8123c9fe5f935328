"""A source with recordings in it, read into an installation of its own."""

import io
import json
import wave
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter
from sqlalchemy import select

from ingest.intake import Intake
from ingest.models import CallRow
from ingest.sources.config import Source
from ingest.sources.models import SourceItemRow
from ingest.sources.run import Turn, run_source
from store.clock import FixedClock
from store.database import reading
from store.settings import Settings

NAME = "front"
_SOURCE: TypeAdapter[Any] = TypeAdapter(Source)


def wav(number: int, seconds: float = 0.3) -> bytes:
    """A recording unlike all others."""
    samples = np.random.default_rng(number).integers(-9000, 9000, round(8000 * seconds)).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


def record(external_id: str, **more: Any) -> dict[str, Any]:
    return {"external_id": external_id, "source": "pbx", "started_at": "2026-03-05T10:12:00+08:00"} | more


def record_json(external_id: str, **more: Any) -> bytes:
    return json.dumps(record(external_id, **more)).encode()


def make_source(**fields: Any) -> Source:
    source: Source = _SOURCE.validate_python(fields)
    return source


@dataclass
class Site:
    """An installation that reads one source."""

    intake: Intake
    settings: Settings
    clock: FixedClock
    source: Source | None = None
    name: str = NAME

    def use(self, **fields: Any) -> None:
        self.source = make_source(**fields)

    def turn(self, *, settled: bool = False, **options: Any) -> Turn:
        """One turn; `settled`: another one after the files have rested."""
        assert self.source is not None
        turn = run_source(self.name, self.source, self.intake, self.settings, **options)
        if settled:
            self.later(seconds=60)
            turn = run_source(self.name, self.source, self.intake, self.settings, **options)
        return turn

    def later(self, **by: float) -> None:
        self.clock.moment += timedelta(**by)

    def items(self) -> dict[str, tuple[str, str | None]]:
        """State and code by key."""
        with reading(self.intake.factory) as session:
            rows = session.scalars(select(SourceItemRow).order_by(SourceItemRow.key))
            return {row.key: (row.state, row.code) for row in rows}

    def calls(self) -> list[str]:
        """External ids in the order of registration."""
        with reading(self.intake.factory) as session:
            return [row.external_id for row in session.scalars(select(CallRow).order_by(CallRow.id))]


MakeFile = Callable[[str, bytes], Path]
