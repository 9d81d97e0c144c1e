"""Databases for tests: built by the migrations once, then copied for each test process."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from address_model.shipped import data_folder
from migrations import run
from service.cluster.databases import (
    Superuser,
    clone_database,
    create_database,
    database_exists,
    drop_database,
)
from service.cluster.local_postgres import Cluster, ensure_cluster
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.folder_lock import hold_lock
from service.core.homes import home_of_test_cluster
from service.divisions.commands import load_shipped
from tests.announcements import STATEMENTS, watch_announcements

KEPT_TEMPLATES = 12
"""Several checkouts may test on one machine, each with its own migrations."""
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class TestDatabase:
    """A database of the tests' own cluster, by its URLs."""

    __test__ = False

    name: str
    cluster: Cluster

    @property
    def app_url(self) -> str:
        """SQLAlchemy URL as the application's role."""
        return self.cluster.app_url(self.name)

    @property
    def owner_url(self) -> str:
        """SQLAlchemy URL as the role that owns the tables."""
        return self.cluster.owner_url(self.name)


@contextmanager
def empty_database() -> Iterator[TestDatabase]:
    """Give a database with roles and extensions and no tables, and drop it afterwards."""
    cluster = ensure_cluster(home_of_test_cluster(), durable=False)
    name = _fresh_name()
    with cluster.connect_as_superuser() as superuser:
        create_database(superuser, name, cluster.superuser_conninfo)
    try:
        yield TestDatabase(name, cluster)
    finally:
        _drop(cluster, name)


def migrated_database() -> AbstractContextManager[TestDatabase]:
    """Give a database at the newest schema, and drop it afterwards with all connections to it."""
    return _copied(_template)


def database_with_divisions() -> AbstractContextManager[TestDatabase]:
    """Give a database with all shipped divisions and boundaries, and drop it afterwards."""
    return _copied(_template_with_divisions)


@contextmanager
def _copied(find_template: Callable[[Cluster], str]) -> Iterator[TestDatabase]:
    cluster = ensure_cluster(home_of_test_cluster(), durable=False)
    template = find_template(cluster)
    name = _fresh_name()
    with cluster.connect_as_superuser() as superuser:
        clone_database(superuser, template, name)
    try:
        yield TestDatabase(name, cluster)
    finally:
        _drop(cluster, name)


def _fresh_name() -> str:
    return f"test_{os.getpid()}_{next(_numbers)}"


def _drop(cluster: Cluster, name: str) -> None:
    with cluster.connect_as_superuser() as superuser:
        drop_database(superuser, name)


def _template(cluster: Cluster) -> str:
    """Return the template of these very migrations; the first process to ask builds it."""

    def build(superuser: Superuser, name: str) -> None:
        create_database(superuser, name, cluster.superuser_conninfo)
        run.upgrade(cluster.owner_url(name))
        watch_announcements(cluster.owner_url(name))

    return _built(cluster, f"template_{_fingerprint()}", build)


def _template_with_divisions(cluster: Cluster) -> str:
    """Return the template with the shipped divisions, which take ten seconds to load."""
    plain = _template(cluster)

    def build(superuser: Superuser, name: str) -> None:
        clone_database(superuser, plain, name)
        database = Database(cluster.app_url(name))
        with database.session() as session:
            load_shipped(session, data_folder(), COMMAND_LINE)
        database.dispose()

    return _built(cluster, f"{plain}_{_fingerprint_of_divisions()}", build)


def _built(cluster: Cluster, name: str, build: Callable[[Superuser, str], None]) -> str:
    with (
        hold_lock(home_of_test_cluster() / "template.lock"),
        cluster.connect_as_superuser() as superuser,
    ):
        if not database_exists(superuser, name):
            _remove_leftovers(superuser)
            building = f"building_{name}"
            drop_database(superuser, building)
            build(superuser, building)
            superuser.execute(f"ALTER DATABASE {building} RENAME TO {name}")
    return name


@cache
def _fingerprint_of_divisions() -> str:
    """Of the shipped data, and of the code that reads and loads it."""
    digest = hashlib.sha256()
    data, root = data_folder(), Path(__file__).parents[1]
    for folder in (data / "divisions", data / "boundaries", root / "service" / "divisions"):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(file.name.encode() + file.read_bytes())
    for file in sorted((root / "address_model").rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for file in sorted(run.FOLDER.rglob("*.py")):
        digest.update(file.relative_to(run.FOLDER).as_posix().encode() + file.read_bytes())
    digest.update("\n".join(STATEMENTS).encode())
    digest.update(f"{datetime.now(UTC):%Y-%m}".encode())  # of the feed's partition
    return digest.hexdigest()[:16]


def _remove_leftovers(superuser: Superuser) -> None:
    """Drop what killed test processes left, and the oldest templates."""
    rows = superuser.execute("SELECT datname FROM pg_database ORDER BY oid DESC").fetchall()
    names = [str(row[0]) for row in rows]
    templates = [name for name in names if name.startswith("template_")]
    dead = [name for name in names if name.startswith("test_") and not _lives(name.split("_")[1])]
    for name in [*templates[KEPT_TEMPLATES:], *dead]:
        with suppress(psycopg.errors.ObjectInUse):
            drop_database(superuser, name)


def _lives(pid: str) -> bool:
    return Path(f"/proc/{pid}").exists()


@contextmanager
def rolled_back(engine: Engine) -> Iterator[Session]:
    """Give a session; whatever is done in it is rolled back."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as made:
            yield made
        outer.rollback()
