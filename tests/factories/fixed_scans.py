"""The scan endpoint and the residents' pages over cards supplied by a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from fastapi import FastAPI
from sqlalchemy.orm import Session

from service.core.asgi import Receive, Scope, Send
from service.core.reads import Reads
from service.core.web import Gate, _reading, _reading_anywhere
from service.scans import pages
from service.scans.answer import answer_scan, token_of
from service.scans.card import ScanCard, ScanOutcome
from service.scans.hot.page import Page, make_page
from service.scans.plate_page import card_headers, plate_pieces
from service.scans.reader import Reader
from service.scans.site import Site

Finder = Callable[[str], ScanCard | None]


class FixedScans:
    """Answers with the card that is found, without a cache."""

    def __init__(self, find: Finder, site: Site) -> None:
        self._find, self.site = find, site

    async def page(self, token: str, reader: Reader) -> Page | None:
        card = self._find(token)
        if card is None:
            return None
        pieces = plate_pieces(card, self.site, reader)
        return make_page(pieces, card_headers(card, reader.view), card.outcome)

    async def card(self, token: str) -> ScanCard | None:
        return self._find(token)

    def count(self, token: str, outcome: ScanOutcome) -> None:
        """Nothing is counted."""


class OpenGate:
    """Has no limits."""

    unknown_tokens = None

    async def take(self, *_: object) -> None:
        return


class FixedReads(Reads):
    """Reads in the session of a test."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        yield self._session


class ScanApp:
    """What stands before the routes in the application, over fixed cards.

    ``session`` is what the routes are given to read in.
    """

    def __init__(
        self, by_token: Finder, by_code: Finder, site: Site, session: object = None
    ) -> None:
        self.fastapi = FastAPI()
        self.fastapi.include_router(
            pages.make_router(lambda _, token: by_token(token), lambda _, code: by_code(code), site)
        )
        for dependency in (_reading, _reading_anywhere):
            self.fastapi.dependency_overrides[dependency] = lambda: session
        self.state = self.fastapi.state
        self.state.reads = FixedReads(cast("Session", session))
        self._scans = FixedScans(by_token, site)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = token_of(scope) if scope["type"] == "http" else None
        if token is None:
            await self.fastapi(scope, receive, send)
        else:
            await answer_scan(self._scans, cast("Gate", OpenGate()), token, scope, send)
