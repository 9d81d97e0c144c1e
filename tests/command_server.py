"""A process that has imported every command once, and forks for each that is given.

A command imports for seconds before it does anything. Each still has a process of its own, with its
own environment, output and exit code. Run as ``python -m tests.command_server``: each line on stdin
is a request, each line on stdout the exit code of it.
"""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


class CommandServer:
    """The server as its user sees it; started at the first command, ended with this process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._turn = threading.Lock()

    def run(self, arguments: tuple[str, ...], environment: dict[str, str]) -> tuple[int, str, str]:
        """Run a command to its end; return its exit code, stdout and stderr."""
        with tempfile.TemporaryDirectory() as folder, self._turn:
            out, err = Path(folder, "out"), Path(folder, "err")
            request = {"argv": arguments, "env": environment, "out": str(out), "err": str(err)}
            request["cwd"] = os.getcwd()
            server = self._started()
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.write(json.dumps(request) + "\n")
            server.stdin.flush()
            code = int(server.stdout.readline())
            return code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")

    def _started(self) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            clean = {k: v for k, v in os.environ.items() if not k.startswith("MENPAI_")}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.command_server"],
                cwd=ROOT,
                env=clean | {"PYTHONWARNINGS": "error", "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            atexit.register(self._process.kill)
        return self._process


def serve() -> None:
    """Import every command, then fork for each request until stdin ends."""
    from service.cli import COMMANDS

    for entry in COMMANDS.values():
        for name in (entry.module, *entry.more):
            __import__(name)
    answers = sys.stdout
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(request)
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


def _become(request: dict[str, Any]) -> None:
    """Be the process of one command, from its first line to its end."""
    from service.cli import main

    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for number, path in ((1, request["out"]), (2, request["err"])):
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(target, number)
        os.close(target)
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115 - as a process has it
    sys.stdout, sys.stderr = (os.fdopen(os.dup(number), "w", encoding="utf-8") for number in (1, 2))
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    # as ``python -m service`` is
    sys.modules["__main__"].__package__ = "service"
    sys.argv = [str(ROOT / "service" / "__main__.py"), *request["argv"]]
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter does at the end of a process
        traceback.print_exc()
        code = 1
    with contextlib.suppress(Exception):
        atexit._run_exitfuncs()  # noqa: SLF001 - as the interpreter does
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    serve()
