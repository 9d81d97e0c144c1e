import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from service.core import sandbox
from service.core.sandbox import Program, SandboxFailed, SandboxFailure, SandboxLimits, run_program
from tests.processes import is_alive, wait_until_gone

Run = Callable[..., list[list[Any]]]
HEAD = """\
import os, sys, time
from service.core.sandbox_child import ChildRefused
def write_beside(line):
    for n in range(3, 9):
        if 'pipe' in os.path.realpath(f'/proc/self/fd/{n}'):
            os.write(n, line)
"""
ENDLESS = "import re; re.match('(a|a)*$', 'a' * 100 + 'b')"
"""Computes for ever in C, and lets no thread of Python run meanwhile."""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the body of a program: what it says, until it ends."""

    def run(body: str, *arguments: str, data: bytes = b"", **limits: Any) -> list[list[Any]]:
        program = write(tmp_path, body)
        return list(run_program(program, *arguments, data=data, limits=SandboxLimits(**limits)))

    return run


def write(folder: Path, body: str) -> Program:
    file = folder / "program.py"
    file.write_text(f"{HEAD}def run(say, data, *arguments):\n    {body}\n")
    return Program(file, {"told": 1, "pid": 2}, {"COLOUR": "blue"})


def failure(run: Run, body: str, **limits: Any) -> SandboxFailed:
    with pytest.raises(SandboxFailed) as caught:
        run(body, **limits)
    return caught.value


def test_arguments_data_and_environment_arrive_and_messages_come_back(run: Run) -> None:
    data = os.urandom(3 << 20)
    body = "say('told', [arguments, len(data), data[-1], os.environ['COLOUR']])"
    assert run(body, "甲", "", data=data) == [["told", [["甲", ""], len(data), data[-1], "blue"]]]


def test_a_program_that_refuses_says_why_in_its_own_words(run: Run) -> None:
    said = failure(run, "raise ChildRefused('no door', 'draw one')")
    assert (said.failure, said.reason, said.hint) == (SandboxFailure.REFUSED, "no door", "draw one")


def test_an_error_of_a_library_is_told_by_its_class(run: Run) -> None:
    said = failure(run, "int('x')")
    assert said.failure is SandboxFailure.BROKEN
    assert said.reason.startswith("ValueError: invalid literal")


@pytest.mark.parametrize(
    "body", ["bytearray(2 << 30)", "x = ['a' * 1000 * n for n in range(10**6)]"]
)
def test_too_much_memory_is_said_so(run: Run, body: str) -> None:
    assert failure(run, body, memory_bytes=256 << 20).failure is SandboxFailure.HEAVY


def test_too_much_processor_time_is_ended_by_the_kernel(run: Run) -> None:
    assert failure(run, ENDLESS, processor_seconds=1).failure is SandboxFailure.OVERDUE


def test_who_only_sleeps_is_ended_too(run: Run) -> None:
    assert failure(run, "time.sleep(60)", waiting_seconds=0.5).failure is SandboxFailure.OVERDUE


def test_who_does_not_take_its_data_is_ended_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_START", "import time; time.sleep(60)")
    with pytest.raises(SandboxFailed) as caught:
        run("pass", data=bytes(1 << 20), waiting_seconds=0.5)
    assert caught.value.failure is SandboxFailure.OVERDUE


def test_a_slow_reader_is_no_fault_of_the_program(tmp_path: Path) -> None:
    program = write(tmp_path, "[say('told', 'x' * 1000) for _ in range(1000)]")
    messages = run_program(program, limits=SandboxLimits(waiting_seconds=5))
    next(messages)
    time.sleep(0.3)
    assert sum(1 for _ in messages) == 999


@pytest.mark.parametrize(
    ("body", "how"),
    [("os.abort()", "SIGABRT"), ("os.kill(os.getpid(), 11)", "SIGSEGV"), ("os._exit(3)", "code 3")],
)
def test_a_crash_is_told_with_how_it_came(run: Run, body: str, how: str) -> None:
    said = failure(run, f"say('told', 1); {body}")
    assert said.failure is SandboxFailure.CRASHED
    assert how in said.reason


@pytest.mark.parametrize(
    "body",
    [
        "say('unknown', 1)",
        "say('told')",
        "say('told', 1, 2)",
        "say(['told'], 1)",
        r"write_beside(b'nonsense\n')",
        r"write_beside(b'{\"a\": 1}\n')",
        r"write_beside(b'\xff[]\n[]\n')",
    ],
)
def test_what_is_no_message_is_no_result(run: Run, body: str) -> None:
    assert failure(run, body).failure is SandboxFailure.CRASHED


def test_a_message_without_end_is_not_taken_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "LONGEST_MESSAGE", 1 << 20)
    assert len(run("say('told', 'x' * 500_000)")[0][1]) == 500_000
    assert "message is too long" in failure(run, "say('told', 'x' * 3_000_000)").reason


def test_what_a_library_prints_goes_nowhere(run: Run) -> None:
    body = r"print('a'); os.write(1, b'b\n'); os.write(2, b'c\n'); say('told', 1)"
    assert run(body) == [["told", 1]]


def test_texts_that_no_file_could_hold_arrive_without_what_nobody_can_store(run: Run) -> None:
    assert run(r"say('told', '\ud800街')") == [["told", "?街"]]


def test_no_file_is_written(run: Run, tmp_path: Path) -> None:
    assert "File too large" in failure(run, f"os.write(os.open('{tmp_path}/out', 65), b'x')").reason


def test_nothing_of_our_environment_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENPAI_SECRET_KEY", "s3cret")
    ((_, names),) = run("say('told', sorted(os.environ))")
    assert not any(name.startswith("MENPAI") for name in names)


SAYS_ITS_PID = "say('pid', os.getpid(), 'x' * 10_000); "


def test_closing_half_way_ends_the_program(tmp_path: Path) -> None:
    messages = run_program(write(tmp_path, SAYS_ITS_PID + ENDLESS), limits=SandboxLimits())
    pid = next(messages)[1]
    assert is_alive(pid)
    messages.close()
    assert not is_alive(pid)


def test_the_thread_that_began_may_end(tmp_path: Path) -> None:
    messages = run_program(
        write(tmp_path, SAYS_ITS_PID + "time.sleep(0.3); say('told', 1)"), limits=SandboxLimits()
    )
    with ThreadPoolExecutor(1) as thread:
        pid = thread.submit(next, messages).result()[1]
    assert list(messages) == [["told", 1]]
    assert not is_alive(pid)


PARENT = """
import sys
from pathlib import Path
from service.core.sandbox import Program, SandboxLimits, run_program
program = Program(Path(sys.argv[1]), {"pid": 2})
for message in run_program(program, limits=SandboxLimits()):
    print(message[1], flush=True)
"""


@pytest.mark.parametrize("body", [ENDLESS, "time.sleep(60)"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_the_parent(tmp_path: Path, body: str, how: signal.Signals) -> None:
    program = write(tmp_path, SAYS_ITS_PID + body)
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(program.path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
    assert is_alive(pid)
    parent.send_signal(how)
    parent.wait()
    assert wait_until_gone(pid)
