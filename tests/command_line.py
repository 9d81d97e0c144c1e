"""Runs the command ``menpai`` as an officer does: a process, its output, its exit code."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from service.cli import main, options
from service.core.settings import get_settings
from tests.command_server import CommandServer
from tests.database import TestDatabase
from tests.factories.hosts import PUBLIC_URL

ROOT = Path(__file__).resolve().parents[1]


_SERVER = CommandServer()


@dataclass(frozen=True)
class Outcome:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)


def start_worker(url: str, home: Path) -> "subprocess.Popen[bytes]":
    """Start a worker over a database, with its files in a home; whoever starts it ends it."""
    return subprocess.Popen(
        [sys.executable, "-m", "service", "worker"],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "MENPAI_DATABASE_URL": url,
            "MENPAI_HOME": str(home),
        },
    )


def menpai(*arguments: str, database: TestDatabase | None = None, **settings: str) -> Outcome:
    """Run a command against a test database, with settings (``home=…`` is MENPAI_HOME)."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MENPAI_")}
    environment["PYTHONPATH"] = str(ROOT)
    environment["PYTHONWARNINGS"] = "error"
    environment["MENPAI_PUBLIC_URL"] = PUBLIC_URL
    if database:
        environment["MENPAI_DATABASE_URL"] = database.app_url
        environment["MENPAI_OWNER_DATABASE_URL"] = database.owner_url
    environment |= {f"MENPAI_{name.upper()}": value for name, value in settings.items()}
    return menpai_in(environment, *arguments)


def menpai_in(environment: dict[str, str], *arguments: str) -> Outcome:
    """Run a command in an environment of which it sees nothing else."""
    return Outcome(*_SERVER.run(arguments, environment))


def call(*arguments: str, database: TestDatabase, **settings: str) -> Outcome:
    """Run a command as ``menpai`` does, but in this process: for tests that give many of them."""
    urls = {
        "database_url": database.app_url,
        "owner_database_url": database.owner_url,
        "public_url": PUBLIC_URL,
    }
    at_exit: list[Callable[[], None]] = []
    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in (urls | settings).items():
            patch.setenv(f"MENPAI_{name.upper()}", value)
        patch.setattr(sys, "argv", ["menpai", *arguments])
        patch.setattr(options, "atexit", SimpleNamespace(register=at_exit.append))
        get_settings.cache_clear()
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            get_settings.cache_clear()
            for leave in at_exit:
                leave()
    return Outcome(code, out.getvalue(), err.getvalue())
