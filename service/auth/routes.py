"""The token endpoint of OAuth 2.0: access tokens for programs by their key (RFC 6749 §4.4)."""

import base64
import binascii
from typing import Annotated, Literal
from urllib.parse import unquote_plus

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from service.auth.commands.tokens import TOKEN_LIVES_S, give_token
from service.auth.guards import STRANGER, count_call, tally_of
from service.auth.keys import find_key
from service.auth.queries import find_program
from service.core.query_parameters import KnownParameters, WithoutControl
from service.core.web import database_of, reads_of

PATH = "/oauth/token"
router = APIRouter(tags=["tokens"], dependencies=[WithoutControl, KnownParameters])
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_BASIC = {"WWW-Authenticate": 'Basic realm="menpai"'}


class TokenOut(BaseModel):
    """An access token (RFC 6749 §5.1)."""

    access_token: str = Field(description="Send it as a bearer token.", examples=["mt_5f0c…"])
    token_type: Literal["Bearer"] = Field(
        "Bearer", description="Always Bearer.", examples=["Bearer"]
    )
    expires_in: int = Field(description="Seconds until it ends.", examples=[TOKEN_LIVES_S])
    scope: str = Field(
        description="Its permissions, separated by spaces.", examples=["addresses:read"]
    )


class TokenFault(BaseModel):
    """Why there is no token (RFC 6749 §5.2)."""

    error: Literal[
        "invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"
    ] = Field(description="The kind of fault.", examples=["invalid_scope"])
    error_description: str = Field(description="What to do.", examples=["…"])


@router.post(
    PATH,
    operation_id="issueToken",
    response_model=TokenOut,
    responses={
        400: {"model": TokenFault, "description": "The request names no token it can have."},
        401: {"model": TokenFault, "description": "Id or secret of the client is wrong."},
    },
)
def issue_token(
    request: Request,
    *,
    grant_type: Annotated[
        str, Form(description="`client_credentials`.", examples=["client_credentials"])
    ] = "",
    scope: Annotated[
        str,
        Form(
            description="Permissions of the token; without it all that were granted.",
            examples=["addresses:read addresses:resolve"],
        ),
    ] = "",
    client_id: Annotated[
        str,
        Form(
            description="The twelve characters after `mp_`, unless sent by Basic.",
            examples=["5f0c7c3e6a4b"],
        ),
    ] = "",
    client_secret: Annotated[
        str,
        Form(
            description="The last part of the key, unless sent by Basic.",
            examples=["9f1e6c1d6f2f9c11" * 4],
        ),
    ] = "",
) -> JSONResponse:
    """Give a program a token for fifteen minutes, by id and secret of its key (Basic or form).

    The key `mp_ID_SECRET` can also be sent with each call instead. A token is confined to `scope`
    and ends with the key and the grants.
    """
    basic = request.headers.get("authorization", "")
    sent = f"mp_{client_id}_{client_secret}" if client_id or client_secret else ""
    if basic:
        if sent:
            return _refuse("invalid_request", "send id and secret once: by Basic or in the form")
        sent = _read_basic(basic)
    if not grant_type:
        return _refuse("invalid_request", "grant_type is missing: send client_credentials")
    key = find_key(sent)
    program = None
    if key is not None:
        with reads_of(request).identifying() as session:
            program = find_program(session, key)
    if key is None or program is None:
        tally_of(request).add(STRANGER, "keys:refuse", "wrong client credentials")
        answer = _refuse("invalid_client", "id or secret is wrong, or the key has ended", 401)
        answer.headers.update(_BASIC)
        return answer
    if grant_type != "client_credentials":
        return _refuse("unsupported_grant_type", "send client_credentials")
    wanted = set(scope.split()) or set(map(str, program.permissions))
    lacking = sorted(wanted - program.permissions)
    if lacking or not wanted:
        told = f"not granted: {' '.join(lacking)[:200]}" if lacking else "no grant is in force"
        return _refuse("invalid_scope", told)
    count_call(request, program)
    with database_of(request).session() as session:
        token = give_token(session, key, wanted)
    tally_of(request).add(program.actor, "clients:token", key.prefix)
    given = TokenOut(
        access_token=str(token), expires_in=TOKEN_LIVES_S, scope=" ".join(sorted(wanted))
    )
    return JSONResponse(given.model_dump(), headers=_NOT_KEPT)


def _read_basic(header: str) -> str:
    """Id and secret of HTTP Basic (RFC 6749 §2.3.1: both form-encoded) as a key, or ""."""
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        name, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return ""
    return f"mp_{unquote_plus(name)}_{unquote_plus(secret)}"


def _refuse(error: str, told: str, status: int = 400) -> JSONResponse:
    """A refusal in the form of RFC 6749 §5.2."""
    body = {"error": error, "error_description": told}
    return JSONResponse(body, status_code=status, headers=_NOT_KEPT)
