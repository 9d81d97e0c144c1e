"""Gives short-lived access tokens to programs for their keys (OAuth 2.0, RFC 6749 §4.4)."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from address_model.tables import ClientKey, ClientToken
from service.auth.keys import AccessToken, ApiKey, draw_token

TOKEN_LIVES_S = 900
"""How long an access token can be used, in seconds."""


def give_token(session: Session, key: ApiKey, scopes: Collection[str]) -> AccessToken:
    """A token for a valid key, confined to these permissions; expired ones of the key are deleted.

    It ends with the key and with each grant, so nothing has to be withdrawn of it.
    """
    held = select(ClientKey.prefix).where(ClientKey.prefix == key.prefix)
    session.execute(held.with_for_update(key_share=True))
    now = func.clock_timestamp()
    session.execute(
        delete(ClientToken).where(ClientToken.prefix == key.prefix, ClientToken.expires_at <= now)
    )
    token = draw_token()
    session.add(
        ClientToken(
            hash=token.hash,
            prefix=key.prefix,
            scopes=sorted(scopes),
            expires_at=now + timedelta(seconds=TOKEN_LIVES_S),
        )
    )
    session.flush()
    return token
