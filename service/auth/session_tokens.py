"""Session tokens: 256 random bits in a cookie; the table holds their SHA-256.

The form token (CSRF) is an HMAC of the session token: bound to the session, not stored, and
revealing nothing about it.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

_LENGTH = 43


@dataclass(frozen=True, slots=True)
class SessionToken:
    """The token of a signed-in browser."""

    secret: str = field(repr=False)

    @property
    def token_hash(self) -> bytes:
        """The hash stored in the table."""
        return hashlib.sha256(self.secret.encode()).digest()

    @property
    def form_token(self) -> str:
        """The CSRF token in every form of this session."""
        return hmac.new(self.secret.encode(), b"form", hashlib.sha256).hexdigest()

    def is_form_token(self, text: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.form_token.encode(), text.encode())


def draw_session_token() -> SessionToken:
    """A new random token."""
    return SessionToken(secrets.token_urlsafe(32))


def find_session_token(text: str) -> SessionToken | None:
    """Parse a cookie's value; None if it is malformed."""
    whole = len(text) == _LENGTH and text.isascii() and text.replace("-", "a").replace("_", "a")
    return SessionToken(text) if whole and whole.isalnum() else None
