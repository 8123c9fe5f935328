"""A call of an hour, made of the sample calls one after the other: what the pages must scroll and play."""

import json
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import soundfile as sf
from sqlalchemy import select

from api.cli.demo import SAMPLES
from ingest.models import CallRow
from pipeline.intake import take_in
from pipeline.models import WorkRow
from pipeline.tools import Tools
from store.database import reading, transaction
from transcription.given import parse_transcript
from transcription.service import save_transcript

NAME: Final = "S99-an-hour"
HOUR_S: Final = 3600.0
_RATE: Final = 8000


def put_long_call(tools: Tools) -> None:
    """Take the call in, once, with its words beside it: to listen to an hour takes ten minutes."""
    with reading(tools.sessions) as session:
        if session.scalar(select(CallRow.id).where(CallRow.external_id == NAME)) is not None:
            return
    with TemporaryDirectory() as folder:
        transcript = _make(Path(folder))
        list(take_in(tools, Path(folder), actor="demo"))
    with transaction(tools.sessions) as session:
        call_id = session.scalars(select(CallRow.id).where(CallRow.external_id == NAME)).one()
        save_transcript(session, tools.clock, call_id=call_id, transcript=parse_transcript(transcript, NAME))
        session.get_one(WorkRow, call_id).state = "transcribed"


def _make(folder: Path) -> dict[str, Any]:
    sound: list[np.ndarray] = []
    turns: list[dict[str, Any]] = []
    at = 0.0
    files = [file for file in sorted(SAMPLES.glob("*.opus")) if sf.info(file).channels == 2]
    for file in cycle(files):
        if at >= HOUR_S:
            break
        samples, rate = sf.read(file, dtype="float32", always_2d=True)
        sound.append(samples[:: rate // _RATE])
        said = json.loads(file.with_suffix(".transcript.json").read_text("utf-8"))
        turns += [
            turn | {"start": turn["start"] + at, "end": turn["end"] + at} for turn in said["utterances"]
        ]
        at += len(sound[-1]) / _RATE
    whole = np.concatenate(sound)[: int(HOUR_S * _RATE)]
    sf.write(folder / f"{NAME}.opus", whole, _RATE, format="OGG", subtype="OPUS")
    record = json.loads(files[0].with_suffix(".call.json").read_text("utf-8"))
    record |= {
        "external_id": NAME,
        "started_at": "2026-05-12T14:00:00+08:00",
        "agent": {"id": "A117", "name": "高强", "team": "T2"},
        "customer": record["customer"] | {"id": "C5099", "number": "+8615400010099"},
        "case": record["case"] | {"id": "K-2026-0599"},
        "recording": record["recording"] | {"file": f"{NAME}.opus"},
    }
    (folder / f"{NAME}.call.json").write_text(json.dumps(record), "utf-8")
    return {"language": "zh", "utterances": [turn for turn in turns if turn["end"] < HOUR_S]}
