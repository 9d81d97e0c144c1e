"""Real server processes of the product, for tests that need more than one."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx2

from tests.factories.hosts import PUBLIC_URL


@dataclass(frozen=True)
class RunningServer:
    """A server process, and a client that asks it."""

    process: subprocess.Popen[bytes]
    client: httpx2.Client

    def find_processes(self, word: str = "") -> list[int]:
        """It and all that it started, by id; of these, those with a word in their command line."""
        parents = {int(entry.name): _parent_of(entry) for entry in Path("/proc").glob("[0-9]*")}
        found = [self.process.pid]
        for one in found:
            found += [process for process, parent in parents.items() if parent == one]
        return [one for one in found if word in _command_of(one)]


@contextmanager
def serving(database_url: str, **environment: Any) -> Iterator[httpx2.Client]:
    """Run ``menpai serve`` until the block ends; gives a client that asks it."""
    with running_server(database_url, **environment) as server:
        yield server.client


@contextmanager
def running_server(
    database_url: str,
    *arguments: str,
    log: "int | IO[bytes]" = subprocess.DEVNULL,
    **environment: Any,
) -> Iterator[RunningServer]:
    """Run ``menpai serve`` until the block ends, without a worker; ``log`` takes what it says.

    Its home is a folder of its own, unless one is given: never that of this machine's user.
    """
    home = tempfile.mkdtemp(prefix="menpai-home-")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--no-worker", "--port", str(port), *arguments],
        env={
            "MENPAI_HOME": home,
            **os.environ,
            "MENPAI_DATABASE_URL": database_url,
            "MENPAI_PUBLIC_URL": PUBLIC_URL,
            **environment,
        },
        stdout=log,
        stderr=log,
    )
    client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
    try:
        _wait(client, process)
        yield RunningServer(process, client)
    finally:
        client.close()
        process.terminate()
        process.wait(30)
        shutil.rmtree(home)


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


def _parent_of(entry: Path) -> int:
    with suppress(OSError):
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    return 0


def _command_of(process: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""
