"""One-time codes of an authenticator app: TOTP (RFC 6238) over HMAC-SHA-1, as all apps read it."""

import base64
import hmac
import secrets
from urllib.parse import quote, urlencode

PERIOD_S = 30
DIGITS = 6
SECRET_BYTES = 20
"""The length that RFC 4226 §4 recommends: that of the hash."""

_SKEW = 1
"""Steps before and after the present one that count too (RFC 6238 §5.2): clocks differ."""


def draw_secret() -> bytes:
    """A new random secret."""
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a time step (RFC 4226 §5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def find_step(secret: bytes, code: str, now: float, used: int) -> int | None:
    """The time step whose code this is, if it is about now and later than the one used last.

    Args:
        now: seconds since 1970.
        used: the step of the last code that was taken; it and those before count no more.
    """
    present = int(now) // PERIOD_S
    found = None
    for step in range(present - _SKEW, present + _SKEW + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > used:
            found = step
    return found


def plain_secret(secret: bytes) -> str:
    """A secret as people type it into an app: base32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def enrolment_url(secret: bytes, account: str, issuer: str) -> str:
    """What the QR code for an authenticator app says (the Key URI format)."""
    label = quote(f"{issuer}:{account}")
    values = {"secret": plain_secret(secret).replace(" ", ""), "issuer": issuer}
    return f"otpauth://totp/{label}?{urlencode(values, quote_via=quote)}"
