"""Address tokens: compact JWS (RFC 7515) that only their program can exchange for the address.

The token names no address: it travels through a browser and the logs of a web server. It is bound
to one program (``aud``), one request (``sub``) and one agreement of a resident (``jti``), and lasts
five minutes (``exp``). The algorithm is fixed, whatever a token says of itself.
"""

import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from jwt.utils import base64url_decode, base64url_encode

from service.core.errors import BadRequest, Gone, NotAllowed
from service.core.signing_keys import KeyRing

PURPOSE = "address tokens"
ALGORITHM = "HS256"
KIND = "menpai-address+jwt"
LASTS = timedelta(minutes=5)
LONGEST = 1000
"""Of a token that is read, in characters; ours have about 330."""


class TokenForged(BadRequest):
    """This is not an address token of this service, or it was altered."""


class TokenNotYours(NotAllowed):
    """This address token was made for another program."""


class TokenExpired(Gone):
    """This address token is older than five minutes."""


class TokenUsed(Gone):
    """This address token was used before, or the resident agreed anew after it was made."""


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a token says: the id of its request, of its program, and its own."""

    request: str
    client_id: int
    token_id: str


def sign_token(claims: TokenClaims, keys: KeyRing, now: datetime) -> str:
    """The token of an agreement that is made now."""
    key = keys.current
    said = {
        "sub": claims.request,
        "aud": str(claims.client_id),
        "jti": claims.token_id,
        "iat": now,
        "exp": now + LASTS,
    }
    return jwt.encode(said, key.secret, ALGORITHM, headers={"kid": key.id, "typ": KIND})


def verify_token(text: str, keys: KeyRing, now: datetime) -> TokenClaims:
    """What a token says, if this service signed exactly this text and it has not expired.

    Raises:
        TokenForged: the text is no token of ours, down to the unused bits of its base64.
        TokenExpired: it is over.
    """
    forged = TokenForged("no token of ours reads so", hint="send it as the resident brought it")
    options: Any = dict.fromkeys(("verify_aud", "verify_exp", "verify_iat"), False)
    options["require"] = ["sub", "aud", "jti", "iat", "exp"]
    try:
        # Decoders overlook what base64 leaves open, but one signature has one spelling here.
        parts = [base64url_encode(base64url_decode(part)).decode() for part in text.split(".")]
        header = jwt.get_unverified_header(text)
        key = keys.find(str(header.get("kid")))
        if key is None or header != {"alg": ALGORITHM, "kid": key.id, "typ": KIND}:
            raise forged
        said = jwt.decode(text, key.secret, [ALGORITHM], options=options)
    except (jwt.InvalidTokenError, binascii.Error, ValueError):
        raise forged from None
    if ".".join(parts) != text:
        raise forged
    if now.timestamp() >= said["exp"]:
        raise TokenExpired(
            "the token is over five minutes old", hint="let the resident show the address again"
        )
    return TokenClaims(said["sub"], int(said["aud"]), said["jti"])
