"""API schemas of access tokens (RFC 6749)."""

from typing import Literal

from pydantic import BaseModel, Field

from service.auth.commands.tokens import TOKEN_LIVES_S


class TokenIn(BaseModel):
    """A request for an access token: a form (RFC 6749 §4.4.2)."""

    grant_type: str = Field(
        "", description="`client_credentials`.", examples=["client_credentials"]
    )
    scope: str = Field(
        "",
        description="Permissions of the token; without it all that were granted.",
        examples=["addresses:read addresses:resolve"],
    )
    client_id: str = Field(
        "",
        description="The twelve characters after `mp_`, unless sent by Basic.",
        examples=["5f0c7c3e6a4b"],
    )
    client_secret: str = Field(
        "",
        description="The last part of the key, unless sent by Basic.",
        examples=["9f1e6c1d6f2f9c11" * 4],
    )


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
    error_description: str = Field(description="What to do.", examples=["not granted: audit:read"])
