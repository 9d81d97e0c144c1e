"""Runs the command ``menpai`` as an officer does: a process, its output, its exit code."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.database import TestDatabase

ROOT = Path(__file__).resolve().parents[1]


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


def menpai(*arguments: str, database: TestDatabase | None = None, **settings: str) -> Outcome:
    """Run a command against a test database, with settings (``home=…`` is MENPAI_HOME)."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MENPAI_")}
    environment["PYTHONPATH"] = str(ROOT)
    environment["PYTHONWARNINGS"] = "error"
    if database:
        environment["MENPAI_DATABASE_URL"] = database.app_url
        environment["MENPAI_OWNER_DATABASE_URL"] = database.owner_url
    environment |= {f"MENPAI_{name.upper()}": value for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)
