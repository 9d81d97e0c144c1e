"""Scans at 500 a second while a department posts resolve batches of 10,000 rows in a loop.

Everything runs on one server process and its worker pool. Usage: python -m
benchmarks.scan_under_batches [SECONDS] (default 60); scans alone are measured first.
"""

import io
import sys
import tempfile
import threading
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from benchmarks.databases import bench_database
from benchmarks.http_load import Server, serving
from benchmarks.program_key import make_key
from benchmarks.registers import Register, make_register
from benchmarks.rivals import DATABASE_VARIABLE, PUBLIC_URL
from benchmarks.steady_load import read_load, start_load

PLATES, RATE, ROWS = 100_000, 500, 10_000
BAR_MS = 50


def main(seconds: float) -> None:
    """Print the times of scans alone, and while batches are resolved."""
    with ExitStack() as stack:
        database = stack.enter_context(bench_database())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        register = make_register(database, PLATES, folder)
        with database.session() as session:
            key = make_key(session)
        environment = {DATABASE_VARIABLE: database.url, "MENPAI_PUBLIC_URL": PUBLIC_URL}
        server = stack.enter_context(
            serving(("service", "serve", "--no-worker"), environment=environment)
        )
        _show("scans alone", _measure(server, register, seconds))
        done: list[int] = []
        stop = threading.Event()
        poster = threading.Thread(target=_post, args=(server, key, stop, done))
        poster.start()
        figures = _measure(server, register, seconds)
        stop.set()
        poster.join()
        _show(f"with {sum(done):,} rows resolved meanwhile", figures)


def _measure(server: Server, register: Register, seconds: float) -> dict[str, float]:
    return read_load(start_load(server.port, register.tokens, RATE, seconds))


def _post(server: Server, key: str, stop: threading.Event, done: list[int]) -> None:
    body = io.StringIO()
    body.write("text\r\n")
    for number in range(ROWS):
        street, place = divmod(number * 7, 100)
        body.write(f"浙江省杭州市上城区清波街道示例{street % 900}路{place + 1}号\r\n")
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/api/v1/resolve/batch?column=text",
        data=body.getvalue().encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "text/csv"},
    )
    while not stop.is_set():
        with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310
            answer.read()
        done.append(ROWS)


def _show(name: str, figures: dict[str, float]) -> None:
    p50, p99, most = figures["p50"], figures["p99"], figures["max"]
    print(
        f"{name:<42} {figures['requests']:,.0f} scans at {RATE}/s: p50 {p50:.1f} ms, "
        f"p99 {p99:.1f} ms (bar {BAR_MS}), max {most:.0f} ms, {figures['errors']:.0f} errors"
    )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
