"""Problem documents (RFC 9457) of the service, as exceptions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


class Problem(Exception):
    """The service refused a call, or could not be reached.

    Branch on ``name``, which never changes its meaning; show people ``detail`` and ``hint``.
    """

    def __init__(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        """``status`` is 0 if there was no answer; ``body`` is the problem document."""
        self.status = status
        self.type: str = str(body.get("type", "about:blank"))
        self.title: str = str(body.get("title", ""))
        self.detail: str = str(body.get("detail", ""))
        self.hint: str = str(body.get("hint", ""))
        self.errors: Sequence[Mapping[str, Any]] = tuple(body.get("errors", ()))
        self.body = body
        self.headers = dict(headers or {})
        super().__init__(": ".join(filter(None, (self.title, self.detail))) or f"HTTP {status}")

    @property
    def name(self) -> str:
        """The type without its path: ``address-not-found``."""
        return self.type.rpartition("/")[2]

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait before another attempt, if the service named them."""
        value = self.headers.get("retry-after", "")
        return float(value) if value.isdigit() else None


class KeyRefused(Problem):
    """401: no valid key or access token came with the call."""


class NotAllowed(Problem):
    """403: no grant covers the call."""


class NotFound(Problem):
    """404: there is no such record, or none that a grant covers."""


class Conflict(Problem):
    """409: it contradicts what is in the register."""


class Gone(Problem):
    """410: it is not kept any more."""


class Outdated(Problem):
    """412: somebody changed the record after it was read; ``body`` has what stands now."""


class Malformed(Problem):
    """422: the call cannot be understood; ``errors`` names each field."""


class TooOften(Problem):
    """429: a quota is used up, and all attempts were."""


class Unavailable(Problem):
    """503, or no answer at all, and all attempts were in vain."""


_KINDS: Mapping[int, type[Problem]] = {
    0: Unavailable,
    401: KeyRefused,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    410: Gone,
    412: Outdated,
    422: Malformed,
    429: TooOften,
    503: Unavailable,
}


def problem_of(status: int, content: bytes, headers: Mapping[str, str]) -> Problem:
    """The exception of an answer with an error; a proxy's own page is a problem without a type."""
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {"title": f"HTTP {status}", "detail": content[:200].decode("utf-8", "replace")}
    if "error" in body:  # of the token endpoint (RFC 6749 §5.2)
        body = {"title": str(body["error"]), "detail": str(body.get("error_description", ""))}
    return _KINDS.get(status, Problem)(status, body, headers)
