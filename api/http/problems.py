"""Errors as `application/problem+json` (RFC 9457) with the same stable codes as everywhere else."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from store.errors import DitingError
from store.logging import get_logger

MEDIA_TYPE = "application/problem+json"
_log = get_logger(__name__)


class Problem(BaseModel):
    """What went wrong, where, and what to do about it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:diting:problem:call.not_found",
                    "title": "Not Found",
                    "status": 404,
                    "code": "call.not_found",
                    "detail": "there is no such call",
                    "where": "call 17",
                    "mend": "GET /api/v1/calls lists the calls.",
                }
            ]
        }
    )

    type: str = Field(description="`urn:diting:problem:` and the code")
    title: str
    status: int
    code: str = Field(description="stable; docs/errors.md explains each")
    detail: str
    where: str | None = None
    mend: str | None = None


class Unauthorized(DitingError):  # noqa: N818 - named as HTTP names it
    """The caller has not said who they are, or not truthfully."""

    http_status = 401


class Forbidden(DitingError):  # noqa: N818
    """The caller is known and may not do this."""

    http_status = 403


class BadRequest(DitingError):  # noqa: N818
    """The request itself is wrong."""

    http_status = 422


_TITLES = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Content Too Large",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
    428: "Precondition Required",
    500: "Internal Server Error",
    503: "Service Unavailable",
    507: "Insufficient Storage",
}
_CODES = {404: "request.no_route", 405: "request.method"}


def problem(status: int, code: str, detail: str, **more: str | None) -> JSONResponse:
    """One problem document as a response."""
    body = Problem(
        type=f"urn:diting:problem:{code}",
        title=_TITLES.get(status, "Error"),
        status=status,
        code=code,
        detail=detail,
        where=more.get("where"),
        mend=more.get("mend"),
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(body.model_dump(), status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Makes every error of the application a problem document."""
    app.add_exception_handler(DitingError, _diting)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _diting(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DitingError):
        raise error
    if error.http_status >= 500:
        _log.error("request.failed", code=error.code)
    return problem(error.http_status, error.code, error.message, where=error.where, mend=error.mend)


async def _validation(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    first: dict[str, Any] = error.errors()[0]
    where = " ".join(str(part) for part in first["loc"])
    return problem(422, "request.invalid", first["msg"], where=where, mend="See /api/v1/openapi.json.")


async def _http(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    code = _CODES.get(error.status_code, "request.invalid")
    return problem(error.status_code, code, str(error.detail))


async def _unexpected(_request: Request, error: Exception) -> JSONResponse:
    _log.error("request.crashed", error=type(error).__name__, exc_info=error)
    return problem(500, "server.unexpected", "an unexpected error; the log of the server has it")


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": _TITLES[status]} for status in (401, 404, 422)
}
