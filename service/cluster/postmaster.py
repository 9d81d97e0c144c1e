"""The running server of a private cluster: is it alive, start it, stop it, survive its crash."""

import os
import re
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from service.cluster.binaries import Binaries
from service.cluster.server_user import ServerUser
from service.core.faults import EnvironmentFault

START_SECONDS = 120
"""A crashed server replays its log before it answers."""
_ORPHAN_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is alive, as its own pid file tells."""

    pid: int
    socket_folder: Path


def find_running(data_folder: Path) -> Running | None:
    """Return the live server of a data folder; None when it is stopped or crashed.

    A pid file outlives a crash, and after a restart of the machine its number may belong to
    another process: so the process must be a PostgreSQL server of this very folder.
    """
    try:
        lines = (data_folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not _is_server_of(pid, data_folder):
        return None
    folder = Path(lines[4]) if len(lines) > 4 and lines[4] else data_folder.parent / "run"
    return Running(pid, folder)


def start(binaries: Binaries, data_folder: Path, socket_folder: Path, user: ServerUser) -> None:
    """Start a server that is not running and wait until it answers; the caller holds the lock.

    Raises:
        EnvironmentFault: it does not start; says what the server's log says.
    """
    _end_orphans(data_folder)
    # A killed server's files name a number that may live on in another process or a zombie.
    for left in (data_folder / "postmaster.pid", *socket_folder.glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)
    log = data_folder.parent / "log"
    user.make_folder(log)
    command = [binaries.program("pg_ctl"), "start", "-w", "-t", str(START_SECONDS)]
    place = ["-D", str(data_folder), "-l", str(log / "start.log")]
    if user.run([*command, *place], seconds=START_SECONDS + 10).returncode:
        raise EnvironmentFault(
            f"the database server in {data_folder} does not start: {_last_words(log)}",
            hint=f"read {log}/start.log and the newest file beside it; a full disk and too "
            "little memory are the usual reasons",
        )


def stop(binaries: Binaries, data_folder: Path, user: ServerUser) -> bool:
    """Stop the server after its running statements are rolled back; False when none was running.

    Raises:
        EnvironmentFault: it does not stop within a minute.
    """
    if not find_running(data_folder):
        return False
    command = [binaries.program("pg_ctl"), "stop", "-w", "-m", "fast", "-t", "60"]
    done = user.run([*command, "-D", str(data_folder)])
    if done.returncode:
        raise EnvironmentFault(
            f"the database server in {data_folder} does not stop: {done.stderr.strip()}",
            hint="try again, or end its process by hand",
        )
    return True


def _is_server_of(pid: int, data_folder: Path) -> bool:
    """Tell whether a process is a PostgreSQL server (or its child) that works in a data folder.

    The folder itself is compared, not its name: beside a container or a chroot that shares our
    process numbers, another folder may have the same name.
    """
    proc = Path("/proc") / str(pid)
    if Path("/proc/self").exists():
        try:
            return (
                (proc / "cwd").samefile(data_folder)
                and "postgres" in (proc / "comm").read_text(encoding="utf-8")
                and _state(proc) != "Z"
            )
        except OSError:
            return False
    listed = subprocess.run(  # noqa: S603 - macOS has no /proc
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "postgres" in listed.stdout and str(data_folder) in listed.stdout


def _state(proc: Path) -> str:
    return (proc / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]


def _end_orphans(data_folder: Path) -> None:
    """End what a killed server left behind: its children hold the memory a new server needs.

    Most notice within moments that their server is gone; one in the middle of a long statement
    does not, and is told to quit at once. Its transaction was lost with the server.
    """
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while _orphans(data_folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in _orphans(data_folder):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
    while _orphans(data_folder) and time.monotonic() < deadline + _ORPHAN_SECONDS:
        time.sleep(0.05)


def _orphans(data_folder: Path) -> list[int]:
    numbers = [int(p.name) for p in Path("/proc").glob("[0-9]*")]
    return [pid for pid in numbers if _is_server_of(pid, data_folder)]


def _last_words(log: Path) -> str:
    """Return the last error of the newest log, which says why a server did not start."""
    try:
        files = sorted(log.glob("*.log"), key=lambda f: f.stat().st_mtime)
        text = "\n".join(f.read_text(encoding="utf-8", errors="replace")[-4000:] for f in files)
    except OSError as error:
        return str(error)
    said = re.findall(r"(?:FATAL|PANIC|ERROR):\s*(.+)", text)
    return said[-1] if said else "its log says nothing"
