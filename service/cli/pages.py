"""menpai pages: the pages process, started by `menpai serve`."""

import asyncio
from pathlib import Path

from service.cli.options import open_database
from service.core.child_process import end_with_parent
from service.core.memory import freeze_loaded_objects, return_memory_early
from service.core.settings import get_settings
from service.core.threads import shorten_switch_interval
from service.page_process import run_pages
from service.passages import CONNECTIONS


def pages(socket: Path) -> None:
    """Answer pages and the API at a socket; started by `menpai serve`."""
    end_with_parent()
    shorten_switch_interval()
    return_memory_early()
    database, settings = open_database(), get_settings()
    freeze_loaded_objects()
    asyncio.run(run_pages(database.for_serving(CONNECTIONS), settings, socket))
