import asyncio
from collections.abc import Awaitable, Callable

import pytest

from service.core.batcher import Batcher
from tests.event_loop import run_apart

Fetch = Callable[[list[str]], Awaitable[dict[str, str]]]


def waiting(go_on: asyncio.Event, asked: list[list[str]]) -> Fetch:
    async def fetch(keys: list[str]) -> dict[str, str]:
        asked.append(sorted(keys))
        await go_on.wait()
        return {key: key.upper() for key in keys if key != "none"}

    return fetch


def test_who_is_cancelled_takes_nothing_from_who_asked_for_the_same() -> None:
    async def ask() -> None:
        go_on, asked = asyncio.Event(), list[list[str]]()
        batcher = Batcher(waiting(go_on, asked))

        async def load() -> str | None:
            return await batcher.load("a")

        first, second, third = (asyncio.ensure_future(load()) for _ in range(3))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0.01)
        second.cancel()
        go_on.set()
        assert await third == "A"
        assert first.cancelled()
        assert second.cancelled()
        assert asked == [["a"]]

    run_apart(ask())


def test_what_comes_together_is_one_query_and_what_is_not_found_is_none() -> None:
    async def ask() -> None:
        go_on, asked = asyncio.Event(), list[list[str]]()
        go_on.set()
        batcher = Batcher(waiting(go_on, asked))
        found = await asyncio.gather(*(batcher.load(key) for key in ("a", "b", "a", "none")))
        assert found == ["A", "B", "A", None]
        assert asked == [["a", "b", "none"]]

    run_apart(ask())


def test_everybody_is_told_what_went_wrong_and_the_next_is_answered() -> None:
    async def ask() -> None:
        faults = [OSError("broken")]

        async def fetch(keys: list[str]) -> dict[str, str]:
            if faults:
                raise faults.pop()
            return dict.fromkeys(keys, "found")

        batcher = Batcher(fetch)
        both = await asyncio.gather(batcher.load("a"), batcher.load("a"), return_exceptions=True)
        assert [type(one) for one in both] == [OSError, OSError]
        assert await batcher.load("a") == "found"

    run_apart(ask())


def test_at_most_so_many_keys_go_in_one_query() -> None:
    async def ask() -> None:
        go_on, asked = asyncio.Event(), list[list[str]]()
        go_on.set()
        batcher = Batcher(waiting(go_on, asked), in_flight=1, most_keys=3)
        found = await asyncio.gather(*(batcher.load(key) for key in "abcdefg"))
        assert found == list("ABCDEFG")
        assert [len(keys) for keys in asked] == [3, 3, 1]

    run_apart(ask())


def test_when_the_query_is_cancelled_nobody_waits_for_ever() -> None:
    async def ask() -> None:
        go_on, asked = asyncio.Event(), list[list[str]]()
        batcher = Batcher(waiting(go_on, asked))
        future = batcher.load("a")
        await asyncio.sleep(0.01)
        for task in list(batcher._tasks):  # noqa: SLF001 - the loop cancels them when it ends
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await future

    run_apart(ask())
