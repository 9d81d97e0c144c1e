"""Chooses the folder of a private cluster's socket: short, and closed to other users."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

from service.cluster.server_user import ServerUser
from service.core.faults import EnvironmentFault

LONGEST = 89
"""The longest path of a socket folder, in bytes: 107 less `/.s.PGSQL.5432.lock`."""

SHORT_PLACES = (Path("/run"), Path("/tmp"))  # noqa: S108 - owner and mode are checked
"""Where a short folder is created if the home's path is too long; /run is for root only."""


def make_socket_folder(
    cluster_folder: Path, user: ServerUser, places: tuple[Path, ...] = SHORT_PLACES
) -> Path:
    """Create and return the socket folder of a cluster, with mode 0700, owned by the server's user.

    Raises:
        EnvironmentFault: the home's path is too long and no short folder can be created.
    """
    own = cluster_folder / "run"
    if _fits(own):
        user.make_folder(own)
        return own
    refusals = []
    for folder in _short_folders(cluster_folder, places):
        if not _fits(folder) or not os.access(folder.parent, os.W_OK | os.X_OK):
            continue
        try:
            user.make_folder(folder)
            found = folder.lstat()
        except OSError as error:
            refusals.append(f"{folder}: {error.strerror or error}")
            continue
        # Another user may have created it first in a public place.
        if stat.S_ISDIR(found.st_mode) and found.st_uid == user.uid and not found.st_mode & 0o077:
            return folder
        refusals.append(f"{folder}: is not a closed folder of {user.name}")
    reasons = f" ({'; '.join(refusals)})" if refusals else ""
    raise EnvironmentFault(
        f"the path {own} has {len(os.fsencode(own))} bytes; a database socket's folder may have "
        f"{LONGEST}, and no short folder can be made in {' or '.join(map(str, places))}{reasons}",
        hint="set MENPAI_HOME to a shorter path",
    )


def remove_short_folders(cluster_folder: Path) -> None:
    """Delete the short socket folders of a cluster that is being dropped."""
    for folder in _short_folders(cluster_folder, SHORT_PLACES):
        shutil.rmtree(folder, ignore_errors=True)


def _short_folders(cluster_folder: Path, places: tuple[Path, ...]) -> list[Path]:
    digest = hashlib.sha256(os.fsencode(cluster_folder)).hexdigest()[:12]
    return [place / f"menpai-{digest}" for place in places]


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) <= LONGEST
