"""Admits requests that carry a valid API key."""

from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from service.auth.keys import find_key
from service.auth.queries import ClientRow, find_client
from service.core.errors import KeyMissing
from service.core.web import ReadSession

_bearer = HTTPBearer(auto_error=False, description="The API key as a bearer token.")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="The API key.")


def require_client(
    session: ReadSession,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> ClientRow:
    """The client whose key came with the request.

    Raises:
        KeyMissing: no key, a malformed one, or one that is revoked or unknown.
    """
    key = find_key(bearer.credentials if bearer else header or "")
    client = find_client(session, key) if key else None
    if client is None:
        raise KeyMissing(
            "no valid API key came with the request",
            mend="send it as `Authorization: Bearer mp_…`; make one with `menpai clients create`",
        )
    return client


CurrentClient = Annotated[ClientRow, Depends(require_client)]
"""The department's program that calls."""
