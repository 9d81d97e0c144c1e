"""What every group of calls is made of: one answer, all pages of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from menpai.client.connection import Connection

PAGE = 500
"""Records asked for at once by an iterator."""


class Calls:
    """Calls over a connection. Whatever the API has and no method here, ``get`` and ``post`` do."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, path: str, **query: object) -> Any:
        """The JSON answer of a path below ``/api/v1``; empty parameters are left out."""
        return self.connection.call("GET", path, query=query).json

    def post(self, path: str, body: object, **query: object) -> Any:
        """Send JSON and return the JSON answer."""
        return self.connection.call("POST", path, query=query, body=body).json

    def pages(self, path: str, member: str, **query: object) -> Iterator[Any]:
        """Every record of a list that goes on with ``next``, fetched page by page."""
        query.setdefault("limit", PAGE)
        while True:
            page: Mapping[str, Any] = self.get(path, **query)
            yield from page[member]
            if not page.get("next"):
                return
            query["cursor"] = page["next"]
