"""The folders in which Menpai keeps its data: for the user, the demo, tests and benchmarks."""

import os
import stat
from pathlib import Path
from shutil import disk_usage

from service.core.faults import EnvironmentFault
from service.core.memory import available_bytes

DATABASE = "menpai"
"""The database of the private cluster of a home."""

_ROOM_BYTES = 6 * 2**30
"""Free memory for the databases of tests; they take less than one."""

MARKER = ".menpai-home"
"""The marker file of a home that Menpai created itself and may delete as a whole."""


def user_home() -> Path:
    """Return ``~/.local/share/menpai``, or ``/var/lib/menpai`` for root."""
    return _data_folder() / "menpai"


def demo_home() -> Path:
    """Return the home of ``menpai demo``, beside the user's own."""
    return _data_folder() / "menpai-demo"


def test_home() -> Path:
    """Return the home of the tests, in a folder that every server user can enter."""
    return Path(f"/var/tmp/menpai-test-{os.geteuid()}")  # noqa: S108 - owner checked by make_home


def home_of_test_cluster() -> Path:
    """Return the home of the cluster that all tests share: in memory, where that has room.

    Tests make thousands of databases, each of a thousand files: 15 times as fast as on a disk.
    """
    in_memory = Path("/dev/shm") / test_home().name  # noqa: S108 - owner checked by make_home
    try:
        free = min(disk_usage(in_memory.parent).free, available_bytes())
    except OSError:
        return test_home()
    return in_memory if in_memory.exists() or free >= _ROOM_BYTES else test_home()


def bench_home() -> Path:
    """Return the home of the benchmarks."""
    return Path(f"/var/tmp/menpai-bench-{os.geteuid()}")  # noqa: S108 - owner checked by make_home


test_home.__test__ = False  # type: ignore[attr-defined]  # not a test


def throwaway_homes() -> tuple[Path, ...]:
    """Return the homes that ``make clean`` may delete without asking: demo, tests, benchmarks."""
    return demo_home(), test_home(), home_of_test_cluster(), bench_home()


def is_throwaway(home: Path) -> bool:
    """Whether a home is that of the demo, the tests or the benchmarks, or inside one of them."""
    place = home.resolve()
    return any(place.is_relative_to(mine.resolve()) for mine in throwaway_homes())


def make_home(home: Path) -> None:
    """Create a home if it does not exist; others may traverse but not list it.

    Raises:
        EnvironmentFault: it cannot be created, or another user created it in a public folder.
    """
    try:
        if not home.is_dir():
            missing = [place for place in (home, *home.parents) if not place.exists()]
            home.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:  # the server's user must traverse it, whatever the umask
                for place in missing:
                    place.chmod(0o711)
            (home / MARKER).touch()
        is_public = home.parent.stat().st_mode & stat.S_IWOTH
        is_foreign = is_public and home.lstat().st_uid not in (os.geteuid(), 0)
    except OSError as error:
        raise EnvironmentFault(
            f"the home {home} cannot be created: {error.strerror or error}",
            hint="set MENPAI_HOME to a folder that you may write to, or make room on the disk",
        ) from None
    if is_foreign:
        raise EnvironmentFault(
            f"{home} was created by another user, and everybody may write to {home.parent}",
            hint=f"remove {home}, or set MENPAI_HOME to another folder",
        )


def _data_folder() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib")
    try:
        return Path.home() / ".local" / "share"
    except RuntimeError:  # a user without an entry in passwd, as in some containers
        return Path("/var/lib")
