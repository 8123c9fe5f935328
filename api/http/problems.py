"""Errors as `application/problem+json` (RFC 9457) with the same stable codes as everywhere else."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.words import Words
from store.errors import DitingError
from store.logging import get_logger

MEDIA_TYPE = "application/problem+json"
_log = get_logger(__name__)


class InvalidField(BaseModel):
    """One field that cannot be right."""

    where: str = Field(description="such as `query limit` or `body wanted version`")
    message: str


class Problem(BaseModel):
    """What went wrong, where, and what to do about it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:diting:problem:call.not_found",
                    "title": "Not Found",
                    "title_zh": "未找到",
                    "status": 404,
                    "code": "call.not_found",
                    "detail": "there is no such call",
                    "where": "call 17",
                    "mend": "GET /api/v1/calls lists the calls.",
                    "request_id": "6f1c0d2e9a",
                    "errors": None,
                }
            ]
        }
    )

    type: str = Field(description="`urn:diting:problem:` and the code")
    title: str
    title_zh: str
    status: int
    code: str = Field(description="stable; docs/errors.md explains each")
    detail: str
    where: str | None = None
    mend: str | None = None
    request_id: str | None = Field(None, description="`X-Request-ID` of the answer; the log has it")
    errors: list[InvalidField] | None = Field(None, description="every field that cannot be right")


class Unauthorized(DitingError):  # noqa: N818 - named as HTTP names it
    """The caller has not said who they are, or not truthfully."""

    http_status = 401


class Forbidden(DitingError):  # noqa: N818
    """The caller is known and may not do this."""

    http_status = 403


class BadRequest(DitingError):  # noqa: N818
    """The request itself is wrong."""

    http_status = 422


_TITLES: Final[Mapping[int, Words]] = {
    400: Words("请求有误", "Bad Request"),
    401: Words("未登录", "Unauthorized"),
    403: Words("无权限", "Forbidden"),
    404: Words("未找到", "Not Found"),
    405: Words("不支持的方法", "Method Not Allowed"),
    406: Words("无法按所需格式返回", "Not Acceptable"),
    409: Words("状态冲突", "Conflict"),
    411: Words("缺少长度", "Length Required"),
    412: Words("内容已被更改", "Precondition Failed"),
    413: Words("内容过大", "Content Too Large"),
    415: Words("不支持的媒体类型", "Unsupported Media Type"),
    416: Words("范围无效", "Range Not Satisfiable"),
    422: Words("内容无法处理", "Unprocessable Content"),
    424: Words("依赖的服务失败", "Failed Dependency"),
    428: Words("缺少前提条件", "Precondition Required"),
    429: Words("请求过多", "Too Many Requests"),
    500: Words("服务器内部错误", "Internal Server Error"),
    503: Words("服务暂不可用", "Service Unavailable"),
    507: Words("存储空间不足", "Insufficient Storage"),
}
_METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")
_UNKNOWN: Final = Words("错误", "Error")
_CODES: Final = {
    404: "request.no_route",
    405: "request.method",
    413: "request.too_large",
    415: "request.media_type",
}
# What FastAPI says of a body that it did not read as JSON, as the sender named another type.
_NOT_READ: Final = frozenset({"model_attributes_type", "dict_type", "list_type"})


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    where: str | None = None,
    mend: str | None = None,
    request: Request | None = None,
    errors: Sequence[InvalidField] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """One problem document as a response."""
    title = _TITLES.get(status, _UNKNOWN)
    body = Problem(
        type=f"urn:diting:problem:{code}",
        title=title.en,
        title_zh=title.zh,
        status=status,
        code=code,
        detail=detail,
        where=where,
        mend=mend,
        request_id=None if request is None else getattr(request.state, "request_id", None),
        errors=None if errors is None else list(errors),
    )
    given = dict(headers or {})
    if status == 401:
        given.setdefault("WWW-Authenticate", "Bearer")
    return JSONResponse(body.model_dump(), status, headers=given, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Makes every error of the application a problem document."""
    app.add_exception_handler(DitingError, _diting)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    for kind in (DataError, OverflowError):
        app.add_exception_handler(kind, _out_of_range)
    app.add_exception_handler(Exception, unexpected)


async def _diting(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DitingError):
        raise error
    if error.http_status >= 500:
        _log.error("request.failed", code=error.code)
    return problem(
        error.http_status,
        error.code,
        error.message,
        where=error.where,
        mend=error.mend,
        request=request,
        headers=getattr(error, "headers", None),
    )


async def _validation(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    kinds = {each["type"] for each in found if each["loc"][0] == "body"}
    invalid = [InvalidField(where=" ".join(map(str, each["loc"])), message=each["msg"]) for each in found]
    status, code = 422, "request.invalid"
    if "json_invalid" in kinds:
        status, code = 400, "request.json"
    elif kinds & _NOT_READ and not _is_json(request):
        status, code = 415, "request.media_type"
    mend = "See /api/v1/openapi.json."
    first = invalid[0]
    return problem(status, code, first.message, where=first.where, mend=mend, request=request, errors=invalid)


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    code = _CODES.get(error.status_code, "request.invalid")
    headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
    return problem(error.status_code, code, str(error.detail), request=request, headers=headers)


def _allowed(request: Request) -> str:
    """The methods of all routes of the address; the router itself names those of the first one only."""
    asked = ((method, {**request.scope, "method": method}) for method in _METHODS)
    routes = request.app.routes
    taken = [name for name, scope in asked if any(each.matches(scope)[0] is Match.FULL for each in routes)]
    return ", ".join([*taken, "HEAD"] if "GET" in taken else taken)


async def _out_of_range(request: Request, error: Exception) -> JSONResponse:
    """No database holds such a value: a number beyond its integers, or text with a NUL in it."""
    _log.warning("request.out_of_range", error=type(error).__name__)
    return problem(
        422,
        "request.out_of_range",
        "a value in the request is one that the database cannot hold",
        mend="Send numbers below 2^31 and text without NUL.",
        request=request,
    )


async def unexpected(request: Request, error: Exception) -> JSONResponse:
    """The answer to what nobody foresaw; the log has the error, the answer nothing of it."""
    _log.error("request.crashed", error=type(error).__name__, exc_info=error)
    return problem(
        500, "server.unexpected", "an unexpected error; the log of the server has it", request=request
    )


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": _TITLES[status].en}
    for status in (400, 401, 403, 404, 413, 415, 422, 429, 500)
}
