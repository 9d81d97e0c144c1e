"""Scans every plate of a register once, as a town does over a day, to fill the page cache."""

import asyncio
import random
import time
from collections.abc import Iterator

from benchmarks.registers import Register
from service.core.database import Database
from service.scans.hot.service import ScanService
from service.scans.reader import PLAIN
from service.scans.site import Site

SCANNERS = 64


def scan_all(database: Database, register: Register, site: Site = Site()) -> float:  # noqa: B008 - frozen
    """Scan all tokens, each for the first time; returns microseconds of CPU a scan.

    ``site`` is that of the server that will use the cached bodies.
    """
    tokens = register.tokens.read_text().split()
    random.Random(1).shuffle(tokens)
    start = time.process_time()
    asyncio.run(_scan(database, tokens, site))
    return (time.process_time() - start) / len(tokens) * 1e6


async def _scan(database: Database, tokens: list[str], site: Site) -> None:
    scans = ScanService(database, site)
    scans.start()
    left = iter(tokens)
    await asyncio.gather(*[_work(scans, left) for _ in range(SCANNERS)])
    await scans.finish()
    await scans.close()


async def _work(scans: ScanService, left: Iterator[str]) -> None:
    for token in left:
        await scans.page(token, PLAIN)
