import asyncio

import pytest

from service.core.errors import DatabaseUnreachable
from service.core.timer import repeat
from tests.event_loop import run_apart


def test_work_is_done_again_whatever_became_of_it(capfd: pytest.CaptureFixture[str]) -> None:
    faults: list[Exception] = [
        ValueError("0571-00000001"),
        DatabaseUnreachable("away", hint="wait"),
        RuntimeError("once more"),
    ]
    done = asyncio.Event()

    async def work() -> None:
        if faults:
            raise faults.pop(0)
        done.set()

    async def watch() -> None:
        task = asyncio.ensure_future(repeat(work, every=0.001))
        await asyncio.wait_for(done.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_apart(watch())
    said = capfd.readouterr()
    assert "ValueError" in said.out + said.err
    assert "RuntimeError" in said.out + said.err
    assert "0571-00000001" not in said.out + said.err
