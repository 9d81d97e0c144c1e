"""Scans of one plate in a server process, with commands given beside it."""

import asyncio
import time
from collections.abc import Callable

from service.core.database import Database, Session
from service.scans.hot.service import ScanService
from service.scans.reader import PLAIN, Reader
from service.scans.site import Site
from tests.event_loop import run_apart
from tests.factories.towns import Town

HOST = "service.example.org"
DOOR = 20


class Scanner:
    """A server process that scans the plate of one door of a town."""

    def __init__(self, database: Database, town: Town) -> None:
        self.database, self.token = database, town.all_tokens[DOOR]
        self.scans = ScanService(database, Site(code_hosts=(HOST,)))

    async def text(self, reader: Reader = PLAIN) -> str:
        page = await self.scans.page(self.token, reader)
        assert page is not None
        return page.text.decode()

    async def give(self, command: Callable[[Session], object]) -> object:
        def write() -> object:
            with self.database.session() as session:
                return command(session)

        return await asyncio.to_thread(write)

    async def until(self, text: str, *, shows: bool, reader: Reader = PLAIN) -> None:
        begun = time.monotonic()
        while (text in await self.text(reader)) is not shows:
            assert time.monotonic() - begun < 1
            await asyncio.sleep(0.01)


def scanning(made: tuple[str, Town], work: Callable[[Scanner, Town], object]) -> None:
    url, town = made

    async def inside() -> None:
        database = Database(url)
        scanner = Scanner(database, town)
        scanner.scans.start()
        try:
            while not scanner.scans.follower.hears:
                await asyncio.sleep(0.02)
            for _ in range(3):
                await scanner.text()
            await work(scanner, town)  # type: ignore[misc]
        finally:
            await scanner.scans.close()
            database.dispose()

    run_apart(inside())
