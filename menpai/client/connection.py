"""Sends calls and reads answers; what may be sent again is, after as long as the service says.

It needs the standard library alone, and a proxy of the environment (``https_proxy``) is used.
"""

from __future__ import annotations

import json
import random
import ssl
import time
import uuid
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from menpai.client.credentials import Credentials
from menpai.client.problems import KeyRefused, Problem, Unavailable, problem_of

LONGEST_WAIT_S = 60.0
"""Whoever is told to wait longer gets the exception instead."""

READING_POSTS = ("/parse", "/resolve", "/resolve/batch", "/reverse/batch")
"""Calls that read, though their question is a body: they may always be sent again."""


@dataclass(frozen=True)
class Answer:
    """A good answer: its status, its bytes, its headers in lower case."""

    status: int
    content: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.content)

    @property
    def etag(self) -> str:
        """The version, to be sent as ``if_match`` with a change."""
        return self.headers.get("etag", "")


class _StayHere(HTTPRedirectHandler):
    """A redirection is not followed: the key would go elsewhere with it."""

    def redirect_request(self, *_: object) -> None:
        """No request."""
        return


class Connection:
    """One service and the credentials for it; safe to share between threads but for its token."""

    def __init__(
        self,
        url: str,
        credentials: Credentials | None,
        *,
        timeout: float = 30.0,
        attempts: int = 4,
        context: ssl.SSLContext | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """``attempts`` in all; ``context`` for a certificate authority of your own."""
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"no address of a service: {url}")
        self._base = url.rstrip("/")
        self._credentials = credentials
        self._timeout = timeout
        self._attempts = attempts
        self._opener = build_opener(_StayHere, HTTPSHandler(context=context))
        self.sleep = sleep

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a call below ``/api/v1`` until it is answered.

        A call that creates something carries an ``Idempotency-Key`` of its own, so that it is safe
        to send again.

        Raises:
            Problem: the service refused it; Unavailable after all attempts.
        """
        known = {name: value for name, value in (query or {}).items() if value not in (None, "")}
        target = f"/api/v1{quote(path)}" + (f"?{urlencode(known)}" if known else "")
        sent = {"Accept": "application/json"}
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            sent["Content-Type"] = "application/json"
        if method == "POST" and path not in READING_POSTS:
            sent["Idempotency-Key"] = uuid.uuid4().hex
        sent |= headers or {}
        for attempt in range(1, self._attempts + 1):
            try:
                return self._send(method, target, content, self._named(sent))
            except KeyRefused:
                if attempt > 1 or not (self._credentials and self._credentials.renew()):
                    raise
            except Problem as problem:
                pause = problem.retry_after or random.uniform(0.5, 1) * 2 ** (attempt - 1)  # noqa: S311 - spreads attempts
                may_wait = problem.status in (0, 429, 503) and pause <= LONGEST_WAIT_S
                if attempt == self._attempts or not may_wait:
                    raise
                self.sleep(pause)
        raise AssertionError("the last attempt answers or raises")

    def fetch(self, path: str, form: Mapping[str, str]) -> Any:
        """Post a form without credentials, such as that for an access token."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        return self._send("POST", path, urlencode(form).encode(), headers).json

    def _named(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        if self._credentials is None:
            return headers
        return {**headers, "Authorization": self._credentials.header(self.fetch)}

    def _send(
        self, method: str, target: str, content: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        request = Request(self._base + target, content, dict(headers), method=method)  # noqa: S310 - checked above
        try:
            with self._opener.open(request, timeout=self._timeout) as got:
                held = {name.lower(): value for name, value in got.headers.items()}
                if "sunset" in held:
                    ending = f"{method} {urlsplit(target).path} ends on {held['sunset']}"
                    warnings.warn(ending, FutureWarning, stacklevel=2)
                return Answer(got.status, got.read(), held)
        except HTTPError as error:
            held = {name.lower(): value for name, value in error.headers.items()}
            status = error.code
            if status == HTTPStatus.NOT_MODIFIED:
                return Answer(status, b"", held)
            raise problem_of(status, error.read(), held) from None
        except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
            told = {"title": "The service does not answer.", "detail": str(error)}
            raise Unavailable(0, told) from error
