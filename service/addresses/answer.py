"""A fast path for ``GET /api/v1/addresses/{code}`` in plain ASGI, for clients with many requests.

It answers found addresses to programs with a grant for them. Everything else, including every
error, is left to the ordinary route, which gives the same answers.
"""

import re
import time
from functools import partial
from typing import NamedTuple

import orjson
from anyio import to_thread

from address_model.sensitivity import Viewer
from service.addresses.json_view import show_columns
from service.addresses.queries import fetch_addresses
from service.audit.tally import AuditTally
from service.auth.grant_quotas import GrantQuotas
from service.auth.grants import Grant
from service.auth.keys import find_shown, shown_key
from service.auth.permissions import Permission
from service.auth.queries import find_program
from service.auth.usage import GrantedCall
from service.core import html
from service.core.asgi import ResponseHead, Scope, Send, send_whole
from service.core.async_pool import Batcher
from service.core.errors import DatabaseUnreachable, TooOften
from service.core.etags import ASK_AGAIN, VARIES, is_unchanged, make_etag
from service.core.quotas import join_headers
from service.core.reads import Reads

_PATH = re.compile(r"/api/v1/addresses/\d{16}", re.ASCII)
_CODE = slice(-16, None)
_CALL = "getAddress"
KNOWN_FOR_S = 1.0
"""How long a program is taken to be what it was, in seconds."""

_MOST_KNOWN = 1_000
_UNCHANGED = ResponseHead.of_texts(html.STANDING_HEADERS | ASK_AGAIN | VARIES)
_FOUND = _UNCHANGED.with_headers((b"content-type", b"application/json"))
_CONDITION = b"if-none-match"


class Reader(NamedTuple):
    """A program that may look up addresses, what it sees, and the grant that its calls count on."""

    call: GrantedCall
    viewer: Viewer
    grant: Grant


class AddressLookup:
    """Look-ups by code in one server process.

    A revoked key and a withdrawn grant are refused within a second.
    """

    def __init__(self, reads: Reads, tally: AuditTally, quotas: GrantQuotas) -> None:
        self._reads = reads
        self._tally, self._quotas = tally, quotas
        self._pool = reads.pool()
        self._addresses = Batcher(partial(fetch_addresses, self._pool))
        self._keys = Batcher(self._find_readers)
        self._known: dict[str, tuple[float, Reader]] = {}

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.close()

    async def answer(self, scope: Scope, send: Send) -> bool:
        """Answer the request if possible; False leaves it to the route."""
        path = scope["path"]
        if scope["method"] != "GET" or scope["query_string"] or not _PATH.fullmatch(path):
            return False
        try:
            reader = await self._find_reader(shown_key(scope["headers"]))
            if reader is None:
                return False
            found = await self._addresses.load(path[_CODE])
            shown = show_columns(found, reader.viewer, ()) if found else None
            if not found or not shown:
                return False
            left = ResponseHead.of_texts(join_headers(self._quotas.take(reader.grant)))
        except (DatabaseUnreachable, TooOften):
            return False
        self._tally.add(reader.call.actor, "clients:call", _CALL)
        reader.call.count(self._tally, 1)
        body = orjson.dumps(shown)
        etag = make_etag(body, found.version)
        tag = (b"etag", etag.encode())
        known = next((value for name, value in scope["headers"] if name == _CONDITION), b"")
        if known and is_unchanged(str(known, "latin-1"), etag):
            await send_whole(scope, send, 304, _UNCHANGED.joined(left).with_headers(tag))
            return True
        length = (b"content-length", b"%d" % len(body))
        head = _FOUND.joined(left).with_headers(tag, length)
        await send_whole(scope, send, 200, head, (body,))
        return True

    async def _find_reader(self, shown: str) -> Reader | None:
        """The reader with a valid key, cached for a second; None leaves it to the route."""
        now = time.monotonic()
        until, reader = self._known.get(shown, (0.0, None))
        if until > now:
            return reader
        found = await self._keys.load(shown) if shown else None
        if found is None:
            return None
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[shown] = now + KNOWN_FOR_S, found
        return found

    async def _find_readers(self, shown: list[str]) -> dict[str, Reader | None]:
        """The readers with keys; a key shown by many requests at a time is looked up once."""
        return await to_thread.run_sync(self._identify, shown)

    def _identify(self, shown: list[str]) -> dict[str, Reader | None]:
        found: dict[str, Reader | None] = dict.fromkeys(shown)
        for one in found:
            key = find_shown(one)
            if key is None:
                continue
            with self._reads.identifying() as session:
                program = find_program(session, key)
            if program is None or any(grant.networks for grant in program.grants):
                continue  # the route compares the caller's address with the networks
            viewer = program.viewer(Permission.ADDRESSES_READ)
            grant = program.charged(Permission.ADDRESSES_READ)
            if grant is not None:
                call = GrantedCall.of(program, _CALL, Permission.ADDRESSES_READ)
                found[one] = Reader(call, viewer, grant)
        return found
