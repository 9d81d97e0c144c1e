"""The server process of a private cluster: detects, starts and stops it, also after a crash."""

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
"""How long a start may take, in seconds: a crashed server replays its log first."""
_ORPHAN_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Running:
    """A running server, according to its pid file."""

    pid: int
    socket_folder: Path


def find_running(data_folder: Path) -> Running | None:
    """Return the running server of a data folder; None if it is stopped or crashed.

    A pid file survives a crash, and its pid may then belong to another process. So the process
    must be a PostgreSQL server of this data folder.
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
        EnvironmentFault: it does not start; quotes the server's log.
    """
    # End the children of a killed server, which hold the shared memory a new server needs. Most
    # notice quickly that their server is gone; one within a long statement does not and gets
    # SIGQUIT. Its transaction was lost with the server.
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while _orphans(data_folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    for orphan in _orphans(data_folder):
        with suppress(ProcessLookupError):
            os.kill(orphan, signal.SIGQUIT)
    while _orphans(data_folder) and time.monotonic() < deadline + _ORPHAN_SECONDS:
        time.sleep(0.05)
    # The pid of a killed server may now belong to another process or a zombie.
    for left in (data_folder / "postmaster.pid", *socket_folder.glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)
    log = data_folder.parent / "log"
    user.make_folder(log)
    command = [binaries.program("pg_ctl"), "start", "-w", "-t", str(START_SECONDS)]
    place = ["-D", str(data_folder), "-l", str(log / "start.log")]
    if user.run([*command, *place], seconds=START_SECONDS + 10).returncode:
        try:
            files = sorted(log.glob("*.log"), key=lambda f: f.stat().st_mtime)
            text = "\n".join(f.read_text("utf-8", errors="replace")[-4000:] for f in files)
            errors = re.findall(r"(?:FATAL|PANIC|ERROR):\s*(.+)", text)
            reason = errors[-1] if errors else "its log says nothing"
        except OSError as error:
            reason = str(error)
        raise EnvironmentFault(
            f"the database server in {data_folder} does not start: {reason}",
            hint=f"read {log}/start.log and the newest file beside it; a full disk and too "
            "little memory are the usual reasons",
        )


def stop(binaries: Binaries, data_folder: Path, user: ServerUser) -> bool:
    """Stop the server, rolling back running transactions; False if it was not running.

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
    """Whether a process is a PostgreSQL server (or its child) of a data folder.

    Compares the folder, not its path: a container or chroot that shares our process ids may have
    another folder of the same path.
    """
    proc = Path("/proc") / str(pid)
    if Path("/proc/self").exists():
        try:
            if not (proc / "cwd").samefile(data_folder):
                return False
            state = (proc / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            return state != "Z" and "postgres" in (proc / "comm").read_text(encoding="utf-8")
        except OSError:
            return False
    listed = subprocess.run(  # noqa: S603 - macOS has no /proc
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "postgres" in listed.stdout and str(data_folder) in listed.stdout


def _orphans(data_folder: Path) -> list[int]:
    numbers = [int(p.name) for p in Path("/proc").glob("[0-9]*")]
    return [pid for pid in numbers if _is_server_of(pid, data_folder)]
