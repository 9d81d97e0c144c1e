"""Restores a backup into a new database, verifies it, and only then switches to it."""

import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from service.addresses.commands.high_water import CodeSpaceState
from service.cluster.backup import (
    BackupNote,
    count_rows,
    find_note,
    find_revision,
    server_major,
)
from service.cluster.databases import (
    Superuser,
    create_database,
    database_exists,
    drop_database,
)
from service.cluster.dump_programs import connect, list_archive, run_program
from service.cluster.local_postgres import Cluster
from service.core.faults import EnvironmentFault
from service.core.homes import DATABASE

RESTORING = "menpai_restoring"
FORMER = "menpai_before_"
_SWAP_SECONDS = 30
# Extensions, with their own table, are created by the superuser beforehand.
_NOT_OURS = re.compile(r" (EXTENSION - |COMMENT - EXTENSION |TABLE DATA public spatial_ref_sys )")


@dataclass(frozen=True, slots=True)
class Restored:
    """The result of a restore."""

    note: BackupNote | None
    rows: Mapping[str, int]
    former: str | None = field(default=None)
    """The name under which the previous database is kept; None if it was empty."""


Prepare = Callable[[str, list[CodeSpaceState]], None]
"""Migrates a restored database, given by its owner's URL, before it is put into use."""


def restore_into_cluster(cluster: Cluster, file: Path, prepare: Prepare) -> Restored:
    """Restore into the private cluster; the register in use is replaced atomically at the end.

    Raises:
        EnvironmentFault: the file is not a backup, is damaged, or does not restore completely; the
            register in use is then untouched.
    """
    note = find_note(file)
    with cluster.connect_as_superuser() as superuser:
        drop_database(superuser, RESTORING)
        former = read_code_spaces(cluster.owner_url()) if _in_use(superuser) else []
        create_database(superuser, RESTORING, cluster.superuser_conninfo)
        try:
            url = cluster.owner_url(RESTORING)
            rows = _load(file, url, note, ["--jobs", str(min(4, os.cpu_count() or 1))])
            prepare(url, former)
            kept = _swap(superuser, cluster)
        except BaseException:
            drop_database(superuser, RESTORING)
            raise
    return Restored(note, rows, kept)


def restore_into_external(owner_url: str, file: Path, prepare: Prepare) -> Restored:
    """Restore into an empty database of an external server.

    After an error, discard that database and create another one.

    Raises:
        EnvironmentFault: the database is not empty or lacks an extension, or the file is not a
            backup, is damaged or does not restore completely.
    """
    note = find_note(file)
    with connect(owner_url) as connection:
        if count_rows(connection):
            raise EnvironmentFault(
                "the database that MENPAI_OWNER_DATABASE_URL names is not empty",
                hint="make a new database with the three extensions (docs/operator.en.md), restore "
                "into it, then let the URLs name it",
            )
    rows = _load(file, owner_url, note, ["--single-transaction"])
    prepare(owner_url, [])
    return Restored(note, rows)


def read_code_spaces(owner_url: str) -> list[CodeSpaceState]:
    """Return the code spaces of a database; empty if it has no such table."""
    with connect(owner_url) as connection:
        try:
            rows = connection.execute("SELECT county, key, counter FROM code_space").fetchall()
        except psycopg.errors.UndefinedTable:
            return []
    return [CodeSpaceState(str(c), bytes(k), int(n)) for c, k, n in rows]


def _load(
    file: Path, owner_url: str, note: BackupNote | None, options: list[str]
) -> Mapping[str, int]:
    with connect(owner_url) as connection:
        server = server_major(connection)
    entries = [line for line in list_archive(file, server=server) if not _NOT_OURS.search(line)]
    with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as contents:
        contents.write("\n".join(entries) + "\n")
        contents.flush()
        arguments = [*options, "--no-owner", "--exit-on-error", f"--use-list={contents.name}"]
        run_program("pg_restore", owner_url, [*arguments, file], server=server)
    with connect(owner_url) as connection:
        connection.execute("ANALYZE")  # a restored database has no statistics for the planner
        rows = count_rows(connection)
        revision = find_revision(connection)
    if revision is None:
        raise EnvironmentFault(
            f"{file} does not hold a register of Menpai", hint="give another file"
        )
    if note and dict(note.rows) != rows:
        wrong = sorted(t for t in {*note.rows, *rows} if note.rows.get(t) != rows.get(t))
        raise EnvironmentFault(
            f"{file} did not restore completely: {', '.join(wrong)} differ from the note beside it",
            hint="copy the backup again from where it was kept",
        )
    return rows


def _in_use(superuser: Superuser) -> bool:
    return database_exists(superuser, DATABASE)


def _swap(superuser: Superuser, cluster: Cluster) -> str | None:
    """Replace the database in use with the restored one, in one transaction."""
    if not _in_use(superuser):
        _rename(superuser, [(RESTORING, DATABASE)])
        return None
    with connect(cluster.owner_url()) as connection:
        empty = find_revision(connection) is None
    kept = f"{FORMER}{datetime.now(UTC):%Y%m%d_%H%M%S}"
    _rename(superuser, [(DATABASE, kept), (RESTORING, DATABASE)])
    if empty:
        drop_database(superuser, kept)
    return None if empty else kept


def _rename(superuser: Superuser, pairs: list[tuple[str, str]]) -> None:
    """Rename databases in one transaction; ends connections, again if an application reconnects."""
    deadline = time.monotonic() + _SWAP_SECONDS
    while True:
        try:
            with superuser.transaction():
                for old, new in pairs:
                    superuser.execute(
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                        "WHERE datname = %s AND pid <> pg_backend_pid()",
                        [old],
                    )
                    superuser.execute(
                        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                            sql.Identifier(old), sql.Identifier(new)
                        )
                    )
        except psycopg.errors.ObjectInUse:
            if time.monotonic() > deadline:
                raise EnvironmentFault(
                    "the database is in use, and its connections do not end",
                    hint="stop `menpai serve` and `menpai worker`, then restore again",
                ) from None
        else:
            return
