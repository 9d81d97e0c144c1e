"""The process pool for whatever takes more than some 20 ms: a thread may wait, never compute."""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Lock
from typing import ParamSpec, TypeVar

from service.core.companion import NICENESS

P = ParamSpec("P")
T = TypeVar("T")

WORKERS = 1
PATIENCE_S = 60.0


class Pool:
    """Worker processes, started when they are first needed, and again when one is killed."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._workers = workers
        self._lock = Lock()
        self._executor: ProcessPoolExecutor | None = None

    def compute(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of a module in another process and wait for what it returns.

        Raises what the function raises, and TimeoutError after a minute.
        """
        executor = self._started()
        try:
            return executor.submit(function, *args, **kwargs).result(PATIENCE_S)
        except BrokenProcessPool:
            self._drop(executor)
            return self._started().submit(function, *args, **kwargs).result(PATIENCE_S)

    def close(self) -> None:
        """End the workers; the next call starts them again."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._executor is None:
                # spawn: a fork would copy the locks of other threads in whatever state they are
                context = multiprocessing.get_context("spawn")
                self._executor = ProcessPoolExecutor(
                    self._workers, mp_context=context, initializer=os.nice, initargs=(NICENESS,)
                )
            return self._executor

    def _drop(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._executor is broken:
                self._executor = None


POOL = Pool()
"""The pool of this server process."""
