"""Where an engine's transcription server is, and what a request to it looks like."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from store.remote import Codes, Remote, RemoteServer, Wait
from transcription.engines.engine import EngineSettings

_CODES = Codes(
    unreachable="engine.unreachable",
    timeout="engine.timeout",
    busy="engine.busy",
    refused="engine.refused",
    bad_answer="engine.bad_answer",
)

Fields = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Form:
    """One request: the fields, and what makes the sound file (WAV) when its turn has come."""

    fields: Fields
    wav: Callable[[], bytes]

    def __call__(self) -> dict[str, Any]:
        """The request as httpx takes it."""
        return {"data": self.fields, "files": {"file": ("clip.wav", self.wav(), "audio/wav")}}


class TranscriptionServer(RemoteServer):
    """The address `…/audio/transcriptions` of one server.

    Args:
        settings: `url`, `api_key`, `timeout_s`, `retries` and `concurrency` count here.
        wait: waits that many seconds between attempts.
    """

    def __init__(self, settings: EngineSettings, wait: Wait = asyncio.sleep) -> None:
        super().__init__(
            Remote(
                url=settings.url,
                path="/audio/transcriptions",
                api_key=settings.api_key,
                timeout_s=settings.timeout_s,
                retries=settings.retries,
                concurrency=settings.concurrency,
                codes=_CODES,
                setting="DITING_ENGINE_URL",
                kind="a transcription server",
            ),
            wait,
        )
