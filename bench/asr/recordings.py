"""Which recordings are heard: labelled two-channel calls, and calls made from single clips."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ingest.metadata import load_call_record
from transcription.given import load_transcript

LANGUAGE = "zh"
CHANNELS = {0: "agent", 1: "customer"}

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Recording:
    """A two-channel recording with its metadata and what was really said on each channel."""

    name: str
    source: str
    audio: Path
    record: Path
    said: tuple[str, str]


def find_calls(folder: Path) -> list[Recording]:
    """The Mandarin calls of a folder: NAME.opus with NAME.call.json and NAME.transcript.json beside it."""
    found = []
    for audio in sorted(folder.glob("*.opus")):
        record, transcript = (audio.with_suffix(f".{kind}.json") for kind in ("call", "transcript"))
        if not record.is_file() or not transcript.is_file():
            continue  # mono mixes have none of their own
        reference = load_transcript(transcript)
        if reference.language != LANGUAGE:
            continue
        channels = load_call_record(record).channels or CHANNELS
        texts = [
            "".join(u.text for u in reference.utterances if u.speaker == channels[index]) for index in (0, 1)
        ]
        found.append(Recording(audio.stem, "calls", audio, record, (texts[0], texts[1])))
    return found


def spread(items: Sequence[_Item], count: int, seed: int) -> list[_Item]:
    """`count` items at even distances over the whole sequence, in their order; all when there are fewer."""
    if count >= len(items):
        return list(items)
    if count <= 0:
        return []
    step = len(items) / count
    start = random.Random(seed).random() * step
    return [items[int(start + index * step)] for index in range(count)]
