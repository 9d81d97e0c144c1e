"""Runs blocking work in a thread that never outlives its caller, not even when cancelled."""

import asyncio
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

SWITCH_S = 0.0005
P = ParamSpec("P")
T = TypeVar("T")


async def run_in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work in a thread; a cancelled caller still waits for its end.

    A thread cannot be stopped. If left behind, it would go on using what is closed next, for
    example open a connection in a pool that has just been disposed of.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


def shorten_switch_interval() -> None:
    """Make computing threads release the GIL every 0.5 ms instead of every 5 ms.

    A scan needs the GIL several times, and waits for every computing thread each time.
    """
    sys.setswitchinterval(SWITCH_S)
