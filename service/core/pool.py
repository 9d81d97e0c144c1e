"""Worker processes for computations of more than some 20 ms: threads may wait, never compute.

Each kind of caller has its own process, so that a department's list does not delay a resident's
card. Overdue computations are killed, and nothing outlives the server.
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
"""How long a caller waits for the process, in seconds: under 2 s with the wait for admission."""

START_S = 25.0
"""How long callers wait while the process starts, in seconds."""

RETRY_AFTER_S = 5


class Pool:
    """One worker process, started on first use and again after it was killed."""

    def __init__(self, patience_s: float, most_waiting: int = 8, queue_s: float = QUEUE_S) -> None:
        """``patience_s`` limits one computation, ``most_waiting`` the queue for the process."""
        self.patience_s, self._most_waiting, self._queue_s = patience_s, most_waiting, queue_s
        self._turn = threading.Lock()
        self._state = threading.Lock()
        self._inside: Counter[str] = Counter()
        self._executor: ProcessPoolExecutor | None = None
        self._has_started = False

    def compute(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a module-level function in the process and return its result.

        Raises:
            ServerBusy: too many are waiting, or the computation takes too long.
        """
        return self.compute_for("", function, *args, **kwargs)

    def compute_for(
        self, caller: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As ``compute``, with at most one computation at a time per named caller.

        Raises:
            ServerBusy: as ``compute``, or another one of this caller is running.
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
        with self._state:
            if self._executor is None:
                # spawn: a fork would copy the locks of other threads in any state
                context = multiprocessing.get_context("spawn")
                self._executor = ProcessPoolExecutor(1, mp_context=context, initializer=_begin)
            executor = self._executor
        computing = executor.submit(function, *args, **kwargs)
        try:
            found = computing.result(self.patience_s)
        except Overdue:
            if computing.done():
                raise  # the function's own
            self._kill()
            raise ServerBusy(RETRY_AFTER_S) from None
        self._has_started = True
        return found

    def _kill(self) -> None:
        with self._state:
            executor, self._executor, self._has_started = self._executor, None, False
        if executor is None:
            return
        for process in list((executor._processes or {}).values()):  # noqa: SLF001 - there is no other way to kill a computation
            process.kill()
        executor.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    os.nice(NICENESS)
    return_memory_early()
    end_with_parent_process()


def end_with_parent_process() -> None:
    """End this ``multiprocessing`` process when its parent ends."""

    def wait() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(0)

    threading.Thread(target=wait, name="parent", daemon=True).start()


RESIDENTS = Pool(patience_s=30.0, queue_s=0.9)
STAFF = Pool(patience_s=30.0, queue_s=10.0)
"""A page requests several previews at once, so they may queue longer."""

STAFF_FILES = Pool(patience_s=110.0, queue_s=10.0)
"""Files of lists that staff take with them: longer than a preview may wait."""

DEPARTMENTS = Pool(patience_s=110.0, queue_s=0.1)


def close_pools() -> None:
    """End all processes of this server."""
    for pool in (RESIDENTS, STAFF, STAFF_FILES, DEPARTMENTS):
        pool.close()
