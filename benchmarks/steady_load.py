"""Loads a server at a constant rate, whether it keeps up or not, and times every response.

A response is timed from the moment its request was due, so a stalled server is charged for all
requests in the meantime (no coordinated omission). It runs as a separate process: python -m
benchmarks.steady_load PORT TOKENS RATE SECONDS COOKIE SHARE prints one JSON object. With a cookie,
this share of the requests carry it, and their responses are timed apart.
"""

import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 64
TIMEOUT_S = 30.0
SIGNED_IN = 0.01


@dataclass(slots=True)
class Log:
    """The responses: statuses, and milliseconds from the time each was due.

    ``share``: of the requests that are signed in.
    """

    share: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    signed_in_times: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, object]:
        """Requests, failures (anything but 200), and percentiles in milliseconds."""
        good = self.statuses["200"]
        found: dict[str, object] = {
            "requests": self.statuses.total(),
            "errors": self.statuses.total() - good,
        }
        for prefix, measured in (("", self.times), ("signed_in_", self.signed_in_times)):
            times = sorted(measured) or [0.0]
            for name, share in _SHARES:
                found[prefix + name] = times[min(len(times) - 1, int(len(times) * share))]
        return found


_SHARES = (("p50", 0.5), ("p99", 0.99), ("max", 1.0))


def start_load(
    port: int,
    tokens: Path,
    rate: int,
    seconds: float,
    *,
    cookie: str = "",
    share: float = SIGNED_IN,
) -> subprocess.Popen[str]:
    """Start a load in a separate process; ``read_load`` waits for its end."""
    arguments = [str(port), str(tokens), str(rate), str(seconds), cookie, str(share)]
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.steady_load", *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )


def read_load(load: subprocess.Popen[str]) -> dict[str, float]:
    """The figures of a finished load, as returned by ``Log.summary``."""
    out, _ = load.communicate()
    figures: dict[str, float] = json.loads(out)
    return figures


async def _ask(
    port: int, tokens: list[str], rate: int, seconds: float, *, cookie: str, share: float
) -> Log:
    log, start = Log(share=share if cookie else 0.0), time.perf_counter() + 0.5
    due = iter([start + number / rate for number in range(int(rate * seconds))])
    await asyncio.gather(*[_connection(port, tokens, due, log, cookie) for _ in range(CONNECTIONS)])
    return log


async def _connection(
    port: int, tokens: list[str], due: Iterator[float], log: Log, cookie: str
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for moment in due:
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        path = random.choice(tokens)
        is_signed_in = random.random() < log.share
        more = f"Cookie: {cookie}\r\n" if is_signed_in else ""
        head = f"GET /{path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n{more}\r\n"
        writer.write(head.encode())
        try:
            log.statuses[await asyncio.wait_for(_answer(reader), TIMEOUT_S)] += 1
        except (OSError, EOFError, TimeoutError):
            log.statuses["broken"] += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        times = log.signed_in_times if is_signed_in else log.times
        times.append((time.perf_counter() - moment) * 1000)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> str:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
    await reader.readexactly(int(length))
    return head.split(b" ", 2)[1].decode()


if __name__ == "__main__":
    found = asyncio.run(
        _ask(
            int(sys.argv[1]),
            Path(sys.argv[2]).read_text().split(),
            int(sys.argv[3]),
            float(sys.argv[4]),
            cookie=sys.argv[5],
            share=float(sys.argv[6]),
        )
    )
    print(json.dumps(found.summary()))
