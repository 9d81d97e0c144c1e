import asyncio
import threading

import pytest

from service.core.threads import run_in_thread
from tests.event_loop import run_apart


def test_what_the_work_gives_or_raises_reaches_the_caller() -> None:
    async def ask() -> None:
        assert await run_in_thread(divmod, 7, 2) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            await run_in_thread(divmod, 7, 0)

    run_apart(ask())


def test_a_cancelled_caller_waits_for_the_end_of_its_work() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait(10)
        ended.set()

    async def cancel() -> None:
        caller = asyncio.ensure_future(run_in_thread(work))
        await asyncio.to_thread(begun.wait, 10)
        caller.cancel()
        await asyncio.wait([caller], timeout=0.05)
        assert not caller.done()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await caller
        assert ended.is_set()

    run_apart(cancel())
