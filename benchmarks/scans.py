"""Measures the scan page and the look-up by code against a bare ASGI hello and the usual stack.

One server process, 64 connections of wrk, full uncompressed responses; servers take turns in every
round, and medians are printed. Every plate has been scanned once before, so its body is cached in
the database; the cost of a first scan is printed separately. Usage: python -m benchmarks.scans
[PLATES …] (default 20000; 10000 100000 1000000 shows how flat it is, and takes half an hour).
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.databases import bench_database, settle
from benchmarks.filling import scan_all
from benchmarks.http_load import Figures, Question, Server, interleave, serving
from benchmarks.program_key import make_key
from benchmarks.registers import Register, make_register, take_some
from benchmarks.rivals import DATABASE_VARIABLE, PUBLIC_URL
from service.core.database import Database

ROUNDS, SECONDS = 5, 3.0
HOT_PLATES = 10
BARE, PLAIN = "bare ASGI hello", "FastAPI + ORM + response_model, uniform"
BARS = {
    "scan page, hot": "≥ 60 % of hello",
    "scan page, uniform": "≥ 25 % of hello (aim 40), ≥ 10x plain",
    "GET /addresses/{code}, uniform": "≥ 35 % of hello",
}
_UVICORN = ("uvicorn", "--no-server-header", "--no-proxy-headers", "--log-level", "warning")


def main(sizes: list[int]) -> None:
    """Print one table for each size of the register."""
    rates = {}
    for size in sizes:
        with bench_database() as database, tempfile.TemporaryDirectory() as folder:
            print(f"filling the register with {size:,} plates …", file=sys.stderr, flush=True)
            register = make_register(database, size, Path(folder))
            print("scanning every plate once …", file=sys.stderr, flush=True)
            first = scan_all(database, register)
            settle(database, "kept_body")
            print(f"\nfirst scan of a plate: {first:,.0f} µs of CPU, without HTTP")
            rates[size] = _measure(database, register)
    if len(rates) > 1:
        spread = max(rates.values()) / min(rates.values())
        print(f"uniform scans, largest to smallest rate over all sizes: {spread:.2f}x (bar: 1.5x)")


def _measure(database: Database, register: Register) -> float:
    """Load all servers in turn; print the table, return the share of a hello of uniform scans."""
    with database.session() as session:
        key = make_key(session)
    environment = {DATABASE_VARIABLE: database.url, "MENPAI_PUBLIC_URL": PUBLIC_URL}
    rival = (*_UVICORN, "--factory")
    with ExitStack() as stack:
        start = stack.enter_context
        ours = start(serving(("service", "serve", "--no-worker"), environment=environment))
        hello = start(serving((*rival, "benchmarks.rivals:hello")))
        plain_ready = "/openapi.json"
        plain = start(
            serving((*rival, "benchmarks.rivals:plain"), ready=plain_ready, environment=environment)
        )
        questions = _questions(ours, hello, plain, register, str(key))
        for name in (PLAIN, *BARS):  # warm: the pages of uniform scans last
            questions[name].ask(SECONDS)
        figures = interleave(questions, rounds=ROUNDS, seconds=SECONDS)
        _print(register.size, figures, ours.memory_mb)
    return figures["scan page, uniform"].rate / figures[BARE].rate


def _questions(
    ours: Server, hello: Server, plain: Server, register: Register, key: str
) -> dict[str, Question]:
    tokens = register.tokens
    bearer = (f"Authorization: Bearer {key}",)
    return {
        BARE: Question(hello, tokens),
        PLAIN: Question(plain, tokens),
        "scan page, hot": Question(ours, take_some(tokens, HOT_PLATES)),
        "scan page, uniform": Question(ours, tokens),
        "GET /addresses/{code}, uniform": Question(
            ours, register.codes, "/api/v1/addresses/", bearer
        ),
    }


def _print(size: int, figures: dict[str, Figures], memory_mb: float) -> None:
    bare, plain = figures[BARE].rate, figures[PLAIN].rate
    print(
        f"\n{size:,} plates, {ROUNDS} rounds of {SECONDS:g} s, medians; server {memory_mb:.0f} MB"
    )
    heads = ("requests/s", "p50 ms", "p99 ms", "of hello", "x plain", "bytes", "errors")
    print(f"{'':<42}" + "".join(f"{head:>12}" for head in heads))
    for name, one in figures.items():
        shown = (
            f"{one.rate:,.0f}",
            f"{one.p50:.2f}",
            f"{one.p99:.2f}",
            f"{one.rate / bare:.1%}",
            f"{one.rate / plain:.1f}",
            f"{one.size:,.0f}",
            str(one.errors),
        )
        bar = f"   {BARS[name]}" if name in BARS else ""
        print(f"{name:<42}" + "".join(f"{value:>12}" for value in shown) + bar)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [20_000])
