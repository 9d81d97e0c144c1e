"""Signs what webhooks send, and verifies it on the other side.

The header ``Menpai-Signature`` is ``t=SECONDS,v1=HEX[,v1=HEX]``: HMAC-SHA256, with the secret, of
``SECONDS.BODY``. While a secret is being changed, both sign.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence

HEADER = "Menpai-Signature"
"""The header with the signatures of a message."""

WINDOW_S = 300
"""How far the clock of the receiver may be from the time of sending, in seconds."""

_MOST_SIGNATURES = 4
_HEADER = re.compile(
    rf"t=([0-9]{{1,12}})((?:,v1=[0-9a-f]{{64}}){{1,{_MOST_SIGNATURES}}})", re.ASCII
)


def sign_body(secrets: Sequence[str], body: bytes, at: int) -> str:
    """The header of a body that is sent at a time (Unix seconds), by each secret."""
    return f"t={at}" + "".join(f",v1={_digest(one, str(at), body)}" for one in secrets)


def verify_signature(
    secret: str, header: str, body: bytes, now: float, *, window_s: int = WINDOW_S
) -> bool:
    """Whether a body came from the holder of the secret, and just now.

    ``header`` is the value of ``Menpai-Signature``; ``body`` the bytes as they were received,
    before any parsing; ``now`` the receiver's clock in Unix seconds. Compared in constant time.
    Within the window a message may still be repeated: take each ``delivery`` once.
    """
    found = _HEADER.fullmatch(header)
    if found is None or abs(now - int(found[1])) > window_s:
        return False
    expected = _digest(secret, found[1], body)
    given = (part.removeprefix("v1=") for part in found[2].split(",") if part)
    return any(hmac.compare_digest(expected, one) for one in given)


def _digest(secret: str, at: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), at.encode() + b"." + body, "sha256").hex()
