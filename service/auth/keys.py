"""API keys, ``mp_PREFIX_SECRET``, and access tokens, ``mt_SECRET``; only hashes are stored.

A secret has 256 random bits, so plain SHA-256 is enough: it cannot be guessed.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

_MARK = "mp"
_TOKEN_MARK = "mt"  # noqa: S105 - no password


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the client holds it."""

    prefix: str
    secret: str

    def __str__(self) -> str:
        return f"{_MARK}_{self.prefix}_{self.secret}"

    @property
    def secret_hash(self) -> bytes:
        """SHA-256 of the secret."""
        return hashlib.sha256(self.secret.encode()).digest()

    def matches(self, secret_hash: bytes) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.secret_hash, secret_hash)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A short-lived token that a program got for its key: ``mt_SECRET``."""

    secret: str

    def __str__(self) -> str:
        return f"{_TOKEN_MARK}_{self.secret}"

    @property
    def hash(self) -> bytes:
        """SHA-256 of the secret."""
        return hashlib.sha256(self.secret.encode()).digest()


def draw_token() -> AccessToken:
    """A new random access token."""
    return AccessToken(secrets.token_hex(32))


def draw_key() -> ApiKey:
    """A new random key."""
    return ApiKey(secrets.token_hex(6), secrets.token_hex(32))


def shown_key(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The text sent as an API key in the headers of a request, or "".

    A bearer token takes precedence over X-API-Key, as in the guards.
    """
    bearer = own = b""
    for name, value in headers:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            bearer = bearer or value[7:].strip()
        elif name == b"x-api-key":
            own = own or value
    return str(bearer or own, "latin-1")


def find_key(text: str) -> ApiKey | None:
    """Parse a key as a client sends it; None if it is malformed."""
    parts = text.strip().split("_")
    if len(parts) != 3 or parts[0] != _MARK or len(parts[1]) != 12 or len(parts[2]) != 64:
        return None
    return ApiKey(parts[1], parts[2])


def find_shown(text: str) -> ApiKey | AccessToken | None:
    """Parse what a program sends to be let in: its key or an access token; None if malformed."""
    mark, _, secret = text.strip().partition("_")
    if mark == _TOKEN_MARK:
        return AccessToken(secret) if len(secret) == 64 else None
    return find_key(text)
