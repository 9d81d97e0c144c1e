"""Dependencies and route classes shared by all routes: sessions, ETags, rate limits."""

from collections.abc import Callable, Coroutine, Iterator, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from anyio import from_thread
from fastapi import Depends, Header, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import Response
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session

from service.core.database import Database, discard
from service.core.etags import ASK_AGAIN, is_unchanged, make_etag
from service.core.limits import Limit, Limits, Network, address_of
from service.core.quotas import note_quota
from service.core.reads import Reads
from service.core.settings import Settings


def database_of(request: Request) -> Database:
    """The database the application was built with."""
    database = request.app.state.database
    assert isinstance(database, Database)  # noqa: S101 - set by create_app
    return database


def settings_of(request: Request) -> Settings:
    """The settings the application was built with."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)  # noqa: S101 - set by create_app
    return settings


def reads_of(request: Request) -> Reads:
    """The application's router of reads between primary and standby."""
    reads = request.app.state.reads
    assert isinstance(reads, Reads)  # noqa: S101 - set by create_app
    return reads


def _reading(request: Request) -> Iterator[Session]:
    with database_of(request).reading() as session:
        yield session


ReadSession = Annotated[Session, Depends(_reading)]
"""A read-only session on the primary: includes what was just written."""


def _reading_anywhere(request: Request) -> Iterator[Session]:
    with reads_of(request).reading() as session:
        yield session


StandbySession = Annotated[Session, Depends(_reading_anywhere)]
"""A read-only session, on the standby while it has caught up, for residents and departments.

It includes all changes in the feed; data without feed entries (keys, staff sessions, counts) may be
older."""


def _writing(request: Request) -> Iterator[Session]:
    with database_of(request).session() as session:
        yield session
        if not getattr(request.state, "was_granted", False):
            discard(session)


class WritingRoute(APIRoute):
    """A route that may use a ``WriteSession``.

    Its writes are committed only if the response has a status below 400: a page that shows an error
    returns normally, so the absence of an exception means nothing.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, which records whether the request succeeded."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            response = await inner(request)
            request.state.was_granted = response.status_code < HTTPStatus.BAD_REQUEST
            return response

        return handle


def dependencies_of(route: APIRoute) -> Iterator[Dependant]:
    """The dependants of a route: its endpoint first, then all dependencies, recursively."""
    waiting = [route.dependant]
    while waiting:
        asked = waiting.pop()
        waiting += asked.dependencies
        yield asked


class TaggedRoute(WritingRoute):
    """A route of the API with ETags on GET, and 304 if ``If-None-Match`` matches."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, which adds ETags."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            response = await inner(request)
            body = getattr(response, "body", b"")  # streams have none
            if request.method != "GET" or response.status_code != HTTPStatus.OK or not body:
                return response
            etag = make_etag(body, getattr(request.state, "version", None))
            response.headers["ETag"] = etag
            response.headers.setdefault("Cache-Control", ASK_AGAIN["Cache-Control"])
            if not is_unchanged(request.headers.get("if-none-match", ""), etag):
                return response
            kept = {
                name: value
                for name, value in response.headers.items()
                if name not in ("content-length", "content-type")
            }
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)

        return handle


def note_version(request: Request, version: int) -> None:
    """Set the record version for the ETag of a ``TaggedRoute``."""
    request.state.version = version


IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=100,
        description="The ETag that came with the record; * for any version.",
        examples=['"3.0123456789abcdef"'],
    ),
]

WriteSession = Annotated[Session, Depends(_writing, scope="function")]
"""A transaction for one request, committed or rolled back before the response is sent.

It commits when a ``WritingRoute`` answers with a status below 400, and only then."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The rate limits by client address; ``trusted`` are our own proxies."""

    limits: Limits
    unknown_tokens: Limit
    code_lookups: Limit
    cards: Limit
    trusted: tuple[Network, ...]
    sign_ins: Limit
    door_searches: Limit
    reports: Limit

    async def take(self, limit: Limit, scope: MutableMapping[str, Any]) -> None:
        """Count a request of an ASGI scope, and store the remaining quota in it.

        Raises:
            TooOften: there were too many from its address.
        """
        address = client_address(scope, self.trusted)
        note_quota(scope, await self.limits.take(limit, address))


_FORWARDED = b"x-forwarded-for"


def client_address(scope: MutableMapping[str, Any], trusted: tuple[Network, ...]) -> str:
    """The client address of an ASGI scope; ``trusted`` are our own proxies."""
    peer = (scope.get("client") or ("",))[0]
    forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name == _FORWARDED]
    return address_of(peer, forwarded, trusted)


def _count(request: Request, limit_of: Callable[[Gate], Limit]) -> None:
    gate = getattr(request.app.state, "gate", None)
    if gate is not None:
        from_thread.run(gate.take, limit_of(gate), request.scope)


def count_unknown_token(request: Request) -> None:
    """Count a scan that found no plate, from an ordinary route.

    Raises:
        TooOften: there were too many from this address.
    """
    _count(request, lambda gate: gate.unknown_tokens)


def count_sign_in(request: Request) -> None:
    """Count an attempt to sign in, from an ordinary route.

    Raises:
        TooOften: there were too many from this address.
    """
    _count(request, lambda gate: gate.sign_ins)


def count_door_search(request: Request) -> None:
    """Count a search by address, from an ordinary route.

    Raises:
        TooOften: there were too many from this address.
    """
    _count(request, lambda gate: gate.door_searches)


def count_report(request: Request) -> None:
    """Count a report of a resident, from an ordinary route.

    Raises:
        TooOften: there were too many from this address.
    """
    _count(request, lambda gate: gate.reports)


async def _count_code_lookup(request: Request) -> None:
    gate = getattr(request.app.state, "gate", None)
    if gate is not None:
        await gate.take(gate.code_lookups, request.scope)


CodeLookup = Depends(_count_code_lookup)
"""Dependency: counts a look-up by code, rate-limited by address."""


async def _count_card(request: Request) -> None:
    gate = getattr(request.app.state, "gate", None)
    if gate is not None:
        await gate.take(gate.cards, request.scope)


PrintedCard = Depends(_count_card)
"""Dependency: counts a card to print, rate-limited by address as anybody may request it."""
