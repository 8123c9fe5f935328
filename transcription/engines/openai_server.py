"""The openai-server engine: any server that offers `/audio/transcriptions` in the form of OpenAI's."""

import io
import wave
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from importlib.metadata import version
from typing import Final

import numpy as np

from ingest.audio import RATE, Samples
from store.errors import EngineError
from store.remote import RefusedError
from transcription.engines.engine import Engine, EngineSettings, Hearing, LanguageGuess, Options, Reading
from transcription.engines.language import by_time
from transcription.engines.registry import Untold
from transcription.engines.server_answers import BadAnswerError, read_answer
from transcription.engines.server_requests import Fields, Form, TranscriptionServer

NAME = "openai-server"
VERBOSE: Final = "verbose_json"
PLAIN: Final = "json"
_BUNDLED = "bundled"
# Servers refuse shorter sounds; silence behind the clip changes none of its times.
_SHORTEST_S = 0.5
_FORM_REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
_FORM_WORDS = ("response_format", VERBOSE, "timestamp_granularities")


class ServerFactory:
    """Makes the engine from DITING_ENGINE_URL and DITING_MODEL."""

    library = "httpx"

    def __call__(self, settings: EngineSettings) -> Engine:
        """The engine; the server is not asked anything yet.

        Raises:
            EngineError: `engine.no_url`, `model.missing`.
        """
        _require(settings)
        return ServerEngine(TranscriptionServer(settings), settings.model)

    def check(self, settings: EngineSettings) -> str | None:
        """Look whether the settings are complete, without asking the server.

        Raises:
            EngineError: as when the engine is made.
        """
        _require(settings)
        return Untold("whether the server answers shows when it is asked")


factory = ServerFactory()


def _require(settings: EngineSettings) -> None:
    if not settings.url:
        raise EngineError(
            "it is not said which server transcribes",
            code="engine.no_url",
            where="DITING_ENGINE_URL",
            mend="Set it to the server's address up to its version, such as http://127.0.0.1:8000/v1.",
        )
    if settings.model == _BUNDLED:
        raise EngineError(
            "it is not said which model the server is to use",
            code="model.missing",
            where="DITING_MODEL",
            mend="Set it to a model that the server knows, such as whisper-1.",
        )


class ServerEngine:
    """Sends each clip as a file of its own, at temperature 0 and without a prompt.

    Asks for `verbose_json` with word times. A server that says that it does not know this form is asked for
    `json`, which has neither times nor language; the options then say so.
    """

    name = NAME
    ways = 1

    def __init__(self, server: TranscriptionServer, model: str) -> None:
        self._server = server
        self.model = model
        self._form = VERBOSE

    @property
    def options(self) -> Options:
        """Everything that decides what comes back, and from where."""
        return {
            "server": self._server.url,
            "response_format": self._form,
            "temperature": 0.0,
            "library": f"httpx {version('httpx')}",
        }

    def hear(
        self,
        clips: Sequence[Samples],
        language: str | None,
        way: int = 0,  # noqa: ARG002
        *,
        speakers: Sequence[int] = (),  # noqa: ARG002
    ) -> Hearing:
        """Write down clips, several at once.

        Raises:
            EngineError: see `TranscriptionServer.post_all`. A clip that was not answered is never empty.
        """
        answers = self._ask(clips, language)
        if language is not None:
            return Hearing(tuple(reading for reading, _ in answers))
        guess = by_time((told, len(clip)) for (_, told), clip in zip(answers, clips, strict=True))
        return Hearing(self._in_one_language(clips, answers, guess), guess)

    def _in_one_language(
        self,
        clips: Sequence[Samples],
        answers: Sequence[tuple[Reading, str | None]],
        guess: LanguageGuess | None,
    ) -> tuple[Reading, ...]:
        """The readings; clips that were taken for another language than the rest are read again."""
        odd = [at for at, (_, told) in enumerate(answers) if guess is not None and told != guess.language]
        again = self._ask([clips[at] for at in odd], guess.language) if guess is not None and odd else []
        mended = dict(zip(odd, again, strict=True))
        return tuple(mended.get(at, answer)[0] for at, answer in enumerate(answers))

    def _ask(self, clips: Sequence[Samples], language: str | None) -> list[tuple[Reading, str | None]]:
        try:
            bodies = self._post(clips, language)
        except RefusedError as error:
            if self._form == PLAIN or not _refuses_form(error):
                raise
            self._form = PLAIN
            bodies = self._post(clips, language)
        return [self._read(body, clip) for body, clip in zip(bodies, clips, strict=True)]

    def _post(self, clips: Sequence[Samples], language: str | None) -> list[bytes]:
        fields: Fields = {"model": self.model, "temperature": "0", "response_format": self._form}
        if self._form == VERBOSE:
            fields["timestamp_granularities[]"] = ["word", "segment"]
        if language is not None:
            fields["language"] = language
        return self._server.post_all([Form(fields, partial(as_wav, clip)) for clip in clips])

    def _read(self, body: bytes, clip: Samples) -> tuple[Reading, str | None]:
        try:
            return read_answer(body, len(clip) / RATE)
        except BadAnswerError as error:
            raise self._server.bad_answer(str(error)) from error


def as_wav(clip: Samples) -> bytes:
    """The clip as a WAV file, 16 bit, at least half a second long."""
    missing = max(0, round(_SHORTEST_S * RATE) - len(clip))
    whole = np.round(np.clip(np.pad(clip, (0, missing)), -1.0, 1.0) * 32767).astype("<i2")
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(whole.tobytes())
    return target.getvalue()


def _refuses_form(error: RefusedError) -> bool:
    """Whether the server says that it does not know the form asked for, rather than anything else."""
    return error.status in _FORM_REFUSED and any(word in error.said for word in _FORM_WORDS)
