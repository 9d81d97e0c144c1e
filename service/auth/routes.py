"""The token endpoint of OAuth 2.0: access tokens for programs by their key (RFC 6749 §4.4)."""

import base64
import binascii
import re
from typing import Annotated
from urllib.parse import unquote_plus

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse

from service.auth.commands.tokens import TOKEN_LIVES_S, give_token
from service.auth.guards import STRANGER, count_call, tally_of
from service.auth.keys import ApiKey, find_key
from service.auth.queries import find_program
from service.auth.schemas import TokenFault, TokenIn, TokenOut
from service.core.query_parameters import KnownParameters, WithoutControl
from service.core.web import database_of, reads_of

PATH = "/oauth/token"
router = APIRouter(tags=["tokens"], dependencies=[WithoutControl, KnownParameters])
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_NOT_TOLD = re.compile(r"[^\x20\x21\x23-\x5b\x5d-\x7e]")
"""What an ``error_description`` may not hold (RFC 6749 §5.2)."""

_BASIC = {"WWW-Authenticate": 'Basic realm="menpai"'}


def _oauth_error(error: str, told: str, status: int = 400) -> JSONResponse:
    """A refusal in the form of RFC 6749 §5.2."""
    body = {"error": error, "error_description": _NOT_TOLD.sub("?", told)}
    headers = _NOT_KEPT | (_BASIC if error == "invalid_client" else {})
    return JSONResponse(body, status_code=status, headers=headers)


def find_sent_key(request: Request, form: TokenIn) -> ApiKey | None:
    """The key whose id and secret came by HTTP Basic (RFC 6749 §2.3.1) or in the form, or None."""
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if not kind:
        return find_key(f"mp_{form.client_id}_{form.client_secret}")
    try:
        sent = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    name, _, secret = sent.partition(":")
    is_basic = kind.lower() == "basic"
    return find_key(f"mp_{unquote_plus(name)}_{unquote_plus(secret)}") if is_basic else None


@router.post(
    PATH,
    operation_id="issueToken",
    response_model=TokenOut,
    responses={
        400: {"model": TokenFault, "description": "The request names no token it can have."},
        401: {"model": TokenFault, "description": "Id or secret of the client is wrong."},
    },
)
def issue_token(request: Request, form: Annotated[TokenIn, Form()]) -> JSONResponse:
    """Give a program a token for fifteen minutes, by id and secret of its key (Basic or form).

    The key `mp_ID_SECRET` can also be sent with each call instead. A token is confined to `scope`
    and ends with the key and the grants.
    """
    if "authorization" in request.headers and (form.client_id or form.client_secret):
        return _oauth_error("invalid_request", "send id and secret once: by Basic or in the form")
    if not form.grant_type:
        return _oauth_error("invalid_request", "grant_type is missing: send client_credentials")
    key = find_sent_key(request, form)
    with reads_of(request).identifying() as session:
        program = find_program(session, key) if key else None
    if key is None or program is None:
        tally_of(request).add(STRANGER, "keys:refuse", "wrong client credentials")
        return _oauth_error("invalid_client", "id or secret is wrong, or the key has ended", 401)
    if form.grant_type != "client_credentials":
        return _oauth_error("unsupported_grant_type", "send client_credentials")
    wanted = set(form.scope.split()) or set(map(str, program.permissions))
    lacking = " ".join(sorted(wanted - program.permissions))
    if lacking or not wanted:
        told = f"not granted: {lacking[:200]}" if lacking else "no grant is in force"
        return _oauth_error("invalid_scope", told)
    count_call(request, program)
    with database_of(request).session() as session:
        token = str(give_token(session, key, wanted))
    tally_of(request).add(program.actor, "clients:token", key.prefix)
    scope = " ".join(sorted(wanted))
    given = TokenOut(access_token=token, expires_in=TOKEN_LIVES_S, scope=scope)
    return JSONResponse(given.model_dump(), headers=_NOT_KEPT)
