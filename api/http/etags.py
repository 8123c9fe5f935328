"""Versions of things: `ETag` of what is read, `If-Match` of what is changed (RFC 9110).

A change that two persons could make at once asks for the version that its writer saw. Compare inside the
transaction that holds the row's lock: what was compared then is what is changed.
"""

import hashlib
import re
from typing import Annotated, Any, Final, Protocol

from fastapi import Header, Request

from api.http.problems import BadRequest

_TAG: Final = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


class Missing(BadRequest):
    """The change has to say which version it is of."""

    http_status = 428


class Changed(BadRequest):
    """Somebody was faster."""

    http_status = 412


def tag(version: object, content: str | None = None) -> str:
    """The entity tag of a version, as it stands in the header.

    Args:
        version: what `require_match` compares; without a dot in it.
        content: the document, where more of it changes than the version counts, such as what depends on the
            clock: a caller who has the old one then gets the new one, and `If-Match` goes by the version.
    """
    if content is None:
        return f'"{version}"'
    return f'"{version}.{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


def names_version(
    if_match: Annotated[
        str | None, Header(description="the `ETag` of what was read", examples=['"5f3a"'])
    ] = None,
) -> None:
    """Describes the header for routes that compare it themselves, by `require_match`."""


def listed(header: str | None, *, weak: bool) -> frozenset[str] | None:
    """The tags of an `If-Match` (`weak=False`) or `If-None-Match` header, without their `W/`; `*` stands for
    any; None without a header. Weak tags never meet `If-Match`."""
    if header is None:
        return None
    if header.strip() == "*":
        return frozenset({"*"})
    return frozenset(found for mark, found in _TAG.findall(header) if weak or not mark)


def require_match(
    request: Request, version: object, *, changed_by: str | None = None, required: bool = True
) -> None:
    """Let a change through that is of the present version.

    Args:
        request: with the header `If-Match`.
        version: the present one, read under the row's lock; `tag(version)` is its `ETag`.
        changed_by: who made it, to be told to whoever was slower.
        required: whether a change without the header is refused.

    Raises:
        Missing: `request.if_match_missing`.
        Changed: `request.changed`.
    """
    given = listed(request.headers.get("if-match"), weak=False)
    if given is None:
        if required:
            raise Missing(
                "say which version you change",
                code="request.if_match_missing",
                where="header If-Match",
                mend="Read it first, and send its ETag as If-Match.",
            )
        return
    if "*" not in given and str(version) not in {_version(each) for each in given}:
        raise Changed(
            f"it was changed meanwhile by {changed_by}" if changed_by else "it was changed meanwhile",
            code="request.changed",
            where="header If-Match",
            mend="Read it again, and decide anew.",
        )


class Kept(Protocol):
    """A version that is added and never changed."""

    version: Any
    added_by: Any


def require_newest(request: Request, newest: Kept | None) -> None:
    """Let a new version through that follows the one its writer read; without the header, any.

    Raises:
        Changed: `request.changed`.
    """
    version, by = (newest.version, newest.added_by) if newest is not None else (0, None)
    require_match(request, version, changed_by=by, required=False)


def _version(given: str) -> str:
    return given.strip('"').partition(".")[0]
