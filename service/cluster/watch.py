"""Restarts the private cluster when it was killed, while a command or server is running."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from service.cluster.database_urls import revive_private_cluster
from service.core.faults import EnvironmentFault
from service.core.settings import Settings

LOOK_EVERY_S = 1.0
PAUSE_S = 5.0
"""The pause after a failed start, for instance on a full disk, in seconds."""

logger = structlog.get_logger()


@contextmanager
def watched_cluster(settings: Settings) -> Iterator[None]:
    """Supervise the private cluster while the block runs; no effect on an external database.

    A cluster stopped by ``menpai db stop`` stays stopped.
    """
    if settings.database_url:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_watch, args=(settings, ended), name="cluster", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()


def _watch(settings: Settings, ended: threading.Event) -> None:
    pause = LOOK_EVERY_S
    while not ended.wait(pause):
        pause = LOOK_EVERY_S
        try:
            if revive_private_cluster(settings):
                logger.warning("cluster_started_again", home=str(settings.home))
        except (EnvironmentFault, OSError) as fault:
            logger.error("cluster_does_not_start", fault=str(fault))  # noqa: TRY400
            pause = PAUSE_S
