"""The remaining quota of a rate limit, and its response headers.

Follows draft-ietf-httpapi-ratelimit-headers: ``RateLimit-Policy`` names the limit with its quota
(``q``) and window in seconds (``w``), ``RateLimit`` what remains (``r``) and until when (``t``).
"""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

_KEY = "menpai_quota"


@dataclass(frozen=True, slots=True)
class Quota:
    """What a caller has left of a limit."""

    name: str
    count: int
    window_s: int
    remaining: int
    reset_s: int

    @property
    def headers(self) -> dict[str, str]:
        """The two headers of a counted response."""
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.count};w={self.window_s}',
            "RateLimit": f'"{self.name}";r={self.remaining};t={self.reset_s}',
        }


def note_quota(scope: MutableMapping[str, Any], *quotas: Quota) -> None:
    """Store quotas in the scope, for the headers of the response."""
    state = scope.setdefault("state", {})
    state[_KEY] = (*state.get(_KEY, ()), *quotas)


def quota_headers(scope: MutableMapping[str, Any]) -> dict[str, str]:
    """The headers of the quotas in the scope; none for requests that were not counted."""
    return join_headers(scope.get("state", {}).get(_KEY, ()))


def join_headers(quotas: Sequence[Quota]) -> dict[str, str]:
    """The headers of a response that was counted on these quotas."""
    headers: dict[str, str] = {}
    for quota in quotas:
        for name, value in quota.headers.items():
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
