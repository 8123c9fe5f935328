"""One's own second factor: begin, confirm, take away."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.http.deps import Acting, Reader
from api.http.problems import Problem
from api.http.signing_in import refuse, secret_key
from store.database import transaction
from store.errors import BadInputError, ConflictError
from store.identity import second_factor, sessions
from store.identity.passwords import password_fits
from store.people import Actor

router = APIRouter(tags=["identity"])

_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    409: {"model": Problem, "description": "Conflict"},
    429: {"model": Problem, "description": "Too many failures: wait"},
}
Code = Annotated[str, Field(min_length=6, max_length=40)]


class FactorOut(BaseModel):
    """How one signs in."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"on": True, "recovery_codes_left": 9}]})

    on: bool
    recovery_codes_left: int


class EnrolmentOut(BaseModel):
    """What goes into the authenticator: by hand, or by the QR code of `uri`, an SVG picture."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"secret": "JBSW…", "uri": "otpauth://totp/…", "qr": "<svg…"}]},
        from_attributes=True,
    )

    secret: str
    uri: str
    qr: str


class CodeIn(BaseModel):
    """The newest code of the authenticator."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"code": "492039"}]})

    code: Code


class CodesOut(BaseModel):
    """Codes for the day when the telephone is lost. They are shown this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"recovery_codes": ["a1b2c3-d4e5f6"]}]})

    recovery_codes: list[str]


class PasswordIn(BaseModel):
    """The password, once more."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"password": "…"}]})

    password: str = Field(min_length=1, max_length=400)


@router.get("/me/second-factor", summary="Whether one has a second factor")
def shown(session: Reader, acting: Acting) -> FactorOut:
    """And how many recovery codes are left."""
    return FactorOut(
        on=second_factor.is_on(session, acting.id),
        recovery_codes_left=second_factor.recovery_codes_left(session, acting.id),
    )


@router.post("/me/second-factor", summary="Begin with a second factor", status_code=201, responses=_REFUSED)
def begin(request: Request, acting: Acting) -> EnrolmentOut:
    """Gives a secret for the authenticator. It counts once a code of it is confirmed."""
    state = request.app.state
    with transaction(state.sessions) as session:
        enrolment = second_factor.begin(session, state.clock, acting.id, secret_key(request))
    return EnrolmentOut.model_validate(enrolment)


@router.put("/me/second-factor", summary="Confirm the second factor by a code", responses=_REFUSED)
def confirm(request: Request, acting: Acting, given: CodeIn) -> CodesOut:
    """From now on signing in takes a code."""
    state = request.app.state
    with transaction(state.sessions) as session:
        codes = second_factor.confirm(session, state.clock, acting.id, given.code, secret_key(request))
        sessions.enrolled(session, acting.id)
    return CodesOut(recovery_codes=codes)


@router.delete(
    "/me/second-factor", summary="Take the second factor away", status_code=204, responses=_REFUSED
)
def take_away(request: Request, acting: Acting, given: PasswordIn) -> Response:
    """Takes the password once more; not for roles that take a second factor.
    An administrator does it for somebody who lost the telephone."""
    state = request.app.state
    with transaction(state.sessions) as session:
        fits = password_fits(session, acting.id, given.password, state.clock.now())
        if fits:
            _require_free(request, acting)
            second_factor.take_away(session, state.clock, acting.id, by=acting.id)
    if not fits:
        refuse(request, acting.id)
        raise BadInputError("the password is not right", code="password.wrong", where="password")
    return Response(status_code=204)


def _require_free(request: Request, acting: Actor) -> None:
    """Whoever has to have a second factor keeps it.

    Raises:
        ConflictError: `second_factor.required`.
    """
    wanted: tuple[str, ...] = request.app.state.settings.second_factor_roles
    if acting.has(*wanted):
        raise ConflictError(
            "your roles take a second factor",
            code="second_factor.required",
            mend="For another telephone, an administrator takes it away and you set it up anew.",
        )
