"""The system user that runs the private cluster: ourselves, or `postgres` when we are root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.core.faults import EnvironmentFault

_SERVER_ACCOUNT = "postgres"


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The owner of the data folder who runs the server; never root, which PostgreSQL refuses."""

    uid: int
    gid: int
    name: str

    def run(
        self, command: Sequence[str], *, seconds: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, in a clean environment, and return its output."""
        drop = os.geteuid() == 0
        try:
            return subprocess.run(  # noqa: S603 - programs of the installed server only
                command,
                user=self.uid if drop else None,
                group=self.gid if drop else None,
                extra_groups=[] if drop else None,
                env={
                    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "LC_ALL": "C.UTF-8",
                },
                cwd="/",  # this user may not be allowed into our current folder
                umask=0o077,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            raise EnvironmentFault(
                f"{command[0]} has not ended within {seconds:.0f} seconds",
                hint="look whether the disk is full or very slow, then try again",
            ) from None

    def make_folder(self, folder: Path) -> None:
        """Create a folder that only this user (and root) may enter."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0 and folder.lstat().st_uid != self.uid:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)

    def write(self, file: Path, text: str) -> None:
        """Replace a text file of this user atomically."""
        temporary = file.with_name(f".{file.name}.{os.getpid()}")
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
                if os.geteuid() == 0:
                    os.fchown(out.fileno(), self.uid, self.gid)
            temporary.replace(file)
        finally:  # a full disk leaves a part
            temporary.unlink(missing_ok=True)

    def refuse_closed_path(self, folder: Path) -> None:
        """Check that this user may enter a folder and all its parents.

        Raises:
            EnvironmentFault: names the first folder that is closed, and how to open it.
        """
        for place in [*reversed(folder.parents), folder]:
            if (
                place.exists()
                and self.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(place)]).returncode
            ):
                raise EnvironmentFault(
                    f"the database server runs as user {self.name}, who may not enter {place}",
                    hint=f"choose a home that {self.name} can enter, such as "
                    f"MENPAI_HOME=/var/lib/menpai, or open the folder: chmod o+x {place}",
                )


def find_server_user(cluster_folder: Path) -> ServerUser:
    """Return the user that runs the server of a home: the cluster's owner, else ourselves or
    `postgres`.

    Raises:
        EnvironmentFault: the cluster belongs to another user, or root has no `postgres` account.
    """
    try:
        owner = cluster_folder.lstat().st_uid
    except OSError:
        owner = os.geteuid()
    if os.geteuid() not in (0, owner):
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            name = f"user {owner}"
        raise EnvironmentFault(
            f"the cluster in {cluster_folder.parent} belongs to {name}, not to you",
            hint="run the command as that user or with sudo, or set MENPAI_HOME",
        )
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam(_SERVER_ACCOUNT)
    except KeyError:
        raise EnvironmentFault(
            f"a database server cannot run as {f'user {owner}' if owner else 'root'}, and there "
            "is no other account for it",
            hint="run Menpai as an ordinary user that has an entry in /etc/passwd, or install "
            "PostgreSQL, which makes the user postgres",
        ) from None
    return ServerUser(entry.pw_uid, entry.pw_gid, entry.pw_name)
