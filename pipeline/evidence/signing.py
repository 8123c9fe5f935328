"""Signs evidence in the name of the house: Ed25519, with a key that comes from the installation's secret key.

Whoever has the public key can check a signature; nobody can make one without DITING_SECRET_KEY."""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pipeline.evidence.standalone import SIGNED_AS

_PURPOSE: Final = b"diting evidence signing key 1"


def public_key(secret: str) -> str:
    """What the house publishes, in hexadecimal."""
    return _key(secret).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def signature(secret: str, manifest: bytes) -> dict[str, str]:
    """The signature of a manifest; the same manifest gives the same one."""
    return {
        "algorithm": "Ed25519",
        "public_key": public_key(secret),
        "signature": _key(secret).sign(SIGNED_AS + manifest).hex(),
    }


def _key(secret: str) -> Ed25519PrivateKey:
    derived = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(derived)
