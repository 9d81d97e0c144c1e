"""The process in which a program parses an untrusted file; started by ``service.core.sandbox``.

It first limits itself: memory, processor time, no file writes, no core dump, ends with its parent.
Then it runs ``run(say, data, *arguments)`` of one file, given by path. It imports nothing heavy.
Its messages are lines of JSON, ``[kind, …]``; the last one is ``["end"]``, ``["refused", reason,
hint]``, ``["heavy"]`` or ``["broken", error]``.
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
"""Sends a message: its kind, and values that JSON can represent."""

_LAST = ("end", "refused", "heavy", "broken")
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


class ChildRefused(Exception):
    """The file is not read; arguments are the reason and the hint."""


def main() -> None:
    """Run the program given by the arguments; the last line always says how it ended.

    Arguments: bytes of memory, seconds of processor time, bytes on stdin, the program, and its own
    arguments.
    """
    memory_bytes, processor_seconds, size, program, *arguments = sys.argv[2:]
    memory, seconds = int(memory_bytes), int(processor_seconds)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.dont_write_bytecode = True
    data = sys.stdin.buffer.read(int(size))
    # The kernel kills this process (SIGIO) when the other end of stdin closes: a waiting thread
    # would have to wait for a computing library (GIL), and PR_SET_PDEATHSIG fires when the
    # parent's thread that started us ends.
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([0], [], [], 0)[0]:  # closed before O_ASYNC was set
        sys.exit("the parent has ended")
    say = _taken_from_stdout()
    try:
        run_path(program)["run"](say, data, *arguments)
        say("end")
    except ChildRefused as refused:
        say("refused", *refused.args)
    except (MemoryError, ImportError):  # ImportError: a library did not fit into memory
        say("heavy")
    except Exception as error:  # noqa: BLE001 - libraries raise anything on malformed files
        say("broken", f"{type(error).__name__}: {error}")


def _taken_from_stdout() -> Say:
    """Reserve stdout for messages: what libraries print is discarded."""
    with open(os.devnull, "wb") as nowhere:
        messages = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
        os.dup2(nowhere.fileno(), 1)

    def say(*message: object) -> None:
        messages.write(_ENCODE(message) + "\n")
        if message[0] in _LAST:
            messages.flush()

    return say
