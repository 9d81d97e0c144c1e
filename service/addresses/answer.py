"""A fast path for ``GET /api/v1/addresses/{code}`` in plain ASGI, for clients with many requests.

It answers found addresses to holders of a valid key. Everything else, including every error, is
left to the ordinary route, which gives the same answers.
"""

import re
import time
from functools import partial

import orjson
from anyio import to_thread

from address_model.sensitivity import CLIENT
from service.addresses.json_view import show_columns
from service.addresses.queries import fetch_addresses
from service.audit.tally import AuditTally
from service.auth.keys import find_key, shown_key
from service.auth.queries import find_client
from service.core import html
from service.core.actor import Actor
from service.core.asgi import Scope, Send
from service.core.async_pool import Batcher
from service.core.errors import DatabaseUnreachable
from service.core.etags import ASK_AGAIN, VARIES, is_unchanged, make_etag
from service.core.reads import Reads

_PATH = re.compile(r"/api/v1/addresses/\d{16}", re.ASCII)
_CODE = slice(-16, None)
_KEY_CACHE_S = 1.0
_KEY_CACHE_SIZE = 1_000
_COMMON_HEADERS = [
    (name.lower().encode(), value.encode())
    for name, value in (html.STANDING_HEADERS | ASK_AGAIN | VARIES).items()
]
_CONDITION = b"if-none-match"
_JSON = (b"content-type", b"application/json")


class AddressLookup:
    """Look-ups by code in one server process; a revoked key is refused within a second."""

    def __init__(self, reads: Reads, tally: AuditTally) -> None:
        self._reads = reads
        self._tally = tally
        self._pool = reads.pool()
        self._addresses = Batcher(partial(fetch_addresses, self._pool))
        self._keys = Batcher(self._find_clients)
        self._known: dict[str, tuple[float, Actor]] = {}

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.close()

    async def answer(self, scope: Scope, send: Send) -> bool:
        """Answer the request if possible; False leaves it to the route."""
        path = scope["path"]
        if scope["method"] != "GET" or scope["query_string"] or not _PATH.fullmatch(path):
            return False
        try:
            client = await self._find_client(shown_key(scope["headers"]))
            if client is None:
                return False
            found = await self._addresses.load(path[_CODE])
        except DatabaseUnreachable:
            return False
        if found is None:
            return False
        self._tally.add(client, "clients:call", "getAddress")
        body = orjson.dumps(show_columns(found, CLIENT, ()))
        etag = make_etag(body, found.version)
        tag = (b"etag", etag.encode())
        known = next((value for name, value in scope["headers"] if name == _CONDITION), b"")
        if known and is_unchanged(str(known, "latin-1"), etag):
            await html.send_whole(send, 304, [*_COMMON_HEADERS, tag], b"")
            return True
        length = (b"content-length", b"%d" % len(body))
        await html.send_whole(send, 200, [*_COMMON_HEADERS, _JSON, tag, length], body)
        return True

    async def _find_client(self, shown: str) -> Actor | None:
        """The client of a valid key, cached for a second; None if the key is not valid."""
        now = time.monotonic()
        until, client = self._known.get(shown, (0.0, None))
        if until > now:
            return client
        found = await self._keys.load(shown) if shown else None
        if found is None:
            return None
        if len(self._known) >= _KEY_CACHE_SIZE:
            self._known.clear()
        self._known[shown] = now + _KEY_CACHE_S, found
        return found

    async def _find_clients(self, shown: list[str]) -> dict[str, Actor | None]:
        """The clients of keys; a key shown by many requests at a time is looked up once."""
        return await to_thread.run_sync(self._identify, shown)

    def _identify(self, shown: list[str]) -> dict[str, Actor | None]:
        found: dict[str, Actor | None] = dict.fromkeys(shown)
        for one in found:
            key = find_key(one)
            if key is not None:
                with self._reads.identifying() as session:
                    client = find_client(session, key)
                found[one] = Actor("client", client.name) if client else None
        return found
