"""The process in which a program reads a stranger's file; ``service.core.sandbox`` starts it.

It binds itself first: memory, processor time, no file to write, no core dump, an end with its
parent. Then it runs one file of ours by its path: its function ``run(say, data, *arguments)``. It
loads nothing of ours that is heavy. What it says are lines of JSON, ``[kind, …]``; the last one
is ``["end"]``, ``["refused", reason, hint]``, ``["heavy"]`` or ``["broken", error]``.
"""

import fcntl
import json
import os
import resource
import select
import sys
from collections.abc import Callable
from runpy import run_path

Say = Callable[..., None]
"""Takes the parts of one message: its kind, a word, and values that JSON has."""

_LAST = ("end", "refused", "heavy", "broken")
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


class ChildRefused(Exception):
    """The file is not read; arguments are the reason and the hint."""


def main() -> None:
    """Do what the arguments of the process say; whatever happens, the last line says how it ended.

    They are: bytes of memory, seconds of processor time, bytes that come on stdin, the program,
    and its own arguments.
    """
    memory_bytes, processor_seconds, size, program, *arguments = sys.argv[2:]
    _limit(int(memory_bytes), int(processor_seconds))
    data = sys.stdin.buffer.read(int(size))
    _end_with_parent()
    say = _taken_from_stdout()
    try:
        run_path(program)["run"](say, data, *arguments)
        say("end")
    except ChildRefused as refused:
        say("refused", *refused.args)
    except (MemoryError, ImportError):  # a library that finds no room to be loaded into
        say("heavy")
    except Exception as error:  # noqa: BLE001 - a library raises anything on a broken file
        say("broken", f"{type(error).__name__}: {error}")


def _limit(memory_bytes: int, processor_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.dont_write_bytecode = True


def _end_with_parent() -> None:
    """Have the kernel end this process (SIGIO) when the other end of stdin closes.

    A thread that waits for it would wait for a library that computes, too; and a signal at the
    parent's death comes already when the thread ends that started us.
    """
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([0], [], [], 0)[0]:  # it was closed before the kernel knew
        sys.exit("the parent has ended")


def _taken_from_stdout() -> Say:
    """Take stdout for messages alone: what a library prints goes nowhere."""
    with open(os.devnull, "wb") as nowhere:
        messages = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
        os.dup2(nowhere.fileno(), 1)

    def say(*message: object) -> None:
        messages.write(_ENCODE(message) + "\n")
        if message[0] in _LAST:
            messages.flush()

    return say
