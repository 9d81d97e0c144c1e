"""Assembles the web application, for one process or for two."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.middleware.base import RequestResponseEndpoint

from migrations.run import head
from service import api
from service.addresses.answer import AddressLookup
from service.admin import pages as admin
from service.admin.duties.waiting_work import unconfirmed_duties
from service.admin.waiting_work import register_waiting_work
from service.api.description import describe
from service.audit.tally import FLUSH_EVERY_S, AuditTally
from service.auth.grant_quotas import SHARE_EVERY_S, GrantQuotas
from service.auth.guards import cookie_name
from service.auth.known_callers import KnownCallers
from service.auth.permissions import read_roles
from service.auth.routes import router as tokens
from service.auth.usage import count_answered
from service.changes.signal import ChangeSignal
from service.changes.standby import standby_followed
from service.core import api_page, health, html, problems
from service.core.admission import App
from service.core.asgi import HeadMiddleware, Receive, Scope, Send
from service.core.async_pool import AsyncPool
from service.core.border import Border
from service.core.database import DATABASE_ERRORS, Database
from service.core.deprecation import deprecation_headers
from service.core.error_boundary import ErrorBoundary
from service.core.errors import DatabaseUnreachable, MenpaiError
from service.core.etags import keep_private
from service.core.health import Readiness
from service.core.host_names import HostNames, host_names_of
from service.core.limits import Limit, Limits, networks_of
from service.core.pool import close_pools
from service.core.quotas import quota_headers
from service.core.reads import Reads
from service.core.settings import Settings
from service.core.standby import Standby
from service.core.timer import repeat
from service.core.web import Gate
from service.departments import pages as problem_pages
from service.departments.address_requests import pages as address_requests
from service.figures import pages as figures
from service.heritage import pages as heritage
from service.passages import passage_of
from service.reports import pages as reports
from service.run_kinds import register_run_kinds
from service.scans import pages
from service.scans.answer import answer_scan, token_of
from service.scans.hot.service import ScanService
from service.scans.queries.cards import find_card, find_public_card
from service.scans.reader import find_reader
from service.scans.site import Site, site_of
from service.scans.staff_scan import StaffAnswer, carries_session, led_to_staff
from service.scans.templates import page_context, render_error
from service.work_subscribers import register_work_subscribers

DESCRIPTION = """\
Standard addresses, plates and divisions. Send an API key as `Authorization: Bearer mp_…`;
errors are problem documents (RFC 9457); geometries are GeoJSON in degrees, EPSG:4490."""


_ABOUT: dict[str, Any] = {
    "title": "Menpai",
    "description": DESCRIPTION,
    "version": "1",
    "docs_url": None,
    "redoc_url": None,
    "redirect_slashes": False,
}
"""FastAPI's documentation pages are replaced by ``api_page``; its redirects trust any Host."""


@dataclass(frozen=True, slots=True)
class Application:
    """The ASGI application of a server: hot endpoints directly, everything else past ``Border``."""

    fastapi: FastAPI
    handler: ErrorBoundary
    scans: ScanService
    lookup: AddressLookup
    gate: Gate
    hosts: HostNames
    callers: KnownCallers
    session_cookie: bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer scans and look-ups directly once they are loaded, all else past the border."""
        if scope["type"] != "http":
            await self.fastapi(scope, receive, send)
            return
        token = token_of(scope)
        refusal = self.hosts.find_refusal(scope, is_scan=token is not None)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        if self.scans.is_open and token is not None:
            is_staff = carries_session(scope["headers"], self.session_cookie)
            if not (is_staff and await self._answer_staff(token, scope, receive, send)):
                await answer_scan(self.scans, self.gate, token, scope, send)
            return
        if self.scans.is_open and await self.lookup.answer(scope, send):
            return
        await self.handler(scope, receive, send)

    async def _answer_staff(self, token: str, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer a scan with the cookie of a session; False if it is to be answered as anybody's.

        So it is when the session has ended, while nobody can tell whose it is, and while there is
        no place for pages of staff.
        """
        try:
            if not await self.callers.knows(scope):
                return False
            answer = StaffAnswer()
            await self.handler(led_to_staff(scope, token), receive, answer.keep)
            if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
                return False
            reader = find_reader(scope["query_string"].decode("latin-1"))
            page = await self.scans.page(token, reader)
        except DatabaseUnreachable:
            return False
        await answer.send(page, scope, send)
        return True


def create_app(database: Database, settings: Settings) -> Application:
    """Build the whole application for one process."""
    app = create_pages(database, settings)
    return _put_before(app, app, database, settings)


def create_front(database: Database, settings: Settings, pages: App) -> Application:
    """Build the application of a process that answers scans, look-ups and health checks itself, and
    passes everything else to ``pages``.
    """
    app = _create(database, settings)
    app.include_router(health.router)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await (app if scope["path"] in health.PATHS else pages)(scope, receive, send)

    return _put_before(app, answer, database, settings)


def create_pages(database: Database, settings: Settings) -> FastAPI:
    """Build pages and API; they include slower routes for scans and look-ups."""
    app, site = _create(database, settings), site_of(settings)
    signal = app.state.change_signal = ChangeSignal(database)
    outer_lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with signal.followed(), outer_lifespan(app):
            yield

    app.router.lifespan_context = lifespan
    read_roles(settings.totp_roles)  # a role that is none stops the start, not the first sign-in

    def frame(request: Request) -> dict[str, object]:
        """The context of every page: its words, view, language and operator."""
        return page_context(site, find_reader(request.url.query))

    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # as FastAPI documents it
    app.middleware("http")(_add_headers)
    app.add_middleware(HeadMiddleware)
    app.include_router(health.router)
    # Included, each of their routes would be worked out anew for this application, for seconds.
    app.router.routes.extend(api.router.routes)
    app.include_router(tokens)
    api_page.install(app, shown=settings.shows_api_page)
    app.router.routes.extend(admin.router.routes)
    register_waiting_work("duties", unconfirmed_duties(settings.duty_confirm_days))
    app.include_router(heritage.make_router(frame))
    app.include_router(figures.make_router(frame))
    app.include_router(problem_pages.make_router(frame))
    app.include_router(address_requests.make_router(frame))
    find_plate_card = partial(find_card, code_hosts=site.code_hosts)
    app.include_router(reports.make_router(frame, find_plate_card, find_public_card))
    # The residents' routes come last, as any single path segment may be a token.
    app.include_router(pages.make_router(find_plate_card, find_public_card, site))
    return app


def _create(database: Database, settings: Settings) -> FastAPI:
    """An application without routes: its state, background tasks and error handlers."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        gate.limits.start()
        work = [
            asyncio.create_task(repeat(tally.turn, every=FLUSH_EVERY_S)),
            asyncio.create_task(repeat(quotas.turn, every=SHARE_EVERY_S)),
        ]
        async with standby_followed(reads):
            yield
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        with suppress(MenpaiError, *DATABASE_ERRORS):
            await asyncio.to_thread(tally.flush)
        await gate.limits.close()
        await asyncio.to_thread(close_pools)
        database.dispose()

    register_run_kinds()
    register_work_subscribers()
    app = FastAPI(lifespan=lifespan, **_ABOUT)
    app.state.database, app.state.settings = database, settings
    standby_url = settings.read_database_url
    standby = Standby(replace(database, url=standby_url)) if standby_url else None
    reads = app.state.reads = Reads(database, standby)
    tally = app.state.tally = AuditTally(database)
    quotas = app.state.quotas = GrantQuotas(database)
    gate = app.state.gate = _gate(database, settings)
    problems.install(app, partial(_error_page, site_of(settings)))
    return app


def _put_before(app: FastAPI, inner: App, database: Database, settings: Settings) -> Application:
    """Wrap ``inner`` with scans, look-ups and the border; their lifespan is that of ``app``."""
    site, reads = site_of(settings), app.state.reads
    scans = ScanService(database, site, reads=reads)
    lookup = AddressLookup(reads, app.state.tally, app.state.quotas)
    app.state.list_faults = lambda: [scans.follower.fault, reads.fault]
    standby = AsyncPool(reads.standby.database.url, 1) if reads.standby else None
    app.state.readiness = Readiness(AsyncPool(reads.primary.url, 1), head(), standby)
    outer_lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with outer_lifespan(app):
            scans.start()
            await scans.warm()
            yield
            await scans.close()
            await lookup.close()

    app.router.lifespan_context = lifespan
    callers = KnownCallers(reads, settings)
    border = Border(inner, passage_of, callers.knows)
    handler = ErrorBoundary(border, partial(problems.refuse, app))
    hosts = host_names_of(settings)
    gate, cookie = app.state.gate, cookie_name(settings).encode()
    return Application(app, handler, scans, lookup, gate, hosts, callers, cookie)


def _gate(database: Database, settings: Settings) -> Gate:
    def limit(kind: str, count: int, seconds: int = 60) -> Limit:
        return Limit(kind, count, seconds, total=count * settings.total_limit_times)

    return Gate(
        Limits(database.url),
        limit("unknown_token", settings.unknown_token_limit),
        limit("code_lookup", settings.code_lookup_limit, 3600),
        limit("card", settings.card_limit, 3600),
        networks_of(settings.trusted_proxies),
        limit("sign_in", settings.sign_in_limit),
        limit("door_search", settings.door_search_limit, 3600),
        Limit("report", settings.report_limit, 3600),
    )


def _error_page(site: Site, request: Request, status: int) -> Response:
    headers = html.NOT_INDEXED | html.PRIVATE
    page = render_error(status, site, find_reader(request.url.query))
    return html.page(request, page, status=status, headers=headers)


async def _add_headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    count_answered(request.scope, request.app.state.tally, response.status_code)
    for name, value in (html.STANDING_HEADERS | quota_headers(request.scope)).items():
        response.headers.setdefault(name, value)
    if request.url.path.startswith("/api/"):
        keep_private(response)
        for name, value in deprecation_headers(request.scope).items():
            response.headers.append(name, value)  # a page of a list has a Link of its own
    return response
