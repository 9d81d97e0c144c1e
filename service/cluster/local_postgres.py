"""The private cluster: a PostgreSQL server that Menpai creates and runs in a home.

It has no TCP port; only the server's user and root may enter the folder of its socket. Everything
here is safe to call from several processes and after any crash: the cluster is created in a
temporary place and renamed, under a file lock.
"""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from service.cluster.binaries import Binaries, get_server
from service.cluster.configuration import (
    ACCESS_RULES,
    FILE_NAME,
    INCLUDE,
    render_settings,
    server_settings,
)
from service.cluster.databases import (
    APP,
    OWNER,
    create_database,
    create_roles,
    database_exists,
    drop_database,
)
from service.cluster.postmaster import START_SECONDS, find_running, start, stop
from service.cluster.server_user import ServerUser, find_server_user
from service.cluster.socket_folder import make_socket_folder, remove_short_folders
from service.core.faults import EnvironmentFault
from service.core.folder_lock import hold_lock
from service.core.homes import DATABASE, MARKER, is_throwaway, make_home

SUPERUSER = "postgres"
_BUSY = ("starting up", "recovery mode", "not yet accepting", "shutting down")
_READY = "ready"  # written last: roles, database and extensions exist
_STOPPED = "stopped"  # stopped on purpose: started again only by a command


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running private cluster and how to reach it."""

    home: Path
    socket_folder: Path
    data_folder: Path

    def app_url(self, database: str = DATABASE) -> str:
        """Return the SQLAlchemy URL of a database for the application's role."""
        return self._url(APP, database)

    def owner_url(self, database: str = DATABASE) -> str:
        """Return the SQLAlchemy URL of a database for the role that owns the tables."""
        return self._url(OWNER, database)

    def connect_as_superuser(
        self, database: str = "postgres"
    ) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect as the superuser in autocommit mode (set-up, tests and restore only)."""
        return psycopg.connect(self.superuser_conninfo, dbname=database, autocommit=True)

    @property
    def superuser_conninfo(self) -> str:
        """Return libpq's connection string of the superuser, without a database."""
        return make_conninfo(
            host=str(self.socket_folder), port=5432, user=SUPERUSER, connect_timeout=30
        )

    def _url(self, role: str, database: str) -> str:
        place = {"host": str(self.socket_folder), "port": "5432"}
        return URL.create(
            "postgresql+psycopg", username=role, database=database, query=place
        ).render_as_string(hide_password=False)


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """The state of a home's cluster, found without starting it."""

    home: Path
    created: bool
    running: bool
    version: int | None
    pid: int | None


def ensure_cluster(home: Path, *, durable: bool = True) -> Cluster:
    """Return the running cluster of a home, created and started if needed.

    Args:
        home: the home; created if missing.
        durable: False for tests: a small server without fsync.

    Raises:
        EnvironmentFault: PostgreSQL or PostGIS is missing, the home is not usable, or the server
            does not start.
    """
    home = home.expanduser().absolute()
    if answering := _find_answering(home):
        return answering
    folder = home / "cluster"
    make_home(home)
    user = find_server_user(folder)
    user.refuse_closed_path(home)
    try:
        user.make_folder(folder)
        with hold_lock(folder / "lock"):
            return _find_answering(home) or _bring_up(home, user, durable=durable)
    except OSError as error:
        raise EnvironmentFault(
            f"the cluster in {home} cannot be created: {error.strerror or error}"
            + (f" ({error.filename})" if error.filename else ""),
            hint="make room on the disk, or set MENPAI_HOME to a folder that you may write to",
        ) from None


def revive_cluster(home: Path, *, durable: bool = True) -> bool:
    """Start a complete cluster that is down but was not stopped; returns whether it did.

    Raises:
        EnvironmentFault: the server does not start.
    """
    home = home.expanduser().absolute()
    folder = home / "cluster"
    if find_running(_data_folder(home)) or not (folder / _READY).is_file():
        return False
    user = find_server_user(folder)
    with hold_lock(folder / "lock"):
        if (folder / _STOPPED).exists() or find_running(_data_folder(home)):
            return False
        _bring_up(home, user, durable=durable)
        return True


def cluster_status(home: Path) -> ClusterStatus:
    """Return whether a home has a cluster and whether it runs; changes nothing.

    Raises:
        EnvironmentFault: the cluster belongs to another user.
    """
    home = home.expanduser().absolute()
    data = _data_folder(home)
    find_server_user(home / "cluster")  # refuses another user's cluster
    running = find_running(data)
    return ClusterStatus(
        home=home,
        created=(home / "cluster" / _READY).is_file(),
        running=running is not None,
        version=_data_version(data),
        pid=running.pid if running else None,
    )


def stop_cluster(home: Path) -> bool:
    """Stop a home's cluster until it is needed again; False if it was not running.

    Raises:
        EnvironmentFault: it belongs to another user, or does not stop.
    """
    home = home.expanduser().absolute()
    data = _data_folder(home)
    if not find_running(data) and not (home / "cluster" / _READY).is_file():
        return False
    user = find_server_user(home / "cluster")
    with hold_lock(home / "cluster" / "lock"):
        stopped = stop(get_server(_data_version(data)), data, user)
        user.write(home / "cluster" / _STOPPED, "")
        return stopped


def drop_cluster(home: Path, *, confirmed_name: str | None = None) -> None:
    """Stop a home's cluster and delete the home with everything in it.

    The homes of demo, tests and benchmarks are deleted without confirmation; any other only if
    ``confirmed_name`` is the name of its folder. Of a folder that Menpai did not create, only the
    cluster is deleted.

    Raises:
        EnvironmentFault: the name is missing or wrong; nothing is deleted.
    """
    home = home.expanduser().absolute()
    if not is_throwaway(home) and confirmed_name != home.name:
        raise EnvironmentFault(
            f"{home} is not a throwaway home; nothing was deleted",
            hint=f"to delete it with all addresses in it: menpai db drop --yes-delete {home.name}",
        )
    if not home.exists():
        return
    stop_cluster(home)
    remove_short_folders(home / "cluster")
    if is_throwaway(home) or (home / MARKER).is_file():
        shutil.rmtree(home)
    else:
        shutil.rmtree(home / "cluster", ignore_errors=True)


def drop_former_database(cluster: Cluster, name: str) -> None:
    """Delete a former database that a restore kept.

    Raises:
        EnvironmentFault: there is no such database.
    """
    with cluster.connect_as_superuser() as superuser:
        if not database_exists(superuser, name):
            raise EnvironmentFault(f"there is no database {name}; nothing was deleted")
        drop_database(superuser, name)


def _find_answering(home: Path) -> Cluster | None:
    """Return the cluster if it is complete and accepts connections, without taking the lock.

    Waits while it is starting.
    """
    running = find_running(_data_folder(home))
    if not running or not (home / "cluster" / _READY).is_file():
        return None
    cluster = Cluster(home, running.socket_folder, _data_folder(home))
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            cluster.connect_as_superuser().close()
        except psycopg.OperationalError as error:
            busy = any(words in str(error) for words in _BUSY)
            if not busy or time.monotonic() > deadline:
                return cluster if "too many clients" in str(error) else None
        else:
            return cluster
        time.sleep(0.05)


def _bring_up(home: Path, user: ServerUser, *, durable: bool) -> Cluster:
    data = _data_folder(home)
    binaries = get_server(_data_version(data))
    if _data_version(data) is None:
        _initialise(binaries, data, user, durable=durable)
    socket_folder = make_socket_folder(home / "cluster", user)
    settings = server_settings(socket_folder, durable=durable)
    user.write(data / FILE_NAME, render_settings(settings))
    stop(binaries, data, user)  # running but unreachable: its socket was deleted
    start(binaries, data, socket_folder, user)
    (home / "cluster" / _STOPPED).unlink(missing_ok=True)
    cluster = Cluster(home, socket_folder, data)
    if not (home / "cluster" / _READY).is_file():
        with cluster.connect_as_superuser() as superuser:
            create_roles(superuser)
            if not database_exists(superuser, DATABASE):
                create_database(superuser, DATABASE, cluster.superuser_conninfo)
        user.write(home / "cluster" / _READY, "roles, database and extensions exist\n")
    return cluster


def _initialise(binaries: Binaries, data: Path, user: ServerUser, *, durable: bool) -> None:
    """Create the data folder under a temporary name, then rename it."""
    unfinished = data.with_name("data.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    locale = ["--encoding=UTF8", "--locale=C.UTF-8"]
    access = ["--auth=trust", f"--username={SUPERUSER}"]
    sync = [] if durable else ["--no-sync"]
    done = user.run([binaries.program("initdb"), "-D", str(unfinished), *locale, *access, *sync])
    if done.returncode:
        shutil.rmtree(unfinished, ignore_errors=True)
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise EnvironmentFault(
            f"a database cluster cannot be created in {data.parent}: {'; '.join(reason[-2:])}",
            hint="make room on the disk, or set MENPAI_HOME to another folder",
        )
    configuration = (unfinished / "postgresql.conf").read_text(encoding="utf-8")
    user.write(unfinished / "postgresql.conf", configuration + INCLUDE)
    user.write(unfinished / "pg_hba.conf", ACCESS_RULES)
    unfinished.rename(data)


def _data_folder(home: Path) -> Path:
    return home / "cluster" / "data"


def _data_version(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii").split(".")[0])
    except (OSError, ValueError):
        return None
