import subprocess
import threading
import time
from typing import Any

import pytest

from service.core import child_process

START_S = 5.0
"""A worker has started within so many seconds on a busy machine."""


def test_a_companion_is_back_within_ten_seconds_however_often_it_died() -> None:
    assert child_process.LONGEST_PAUSE_S + START_S <= 10


def test_one_that_lived_long_is_started_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    lives = iter([0.0, 0.0, 0.0, 100.0, 0.0])
    clock = [0.0]

    class Ended(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            if timeout:
                pauses.append(timeout)
            return len(pauses) >= 5

    class Process:
        stdin = None

        def __init__(self, *_: Any, **__: Any) -> None: ...

        def wait(self) -> int:
            clock[0] += next(lives)
            return 1

    monkeypatch.setattr(subprocess, "Popen", Process)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    keeper = child_process._Keeper(["true"])  # noqa: SLF001 - how long it waits
    keeper._ended = Ended()  # noqa: SLF001
    keeper.keep()
    assert pauses == [1.0, 2.0, 4.0, 1.0, 2.0]
