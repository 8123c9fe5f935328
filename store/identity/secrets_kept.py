"""Secrets that are shown once and kept as a hash. They are random and long, so a plain hash is enough."""

import hashlib
import secrets
from typing import Final

_BYTES: Final = 32


def new_secret(prefix: str) -> str:
    """A secret that nobody guesses, with letters before it by which leaks can be searched for."""
    return f"{prefix}{secrets.token_urlsafe(_BYTES)}"


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
