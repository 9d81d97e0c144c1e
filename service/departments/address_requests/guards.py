"""The keys that sign address tokens, as a dependency of routes."""

from typing import Annotated

from fastapi import Depends, Request

from service.core.errors import Busy
from service.core.signing_keys import KeyRing, find_secrets
from service.core.web import settings_of
from service.departments.address_requests.address_token import PURPOSE


class SigningKeyMissing(Busy):
    """This service has no key to sign with."""


def _token_keys(request: Request) -> KeyRing:
    known = find_secrets(settings_of(request), may_create=False)
    if not known:
        raise SigningKeyMissing(
            "an address token cannot be signed", hint="the operator sets MENPAI_SECRET_KEY"
        )
    return KeyRing.of(known, PURPOSE)


TokenKeys = Annotated[KeyRing, Depends(_token_keys)]
"""The keys that sign and verify address tokens."""
