"""How a program names itself: by its API key, or by an access token that is renewed in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

_EARLIER_S = 30
"""A token is renewed this long before it ends."""


class Credentials(Protocol):
    """What every call carries."""

    def header(self, fetch: Fetch) -> str:
        """The value of Authorization; ``fetch`` posts a form to the service without credentials."""

    def renew(self) -> bool:
        """Forget what was refused; False if there is nothing else to try."""


Fetch = Callable[[str, Mapping[str, str]], Mapping[str, Any]]


@dataclass(frozen=True)
class ApiKey:
    """A key, ``mp_…``."""

    key: str = field(repr=False)

    def header(self, fetch: Fetch) -> str:
        """The key as a bearer token."""
        return f"Bearer {self.key}"

    def renew(self) -> bool:
        """There is no other key."""
        return False


class ClientCredentials:
    """OAuth 2.0 client credentials (RFC 6749 §4.4): of the key ``mp_ID_SECRET``, its two parts."""

    def __init__(
        self, client_id: str, client_secret: str, *, scope: str = "", path: str = "/oauth/token"
    ) -> None:
        """``scope`` names permissions, so that the token is good for these alone."""
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        } | ({"scope": scope} if scope else {})
        self._path = path
        self._token, self._until = "", 0.0

    def header(self, fetch: Fetch) -> str:
        """The access token, fetched when there is none that lasts."""
        if time.monotonic() >= self._until:
            asked = time.monotonic()
            answer = fetch(self._path, self._form)
            self._token = str(answer["access_token"])
            self._until = asked + float(answer.get("expires_in", 60)) - _EARLIER_S
        return f"Bearer {self._token}"

    def renew(self) -> bool:
        """Fetch another token for the next attempt."""
        had, self._until = bool(self._token), 0.0
        self._token = ""
        return had
