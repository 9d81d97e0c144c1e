"""Runs a program that parses an untrusted file in a process with hard limits.

No library survives every file: one aborts its process on a cell at XFD1048576, another unpacks a
picture of 100 kB to gigabytes, a third computes for a minute on a megabyte. So they run under
kernel limits (``service.core.sandbox_child``), and only their messages are read here.
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
"""Bytes of one message; the boundary of a province with its islands takes some 10 MB."""

_ROOT = str(Path(__file__).resolve().parents[2])
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from service.core.sandbox_child import main; main()"
)
_PART = 1 << 20
_FAILURES = ("refused", "heavy", "broken")
"""The last messages of a program that failed."""


class SandboxFailure(StrEnum):
    """Why a program failed."""

    REFUSED = "refused"
    """It refused the file, with a reason."""
    OVERDUE = "overdue"
    """It took too much processor or wall-clock time."""
    HEAVY = "heavy"
    """It exceeded its memory limit."""
    BROKEN = "broken"
    """Its library raised an error: the file is malformed."""
    CRASHED = "crashed"
    """It ended before its last message, or sent an invalid one."""


_REASONS = {
    SandboxFailure.OVERDUE: "it takes longer than it is given",
    SandboxFailure.HEAVY: "it takes more memory than it is given",
}


class SandboxFailed(Exception):
    """A program failed; ``reason`` and ``hint`` are its own if it refused the file."""

    def __init__(self, failure: SandboxFailure, reason: str = "", hint: str = "") -> None:
        self.failure, self.hint = failure, hint
        self.reason = reason or _REASONS.get(failure, "")
        super().__init__(self.reason)


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """Limits of a program: address space, processor time, and time spent waiting for it."""

    memory_bytes: int = 1 << 30
    processor_seconds: int = 60
    waiting_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Program:
    """A Python file to run, the messages it may send, and its environment variables.

    ``messages`` maps the kind of each message to the number of values that follow it.
    """

    path: Path
    messages: Mapping[str, int]
    environment: Mapping[str, str] = field(default_factory=dict)


def run_program(
    program: Program, *arguments: str, data: bytes = b"", limits: SandboxLimits
) -> Generator[list[Any], None, None]:
    """Yield the messages of a program as they come, each a list that begins with its kind.

    Closing the generator ends the program. Only time spent waiting counts, not that of a slow
    consumer.

    Raises:
        SandboxFailed: it failed; says why.
    """
    child = _Child(program, arguments, len(data), limits)
    try:
        child.feed(data)
        for line in child.lines():
            try:
                message = orjson.loads(line)
            except orjson.JSONDecodeError:
                message = None
            if not isinstance(message, list) or not message or not isinstance(message[0], str):
                raise SandboxFailed(SandboxFailure.CRASHED, "it sent an invalid message")
            kind, *rest = message
            if kind == "end":
                return
            if kind in _FAILURES:
                raise SandboxFailed(SandboxFailure(kind), *map(str, rest))
            if program.messages.get(kind) != len(rest):
                raise SandboxFailed(SandboxFailure.CRASHED, "it sent an invalid message")
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
        """Write the input of the program; its stdin stays open until this process ends."""
        os.set_blocking(self._to.fileno(), False)
        rest = memoryview(data)
        while rest:
            self._wait(self._to.fileno(), select.POLLOUT)
            try:
                rest = rest[os.write(self._to.fileno(), rest[:_PART]) :]
            except BrokenPipeError:
                return  # it has ended; its messages say why

    def lines(self) -> Iterator[bytearray]:
        """The lines it writes, until it ends."""
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
                raise SandboxFailed(SandboxFailure.CRASHED, "its message is too long")

    def early_end(self) -> SandboxFailed:
        """Why the process ended before its last message."""
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return SandboxFailed(SandboxFailure.OVERDUE)
        how = signal.Signals(-code).name if code < 0 else f"code {code}"
        return SandboxFailed(SandboxFailure.CRASHED, f"it ended early ({how})")

    def end(self) -> None:
        """Kill the process if it is running, and close its pipes."""
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
