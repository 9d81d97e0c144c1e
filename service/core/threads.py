"""Blocking work in a thread that never outlives its caller, not even a cancelled one."""

import asyncio
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

SWITCH_S = 0.0005
P = ParamSpec("P")
T = TypeVar("T")


async def run_in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do blocking work in a thread; whoever is cancelled meanwhile still waits for its end.

    A thread cannot be stopped. One that was left behind would go on using what its caller's
    owner closes next: it would open a connection anew in a pool that has just been disposed of.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


def shorten_switch_interval() -> None:
    """Have threads that compute let the event loop in after half a millisecond, not after five.

    A scan waits for several such turns, and for each of the threads in between.
    """
    sys.setswitchinterval(SWITCH_S)
