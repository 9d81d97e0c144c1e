"""Memory: what is had, and what goes back."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.core.memory import MIB, available_bytes, shared_buffers_mib

_HOLD = """
import threading
from service.core.memory import return_memory_early
from pathlib import Path

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

return_memory_early()
before = resident()

def hold():
    held = [bytes(3 << 20) for _ in range(20)]
    del held

for _ in range(8):
    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
print(resident() - before)
"""


def test_what_bodies_took_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", _HOLD], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 20 * MIB


def test_a_container_has_what_it_may_have(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("max\n")
    whole = available_bytes((str(limit), str(tmp_path / "absent")))
    limit.write_text(f"{64 * MIB}\n")
    assert available_bytes((str(limit),)) == 64 * MIB < whole


@pytest.mark.parametrize(
    ("total", "mib"), [(64 * MIB, 32), (4096 * MIB, 1024), (10**6 * MIB, 8192)]
)
def test_a_quarter_is_for_the_database(total: int, mib: int) -> None:
    assert shared_buffers_mib(total) == mib
