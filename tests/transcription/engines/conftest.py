"""A transcription server that does whatever a test tells it, and sounds to send to it."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pydantic import SecretStr

from ingest.audio import RATE, Samples
from tests.http_server import Behaviour, Server, says, served
from tests.transcription.engines.served import KEY, Waits
from transcription.engines.engine import EngineSettings
from transcription.engines.openai_server import ServerEngine
from transcription.engines.server_requests import TranscriptionServer


@pytest.fixture
def server() -> Iterator[Server]:
    with served() as running:
        yield running


@pytest.fixture(name="says")
def _says() -> Callable[..., Behaviour]:
    return says


@pytest.fixture
def clip() -> Samples:
    """Two seconds of a tone."""
    times = np.arange(2 * RATE) / RATE
    return (0.3 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)


@pytest.fixture
def waits():
    return Waits()


@pytest.fixture
def engine(server, waits):
    def make(**changed):
        settings = EngineSettings(
            **{"model": "whisper-1", "url": server.url, "timeout_s": 20, "api_key": SecretStr(KEY)} | changed
        )
        return ServerEngine(TranscriptionServer(settings, waits), settings.model)

    return make
