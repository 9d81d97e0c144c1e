"""Real server processes of the product, for tests that need more than one."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import httpx2

from tests.factories.hosts import PUBLIC_URL


@contextmanager
def serving(
    database_url: str, *, log: "int | IO[bytes]" = subprocess.DEVNULL, **environment: str
) -> Iterator[httpx2.Client]:
    """Run ``menpai serve`` until the block ends; gives a client that asks it.

    ``log`` takes what it writes to stderr and stdout.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--no-worker", "--port", str(port)],
        env={
            **os.environ,
            "MENPAI_DATABASE_URL": database_url,
            "MENPAI_PUBLIC_URL": PUBLIC_URL,
            **environment,
        },
        stdout=log if log != subprocess.DEVNULL else None,
        stderr=log,
    )
    client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
    try:
        _wait(client, process)
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(30)


def _wait(client: httpx2.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        try:
            if client.get("/healthz").status_code == 200:
                return
        except httpx2.TransportError:
            assert process.poll() is None, "the server ended"
        time.sleep(0.1)
    raise AssertionError("the server did not answer in time")
