"""Session tokens: 256 random bits in a cookie, their SHA-256 in the table.

The token of forms (CSRF) is derived from the session's, so that it is bound to it, needs no place
of its own, and tells nothing about it.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

_LENGTH = 43


@dataclass(frozen=True, slots=True)
class SessionToken:
    """What a signed-in browser holds."""

    secret: str = field(repr=False)

    @property
    def token_hash(self) -> bytes:
        """What the table keeps."""
        return hashlib.sha256(self.secret.encode()).digest()

    @property
    def form_token(self) -> str:
        """What every form of this session carries."""
        return hmac.new(self.secret.encode(), b"form", hashlib.sha256).hexdigest()

    def is_form_token(self, text: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.form_token.encode(), text.encode())


def draw_session_token() -> SessionToken:
    """A new random token."""
    return SessionToken(secrets.token_urlsafe(32))


def find_session_token(text: str) -> SessionToken | None:
    """Read a cookie's value; None when it has not the form of a token."""
    whole = len(text) == _LENGTH and text.isascii() and text.replace("-", "a").replace("_", "a")
    return SessionToken(text) if whole and whole.isalnum() else None
