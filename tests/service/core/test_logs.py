"""Lines of the log are JSON on stderr, whoever writes them and whatever stderr is by then."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress

import pytest
import structlog

from service.cli import COMMANDS, main
from service.core.logs import configure_logs
from tests.command_line import ROOT

SAYS = """
import sys
sys.argv = ["menpai", "parse", "示例路1号"]
import logging
import service.cli.parse
from service.core.database import logger
def told(*_, **__):
    logger.warning("ours", place="示例路")
    logging.getLogger("library").warning("theirs")
service.cli.parse.result = told
from service.cli import main
main()
"""


@pytest.fixture(autouse=True)
def root_handlers() -> Iterator[None]:
    """What pytest has put there stands again afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def test_what_a_command_logs_is_no_part_of_its_result() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAYS], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    ours, theirs = map(json.loads, done.stderr.splitlines())
    assert (ours["event"], ours["place"], ours["level"]) == ("ours", "示例路", "warning")
    assert (theirs["event"], theirs["level"]) == ("theirs", "warning")


def test_a_logger_that_is_kept_writes_to_the_stderr_of_its_moment() -> None:
    configure_logs()
    logger = structlog.get_logger()
    for name in ("first", "second"):
        with redirect_stderr(io.StringIO()) as err, redirect_stdout(io.StringIO()) as out:
            logger.warning(name)
            logging.getLogger("library").warning(name)
        assert [json.loads(line)["event"] for line in err.getvalue().splitlines()] == [name, name]
        assert out.getvalue() == ""
        err.close()


def test_a_log_that_cannot_be_written_fails_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    configure_logs()
    with open("/dev/full", "w", buffering=1) as full:
        monkeypatch.setattr(sys, "stderr", full)
        structlog.get_logger().warning("ours")
        logging.getLogger("library").warning("theirs")
        monkeypatch.undo()
        with suppress(OSError):
            full.close()


def test_of_an_error_a_library_logs_the_class_alone() -> None:
    configure_logs()
    with redirect_stderr(io.StringIO()) as err:
        try:
            int("13800000000x")
        except ValueError:
            logging.getLogger("library").exception("it failed")
    assert json.loads(err.getvalue())["error"] == "ValueError"
    assert "13800000000" not in err.getvalue()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_begins_with_the_logs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setattr("service.cli.configure_logs", lambda: begun.append(name))
    monkeypatch.setattr(sys, "argv", ["menpai", name, "--no-such-option"])
    with redirect_stderr(io.StringIO()), pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, begun) == (2, [name])
