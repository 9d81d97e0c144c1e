"""Processes for whatever takes more than some 20 ms: a thread may wait, never compute.

Each kind of caller has a process of its own, so that a department's list delays no resident's
card. What takes too long is killed, not left behind, and nothing outlives the server.
"""

import multiprocessing
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as Overdue
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from service.core.child_process import NICENESS
from service.core.errors import ServerBusy
from service.core.memory import return_memory_early

P = ParamSpec("P")
T = TypeVar("T")

QUEUE_S = 1.2
"""So long a caller waits until the process is free: with the wait at the border under 2 s."""

START_S = 25.0
"""So long those wait behind the first, who waits for the process to start."""

RETRY_AFTER_S = 5


class Pool:
    """A process, started when it is first needed, and again when it was killed."""

    def __init__(self, patience_s: float, most_waiting: int = 8, queue_s: float = QUEUE_S) -> None:
        """``patience_s``: so long one computation may take; ``most_waiting`` may queue for it."""
        self.patience_s, self._most_waiting, self._queue_s = patience_s, most_waiting, queue_s
        self._turn = threading.Lock()
        self._state = threading.Lock()
        self._inside: Counter[str] = Counter()
        self._executor: ProcessPoolExecutor | None = None
        self._has_started = False

    def compute(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of a module in the process, and wait for what it returns or raises.

        Raises:
            ServerBusy: too many wait for it already, or it takes too long.
        """
        return self.compute_for("", function, *args, **kwargs)

    def compute_for(
        self, caller: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As ``compute``; of a named caller one computation is taken at a time.

        Raises:
            ServerBusy: as ``compute``, or another one of this caller is being computed.
        """
        with self._admitted(caller):
            try:
                return self._run(function, *args, **kwargs)
            except BrokenProcessPool:
                self._kill()
                return self._run(function, *args, **kwargs)

    def close(self) -> None:
        """End the process; the next call starts it again."""
        self._kill()

    @contextmanager
    def _admitted(self, caller: str) -> Iterator[None]:
        with self._state:
            if self._inside.total() > self._most_waiting or (caller and self._inside[caller]):
                raise ServerBusy(RETRY_AFTER_S)
            self._inside[caller] += 1
        try:
            if not self._turn.acquire(timeout=self._queue_s if self._has_started else START_S):
                raise ServerBusy(RETRY_AFTER_S)
            try:
                yield
            finally:
                self._turn.release()
        finally:
            with self._state:
                self._inside[caller] -= 1

    def _run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        computing = self._started().submit(function, *args, **kwargs)
        try:
            found = computing.result(self.patience_s)
        except Overdue:
            if computing.done():
                raise  # the function's own
            self._kill()
            raise ServerBusy(RETRY_AFTER_S) from None
        self._has_started = True
        return found

    def _started(self) -> ProcessPoolExecutor:
        with self._state:
            if self._executor is None:
                # spawn: a fork would copy the locks of other threads in whatever state they are
                context = multiprocessing.get_context("spawn")
                self._executor = ProcessPoolExecutor(1, mp_context=context, initializer=_begin)
            return self._executor

    def _kill(self) -> None:
        with self._state:
            executor, self._executor, self._has_started = self._executor, None, False
        if executor is None:
            return
        for process in list((executor._processes or {}).values()):  # noqa: SLF001 - it has no other way to end what computes
            process.kill()
        executor.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    os.nice(NICENESS)
    return_memory_early()
    end_with_parent_process()


def end_with_parent_process() -> None:
    """Have this process of ``multiprocessing`` end when the one that made it does."""

    def wait() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(0)

    threading.Thread(target=wait, name="parent", daemon=True).start()


RESIDENTS = Pool(patience_s=30.0, queue_s=0.9)
STAFF = Pool(patience_s=30.0, queue_s=10.0)
"""Its previews are asked for by a page, several at once, which waits for them."""

DEPARTMENTS = Pool(patience_s=110.0, queue_s=0.1)


def close_pools() -> None:
    """End all processes of this server."""
    for pool in (RESIDENTS, STAFF, DEPARTMENTS):
        pool.close()
