"""The LAN trial of the README: a list becomes trial plates that a phone on the network opens."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qr.proof import read_pdf
from tests.command_line import ROOT, Outcome, call
from tests.database import TestDatabase
from tests.factories.hosts import PUBLIC_URL

LIST = "区县,乡镇街道,街路巷,门牌号\n上城区,清波街道,河坊街,88号\n上城区,清波街道,河坊街,90号\n"


def own_address() -> str:
    """This machine's address in its network; loopback where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; the route names our address
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


class Officer:
    """Somebody who follows the README in a shell: the settings it exports, and its commands."""

    def __init__(self, home: Path, database: TestDatabase) -> None:
        self.home, self.database, self.port = home, database, free_port()
        self.url = f"http://{own_address()}:{self.port}"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("MENPAI_")}
        self.environment |= {
            "PYTHONPATH": str(ROOT),
            "MENPAI_HOME": str(home),
            "MENPAI_DATABASE_URL": database.app_url,
            "MENPAI_OWNER_DATABASE_URL": database.owner_url,
            "MENPAI_ENV": "demo",
            "MENPAI_PUBLIC_URL": self.url,
        }

    def menpai(self, *arguments: str, env: str = "demo", public_url: str = "") -> Outcome:
        url = public_url or self.url
        return call(
            *arguments, database=self.database, home=str(self.home), env=env, public_url=url
        )

    @contextmanager
    def serving(self) -> Iterator[None]:
        command = [sys.executable, "-m", "service", "serve", "--no-worker"]
        command += ["--host", "0.0.0.0", "--port", str(self.port)]  # noqa: S104 - the LAN's trial
        with subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL) as process:
            try:
                self._wait(process)
                yield
            finally:
                process.terminate()

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if self.open("/healthz"):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the service did not answer")

    def open(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:  # noqa: S310 - our own
            return str(answer.read().decode())


def test_the_trial_of_the_readme_ends_on_the_phone(
    bare_database: TestDatabase, tmp_path: Path
) -> None:
    officer = Officer(tmp_path / "home", bare_database)
    list_ = tmp_path / "list.csv"
    list_.write_text(LIST, encoding="utf-8")
    for command in (
        ("db", "init"),  # here on the cluster of the tests, which need not be made first
        ("divisions", "load"),
        ("addresses", "import", str(list_)),
        ("plates", "issue", "--for-trial", "--division", "330102"),
        ("plates", "print", "--for-trial", "--out", str(tmp_path / "plates")),
    ):
        done = officer.menpai(*command)
        assert done.code == 0, done.err
    (file,) = (tmp_path / "plates").glob("*.pdf")
    payloads = read_pdf(file.read_bytes())
    assert len(payloads) == 2
    text = subprocess.run(
        ["pdftotext", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert text.count("试印") == 2
    with officer.serving():
        for payload in payloads:
            assert payload.startswith(f"{officer.url}/")
            page = officer.open(payload.removeprefix(officer.url))
            assert "试印牌，不是正式门牌" in page
            assert "河坊街" in page
    again = officer.menpai("plates", "issue", "--for-trial", "--json")
    assert again.json["plates"] == 0
    city = {"env": "production", "public_url": PUBLIC_URL}
    real = officer.menpai("plates", "issue", "--json", **city)
    assert (real.json["plates"], real.json["trial"]) == (2, False)
    printed = officer.menpai("plates", "print", "--out", str(tmp_path / "real"), "--json", **city)
    assert printed.json["plates"] == 2


def test_the_readme_says_these_commands() -> None:
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    for words in (
        "export MENPAI_ENV=demo",
        "export MENPAI_PUBLIC_URL=http://192.168.1.5:8000",
        "plates issue --for-trial",
        "plates print --for-trial",
        "menpai serve --host 0.0.0.0",
    ):
        assert words in said, words
