"""Load-tests an HTTP server: starts it as a process, loads it with wrk, reads the figures."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SCRIPT = Path(__file__).with_suffix(".lua")
CONNECTIONS = 64
START_SECONDS = 60
_REST_S = 1.0
"""A slow server still works on the last requests when its load has ended: not on the next one's
time."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Load results: requests per second, milliseconds, bytes per response, failed requests."""

    rate: float
    p50: float
    p99: float
    size: float
    errors: int


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def memory_mb(self) -> float:
        """Memory in MB of the server and its child processes; shared memory counts once."""
        parents = {int(entry.name): _number(entry / "stat", _PARENT) for entry in _processes()}
        tree = [self.process.pid]
        for one in tree:
            tree += [process for process, parent in parents.items() if parent == one]
        return sum(_number(Path(f"/proc/{one}/smaps_rollup"), _SHARE) for one in tree) / 1000


_PARENT = re.compile(r"\) \S (\d+)")
_SHARE = re.compile(r"\nPss:\s+(\d+) kB")


def _processes() -> Iterator[Path]:
    return Path("/proc").glob("[0-9]*")


def _number(status: Path, pattern: re.Pattern[str]) -> int:
    """A kernel figure of a process; 0 if it has ended."""
    try:
        found = pattern.search(status.read_text(encoding="utf-8"))
    except OSError:
        return 0
    return int(found[1]) if found else 0


@dataclass(frozen=True, slots=True)
class Question:
    """The requests of a load: a prefix plus a line of a file, with headers."""

    server: Server
    lines: Path
    prefix: str = "/"
    headers: tuple[str, ...] = ()

    def ask(self, seconds: float, connections: int = CONNECTIONS) -> Figures:
        """Send requests as fast as the server responds.

        Raises:
            RuntimeError: wrk is missing or gave no figures.
        """
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "-s", str(SCRIPT)]
        url = f"http://127.0.0.1:{self.server.port}/"
        arguments = [str(self.lines), self.prefix, *self.headers]
        done = subprocess.run(
            [*command, url, "--", *arguments], capture_output=True, text=True, check=False
        )
        last = done.stdout.strip().splitlines()[-1:] or [""]
        if done.returncode or not last[0].startswith("{"):
            raise RuntimeError(f"wrk gave no figures: {done.stderr.strip() or done.stdout.strip()}")
        found = json.loads(last[0])
        return Figures(
            rate=found["requests"] / found["seconds"],
            p50=found["p50"],
            p99=found["p99"],
            size=found["bytes"] / max(found["requests"], 1),
            errors=found["errors"],
        )


@contextmanager
def serving(
    arguments: Sequence[str], *, ready: str = "/", environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run ``python -m ARGUMENTS --port N`` until the block ends; waits until it responds.

    Raises:
        RuntimeError: the process ended, or did not answer ``ready`` in time.
    """
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments, "--port", str(port)],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(process, port, ready)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(30)


def interleave(
    questions: Mapping[str, Question], *, rounds: int, seconds: float
) -> dict[str, Figures]:
    """Run every load in every round, so that a busy machine affects all alike; return medians."""
    found: dict[str, list[Figures]] = {name: [] for name in questions}
    for _ in range(rounds):
        for name, question in questions.items():
            found[name].append(question.ask(seconds))
            time.sleep(_REST_S)
    return {name: _median(figures) for name, figures in found.items()}


def _median(figures: Sequence[Figures]) -> Figures:
    return Figures(
        rate=median(one.rate for one in figures),
        p50=median(one.p50 for one in figures),
        p99=median(one.p99 for one in figures),
        size=median(one.size for one in figures),
        errors=sum(one.errors for one in figures),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                connection.sendall(request)
                if connection.recv(16).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not answer in time")
