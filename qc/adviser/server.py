"""Asking a chat server of OpenAI's form, whose answers count only in the right shape."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qc.adviser.question import Question
from qc.findings import Advice
from store.errors import EngineError
from store.remote import Codes, RefusedError, Remote, RemoteServer, Wait, plain
from store.settings import Settings

_MOST_TOKENS: Final = 200
_LONGEST_REASON: Final = 200
_CODES: Final = Codes(
    unreachable="adviser.unreachable",
    timeout="adviser.timeout",
    busy="adviser.busy",
    refused="adviser.refused",
    bad_answer="adviser.bad_answer",
)
_DOWN: Final = (_CODES.unreachable, _CODES.timeout, _CODES.busy)
_FORM_REFUSED: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)


class _Answer(BaseModel):
    """The only shape that an answer may have."""

    model_config = ConfigDict(extra="forbid", strict=True)

    view: Literal["supports", "doubts", "cannot_tell"]
    reason: str = Field(min_length=1, max_length=2000)


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    """What is read of the server's answer; whatever else it says is left alone."""

    choices: list[_Choice] = Field(min_length=1)


_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "view": {"type": "string", "enum": ["supports", "doubts", "cannot_tell"]},
        "reason": {"type": "string"},
    },
    "required": ["view", "reason"],
    "additionalProperties": False,
}
# Servers differ in how an answer's shape is asked for; it is checked here whatever they promise.
_FORMS: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "advice", "strict": True, "schema": _SCHEMA},
        }
    },
    {"response_format": {"type": "json_object"}},
    {},
)


class ChatAdviser:
    """Asks one server. It keeps no memory of its own: what was answered is kept by who asks.

    Args:
        settings: `adviser_url`, `adviser_model` and how patient to be.
        wait: waits that many seconds between attempts.
    """

    def __init__(self, settings: Settings, wait: Wait = asyncio.sleep) -> None:
        self.model = settings.adviser_model
        self._form = 0
        self._server = RemoteServer(
            Remote(
                url=settings.adviser_url,
                path="/chat/completions",
                api_key=settings.adviser_api_key,
                timeout_s=settings.adviser_timeout_seconds,
                retries=settings.adviser_retries,
                concurrency=1,
                codes=_CODES,
                setting="DITING_ADVISER_URL",
                kind="a chat server",
            ),
            wait,
        )

    def ask(self, asked: Sequence[Question]) -> list[Advice]:
        """The answers in the same order. A question that gets no usable answer says why (`no_answer`):
        advice is never worth a failed call."""
        answers: list[Advice] = []
        for question in asked:
            try:
                answers.append(Advice(*self._read(self._post(question)), model=self.model))
            except EngineError as error:
                answers.append(Advice("no_answer", f"{error.code}: {error.message}", self.model))
                if error.code in _DOWN:  # the rest would wait as long for nothing
                    break
        return answers + answers[-1:] * (len(asked) - len(answers))

    def _post(self, question: Question) -> bytes:
        while True:
            try:
                return self._server.post_all([partial(self._request, question)])[0]
            except RefusedError as error:
                if self._form + 1 >= len(_FORMS) or not _refuses_form(error):
                    raise
                self._form += 1

    def _request(self, question: Question) -> dict[str, Any]:
        body = {
            "model": self.model,
            "messages": list(question.messages),
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            **_FORMS[self._form],
        }
        return {"json": body}

    def _read(self, body: bytes) -> tuple[Literal["supports", "doubts", "cannot_tell"], str]:
        try:
            content = _Completion.model_validate_json(body).choices[0].message.content
            answer = _Answer.model_validate(json.loads(content))
        except (ValidationError, ValueError, RecursionError):
            raise self._server.bad_answer("it is not the JSON object that was asked for") from None
        return answer.view, plain(answer.reason)[:_LONGEST_REASON]


def _refuses_form(error: RefusedError) -> bool:
    """Whether the server says that it does not know the form asked for, rather than anything else."""
    return error.status in _FORM_REFUSED and ("response_format" in error.said or "json_schema" in error.said)
