"""What has become of processes, as /proc tells it."""

import time
from pathlib import Path


def is_alive(process: int) -> bool:
    """Whether it runs; one that has ended and waits to be asked for does not."""
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until_gone(*processes: int) -> bool:
    """Whether all of them have ended within ten seconds."""
    deadline = time.monotonic() + 10
    while any(map(is_alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(is_alive, processes))
