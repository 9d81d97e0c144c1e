"""A supervised child process: restarted when it dies, ended with its parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 5.0
"""The pause before a restart, in seconds: doubled after each quick death."""

LIVED_S = 60.0
"""A process that lived this long did not fail at its start: the pause is reset."""

PATIENCE_S = 30.0
"""How long the process may take to end, in seconds."""

NICENESS = 10
"""Child processes leave the processor to those that answer requests."""


@contextmanager
def supervised_process(command: Sequence[str], niceness: int = NICENESS) -> Iterator[None]:
    """Keep ``menpai COMMAND`` running as a child process while the block runs.

    The command must call ``end_with_parent``: its stdin is a pipe that closes when this process
    ends, however it ends.
    """
    keeper = _Keeper([sys.executable, "-m", "service", *command], niceness)
    thread = threading.Thread(target=keeper.keep, name="supervised_process", daemon=True)
    thread.start()
    try:
        yield
    finally:
        keeper.end()
        thread.join(PATIENCE_S)


def end_with_parent() -> None:
    """Send this process SIGTERM when its parent has ended."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


class _Keeper:
    def __init__(self, command: Sequence[str], niceness: int = NICENESS) -> None:
        self._command = ["/usr/bin/env", "nice", f"-n{niceness}", *command]
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Restart the command whenever it ends, with growing pauses if it dies at once."""
        pause = SHORTEST_PAUSE_S
        while not self._ended.wait(0):
            with self._lock:
                if self._ended.is_set():
                    return
                process = self._process = subprocess.Popen(  # noqa: S603 - our own command
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                )
            begun = time.monotonic()
            process.wait()
            if time.monotonic() - begun > LIVED_S:
                pause = SHORTEST_PAUSE_S
            if self._ended.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def end(self) -> None:
        """Ask the command to end and do not restart it."""
        with self._lock:
            self._ended.set()
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()
