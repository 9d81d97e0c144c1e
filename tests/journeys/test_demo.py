"""A newcomer runs the demo, twice, opens what it names, and prints a thousand plates."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from qr.proof import read_pdf
from service.core.homes import test_home
from tests.command_line import ROOT, menpai

pytestmark = pytest.mark.drill
FIRST_TIME_S, NEXT_TIME_S, PLATES = 300, 30, 1000


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home that no demo has used yet; its cluster is stopped and the folder removed after."""
    place = test_home().with_name(f"menpai-drill-{os.getpid()}")
    yield place
    menpai("db", "stop", home=str(place))
    shutil.rmtree(place, ignore_errors=True)


@contextmanager
def demo(home: Path) -> Iterator[tuple[str, str, float]]:
    """Run the demo until it serves; give the page's URL, the plate's URL and the seconds taken."""
    started = time.monotonic()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MENPAI_")}
    environment |= {"MENPAI_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "service", "demo", "--port", port]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            page, plate = url_of(process.stdout, "page"), url_of(process.stdout, "plate")
            yield page, plate, time.monotonic() - started
        finally:
            process.send_signal(signal.SIGINT)


def url_of(out: IO[str], name: str) -> str:
    said, url = out.readline().split()
    assert said == name
    return url


def fetch(url: str, accept: str) -> tuple[int, str]:
    assert url.startswith("http://127.0.0.1:")
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310 - asserted above
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - asserted above
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("allowed", [FIRST_TIME_S, NEXT_TIME_S], ids=["first", "next"])
def test_the_demo_is_ready_in_time_and_its_two_lines_open(home: Path, allowed: float) -> None:
    with demo(home) as (page, plate, seconds):
        assert seconds <= allowed
        assert "门牌" in fetch(page, "text/html")[1]
        status, text = fetch(plate, "text/html")
        assert status == 200
        assert "示例数据" in text
        assert '"code"' in fetch(plate, "application/json")[1]
    (program,) = menpai("clients", "list", "--json", home=str(home)).json["clients"]
    assert [one["division"] for one in program["grants"]] == ["330000000000"]


def test_a_thousand_demo_plates_are_read_back_from_the_pdf(home: Path, tmp_path: Path) -> None:
    printed = menpai(
        "plates", "print", "--for-trial", "--limit", str(PLATES), "--out", str(tmp_path),
        home=str(home),
    )  # fmt: skip
    assert printed.code == 0, printed.err
    files = sorted(tmp_path.glob("*.pdf"))
    read = [payload for file in files for payload in read_pdf(file.read_bytes(), module=2.0)]
    tokens = [payload.rsplit("/", 1)[1] for payload in read]
    assert len(set(tokens)) == PLATES
    for file in files:
        verified = menpai("plates", "verify", str(file), "--json", home=str(home))
        assert verified.json["unknown"] == []
