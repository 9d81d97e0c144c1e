"""Runs a program that reads a stranger's file in a process of its own, which can be killed.

No library survives every file: one aborts its process on a cell at XFD1048576, another unpacks a
picture of 100 kB to gigabytes, a third computes for a minute on a megabyte. So they run under
limits of the kernel (``service.core.sandbox_child``), and here only their messages are read.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

LONGEST_MESSAGE = 64 << 20
"""Bytes of one message; the border of a province with all its islands takes some 10 MB."""

_ROOT = str(Path(__file__).resolve().parents[2])
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from service.core.sandbox_child import main; main()"
)
_PART = 1 << 20
_FAILURES = ("refused", "heavy", "broken")
"""Of the last messages those that are none of a good end."""


class SandboxFailure(StrEnum):
    """Why a program did not come to its end."""

    REFUSED = "refused"
    """It says itself that it does not read this file, and why."""
    OVERDUE = "overdue"
    """It took too much time, of the processor or of ours."""
    HEAVY = "heavy"
    """It asked for more memory than it is given."""
    BROKEN = "broken"
    """What it reads the file with raised an error: the file is not what it seems."""
    CRASHED = "crashed"
    """It ended before its last message, or said what is no message."""


_REASONS = {
    SandboxFailure.OVERDUE: "it takes longer than it is given",
    SandboxFailure.HEAVY: "it takes more memory than it is given",
}


class SandboxFailed(Exception):
    """A program did not come to its end; where it refused the file, in its own words."""

    def __init__(self, failure: SandboxFailure, reason: str = "", hint: str = "") -> None:
        self.failure, self.hint = failure, hint
        self.reason = reason or _REASONS.get(failure, "")
        super().__init__(self.reason)


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What a program may take: address space, processor time, and time in which we wait for it."""

    memory_bytes: int = 1 << 30
    processor_seconds: int = 60
    waiting_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Program:
    """A file of ours that is run, what it may say, and the variables of its environment.

    ``messages`` are the kinds of its messages, each with the number of values that follow.
    """

    path: Path
    messages: Mapping[str, int]
    environment: Mapping[str, str] = field(default_factory=dict)


def run_program(
    program: Program, *arguments: str, data: bytes = b"", limits: SandboxLimits
) -> Generator[list[Any], None, None]:
    """Yield the messages of a program, each a list that begins with its kind, as they come.

    Closing the generator ends the program. Only the time spent waiting counts: a slow reader of
    the messages is no fault of the program.

    Raises:
        SandboxFailed: it did not come to its end; says how.
    """
    child = _Child(program, arguments, len(data), limits)
    try:
        child.feed(data)
        for line in child.lines():
            kind, *rest = message = _read_message(line)
            if kind == "end":
                return
            if kind in _FAILURES:
                raise SandboxFailed(SandboxFailure(kind), *map(str, rest))
            if program.messages.get(kind) != len(rest):
                raise SandboxFailed(SandboxFailure.CRASHED, "it said what is no message")
            yield message
        raise child.early_end()
    finally:
        child.end()


class _Child:
    def __init__(
        self, program: Program, arguments: tuple[str, ...], size: int, limits: SandboxLimits
    ) -> None:
        bounds = (limits.memory_bytes, limits.processor_seconds, size)
        command = [sys.executable, "-I", "-c", _START, _ROOT, *map(str, bounds)]
        self._process = subprocess.Popen(  # noqa: S603 - our own file, run by our own interpreter
            [*command, str(program.path), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={"OPENBLAS_NUM_THREADS": "1", **program.environment},
        )
        assert self._process.stdin is not None  # noqa: S101 - asked for above
        assert self._process.stdout is not None  # noqa: S101 - the same
        self._to, self._from = self._process.stdin, self._process.stdout
        self._seconds = limits.waiting_seconds

    def feed(self, data: bytes) -> None:
        """Write what the program reads; its end of stdin stays open as long as we live."""
        os.set_blocking(self._to.fileno(), False)
        rest = memoryview(data)
        while rest:
            self._wait(self._to.fileno(), select.POLLOUT)
            try:
                rest = rest[os.write(self._to.fileno(), rest[:_PART]) :]
            except BrokenPipeError:
                return  # it has ended, and what it said says why

    def lines(self) -> Iterator[bytearray]:
        """What it says, until it ends."""
        rest = bytearray()
        while True:
            self._wait(self._from.fileno(), select.POLLIN)
            part = os.read(self._from.fileno(), _PART)
            if not part:
                return
            rest += part
            if b"\n" in part:
                *lines, rest = rest.split(b"\n")
                yield from lines
            elif len(rest) > LONGEST_MESSAGE:
                raise SandboxFailed(SandboxFailure.CRASHED, "it says more at once than is taken in")

    def early_end(self) -> SandboxFailed:
        """Of a process that has ended before its last message, why."""
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return SandboxFailed(SandboxFailure.OVERDUE)
        how = signal.Signals(-code).name if code < 0 else f"code {code}"
        return SandboxFailed(SandboxFailure.CRASHED, f"it ended early ({how})")

    def end(self) -> None:
        """Kill it, if it is still there, and leave nothing open."""
        self._process.kill()
        self._process.wait()
        self._to.close()
        self._from.close()

    def _wait(self, file: int, event: int) -> None:
        poll = select.poll()
        poll.register(file, event)
        start = time.monotonic()
        ready = poll.poll(max(0.0, self._seconds) * 1000)
        self._seconds -= time.monotonic() - start
        if not ready:
            raise SandboxFailed(SandboxFailure.OVERDUE)


def _read_message(line: bytearray) -> list[Any]:
    try:
        message = orjson.loads(line)
    except orjson.JSONDecodeError:
        message = None
    if not isinstance(message, list) or not message or not isinstance(message[0], str):
        raise SandboxFailed(SandboxFailure.CRASHED, "it said what is no message")
    return message
