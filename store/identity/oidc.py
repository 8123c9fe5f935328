"""Signing in by the house's own identity provider: OpenID Connect, code flow with PKCE.

The provider says who somebody is; whether they have an account here, and what they may, is said here. Nobody
is added, and nobody gets a role, because a provider says so.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from cryptography.fernet import Fernet, InvalidToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from store.errors import DitingError

FLOW_LENGTH: Final = timedelta(minutes=10)
SCOPE: Final = "openid profile"
_ALGORITHMS: Final = ["RS256", "PS256", "ES256"]
_LEEWAY_S: Final = 60
_TIMEOUT_S: Final = 10.0
_MOST_BYTES: Final = 1024 * 1024


class ProviderError(DitingError):
    """The provider cannot be reached, or says something that does not hold."""

    http_status = 502


class FlowError(DitingError):
    """Somebody came back from the provider with what we did not send them for."""

    http_status = 401


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows us by; `claim` names the account."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    claim: str = "preferred_username"


@dataclass(frozen=True, slots=True)
class Flow:
    """What must be the same when somebody comes back."""

    state: str
    nonce: str
    verifier: str
    began_at: datetime


def begin(now: datetime) -> Flow:
    """A flow that nobody guesses."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Flow(state, nonce, verifier, now)


def seal(flow: Flow, key: str) -> str:
    """The flow as a cookie: nobody reads or makes one without the key."""
    content = [flow.state, flow.nonce, flow.verifier, flow.began_at.isoformat()]
    return _box(key).encrypt(json.dumps(content).encode()).decode()


def unseal(cookie: str | None, key: str, *, state: str, now: datetime) -> Flow:
    """The flow of a cookie, if it is the one that the browser came back for.

    Raises:
        FlowError: `oidc.flow`.
    """
    try:
        content = json.loads(_box(key).decrypt((cookie or "").encode()))
    except InvalidToken:
        content = None
    if content is not None:
        known, nonce, verifier, began_at = content
        flow = Flow(known, nonce, verifier, datetime.fromisoformat(began_at))
        if secrets.compare_digest(flow.state, state) and now - flow.began_at <= FLOW_LENGTH:
            return flow
    raise FlowError(
        "this sign-in was not begun here, or too long ago", code="oidc.flow", mend="Begin at /sign-in again."
    )


def address(metadata: dict[str, Any], client: Client, flow: Flow) -> str:
    """Where the browser is sent."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(flow.verifier.encode()).digest()).rstrip(b"=")
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": SCOPE,
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    return f"{metadata['authorization_endpoint']}?{urlencode(query)}"


def discover(client: Client) -> dict[str, Any]:
    """What the provider says of itself.

    Raises:
        ProviderError: `oidc.provider`.
    """
    found = _ask("GET", f"{client.issuer.rstrip('/')}/.well-known/openid-configuration")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if found.get("issuer") != client.issuer or not all(isinstance(found.get(each), str) for each in needed):
        raise _wrong("its description is of another issuer, or incomplete")
    return found


def account_of(metadata: dict[str, Any], client: Client, flow: Flow, code: str, *, now: datetime) -> str:
    """The account of whoever came back with this code.

    Raises:
        ProviderError: `oidc.provider`, the provider does not answer as it must, or its word does not hold.
    """
    answer = _ask(
        "POST",
        metadata["token_endpoint"],
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect_uri,
            "code_verifier": flow.verifier,
        },
        auth=(client.client_id, client.client_secret),
    )
    claims = _claims(str(answer.get("id_token", "")), _ask("GET", metadata["jwks_uri"]), client, now)
    if not secrets.compare_digest(str(claims.get("nonce", "")), flow.nonce):
        raise _wrong("its token is not of this sign-in")
    account = claims.get(client.claim)
    if not isinstance(account, str) or not account:
        raise _wrong(f"its token does not say {client.claim}")
    return account


def _claims(token: str, keys: dict[str, Any], client: Client, now: datetime) -> dict[str, Any]:
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS)  # type: ignore[arg-type]
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": client.issuer},
            aud={"essential": True, "value": client.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        ).validate(decoded.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise _wrong(f"its token does not hold ({type(error).__name__})") from error
    claims: dict[str, Any] = dict(decoded.claims)
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client.client_id:
        raise _wrong("its token was made for another client")
    return claims


def _ask(method: str, url: str, **options: Any) -> dict[str, Any]:
    try:
        answer = httpx.request(method, url, timeout=_TIMEOUT_S, follow_redirects=False, **options)
        answer.raise_for_status()
        if len(answer.content) > _MOST_BYTES:
            raise _wrong("its answer is too large")
        found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise _wrong(f"it does not answer as it must ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise _wrong("its answer is no JSON object")
    return found


def _wrong(what: str) -> ProviderError:
    return ProviderError(
        f"the identity provider cannot be believed: {what}",
        code="oidc.provider",
        mend="Look at DITING_OIDC_ISSUER and at the provider's log; sign in with a password meanwhile.",
    )


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"diting oidc" + key.encode()).digest()))
