"""Finds the installed PostgreSQL programs, newest first, and whether they have PostGIS."""

import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from service.core.faults import EnvironmentFault

OLDEST = 15
"""The oldest major version that Menpai runs on."""

_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat and openEuler with the packages of the PostgreSQL project
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/usr/local/pgsql/bin",
)
_SERVER_PROGRAMS = ("initdb", "pg_ctl", "postgres", "pg_config")
_CLIENT_PROGRAMS = ("pg_dump", "pg_restore", "pg_config")


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs of one installed PostgreSQL version."""

    folder: Path
    version: int
    has_postgis: bool

    def program(self, name: str) -> str:
        """Return the path of one program, such as ``pg_dump``."""
        return str(self.folder / name)


def list_installed(
    places: tuple[str, ...] = _PLACES, programs: tuple[str, ...] = _SERVER_PROGRAMS
) -> list[Binaries]:
    """List installed versions that have all programs: with PostGIS first, then newest first."""
    folders = {folder for place in places for folder in Path("/").glob(place.lstrip("/"))}
    on_path = shutil.which(programs[0])
    if on_path and places == _PLACES:
        folders.add(Path(on_path).resolve().parent)
    whole = [f for f in sorted(folders) if all((f / name).is_file() for name in programs)]
    found = [b for b in map(_inspect, whole) if b]
    return sorted(found, key=lambda b: (b.has_postgis, b.version), reverse=True)


def get_server(version: int | None = None, places: tuple[str, ...] = _PLACES) -> Binaries:
    """Return the newest server with PostGIS, or the one of an existing cluster's version.

    Raises:
        EnvironmentFault: there is none; the hint is the command that installs one.
    """
    installed = list_installed(places)
    fits = [b for b in installed if b.version >= OLDEST and version in (None, b.version)]
    if fits and fits[0].has_postgis:
        return fits[0]
    if fits:
        raise EnvironmentFault(
            f"PostgreSQL {fits[0].version} is installed without PostGIS ({fits[0].folder})",
            hint=_install_command(fits[0].version),
        )
    wanted = f"PostgreSQL {version}, which made this cluster," if version else "PostgreSQL"
    older = [b.version for b in installed]
    raise EnvironmentFault(
        f"{wanted} is not installed (needed: {OLDEST} or newer, with PostGIS"
        + (f"; found: {', '.join(map(str, older))})" if older else ")"),
        hint=_install_command(version),
    )


def get_client(oldest: int, places: tuple[str, ...] = _PLACES) -> Binaries:
    """Return client programs (pg_dump) that are at least of the version ``oldest``.

    Raises:
        EnvironmentFault: all installed programs are older.
    """
    fits = [b for b in list_installed(places, _CLIENT_PROGRAMS) if b.version >= oldest]
    if not fits:
        raise EnvironmentFault(
            f"pg_dump and pg_restore of PostgreSQL {oldest} or newer are not installed",
            hint=f"sudo apt-get install --no-install-recommends postgresql-client-{oldest}",
        )
    return min(fits, key=lambda b: b.version)


def _inspect(folder: Path) -> Binaries | None:
    try:
        answer = subprocess.run(  # noqa: S603 - a program found in a fixed place
            [folder / "pg_config", "--version", "--sharedir"],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        ).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"(\d+)", answer[0])
    control = Path(answer[1]) / "extension" / "postgis.control"
    return Binaries(folder, int(version.group(1)), control.is_file()) if version else None


def _install_command(version: int | None) -> str:
    if platform.system() == "Darwin":
        return "brew install postgresql@17 postgis"
    number = version or OLDEST
    apt = shutil.which("apt-cache")
    if not version and apt:  # the newest with PostGIS in apt
        answer = subprocess.run(  # noqa: S603 - apt-cache of the system
            [apt, "search", "--names-only", r"^postgresql-[0-9]+-postgis-3$"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        found = re.findall(r"^postgresql-(\d+)-postgis-3 ", answer, re.MULTILINE)
        number = max([OLDEST, *map(int, found)])
    return f"sudo apt-get install --no-install-recommends postgresql-{number}-postgis-3"
