"""Calls of the API that will end, and the headers that say so: RFC 9745 and RFC 8594.

``docs/deprecation.md`` promises them a year. A route that ends is declared with
``deprecated=True, dependencies=[Depends(Deprecated(since=…, sunset=…, successor=…))]``.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any

from fastapi import Request

SHORTEST = timedelta(days=365)
"""Between the announcement and the end."""

_KEY = "menpai_deprecated"


@dataclass(frozen=True, slots=True)
class Deprecated:
    """A dependency of a call that ends: announced on ``since``, answered until ``sunset`` begins.

    ``successor`` is the path of the call to use instead, or empty.
    """

    since: date
    sunset: date
    successor: str = ""

    def __post_init__(self) -> None:
        if self.sunset - self.since < SHORTEST:
            raise ValueError(f"a call ends a year after it is announced, not on {self.sunset}")

    def __call__(self, request: Request) -> None:
        """Note it for the headers of the response."""
        request.scope.setdefault("state", {})[_KEY] = self

    @property
    def headers(self) -> dict[str, str]:
        """``Deprecation`` as seconds of Unix time, ``Sunset`` as a date of HTTP."""
        since, sunset = (
            datetime.combine(day, time(), tzinfo=UTC) for day in (self.since, self.sunset)
        )
        said = {
            "Deprecation": f"@{since.timestamp():.0f}",
            "Sunset": format_datetime(sunset, usegmt=True),
        }
        if self.successor:
            said["Link"] = f'<{self.successor}>; rel="successor-version"'
        return said


def deprecation_headers(scope: MutableMapping[str, Any]) -> dict[str, str]:
    """The headers of the call in the scope; none for one that goes on."""
    noted = scope.get("state", {}).get(_KEY)
    return noted.headers if isinstance(noted, Deprecated) else {}
