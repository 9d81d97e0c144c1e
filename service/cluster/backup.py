"""Backups: a pg_dump file, and beside it a note by which a restore is verified."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from service.cluster.dump_programs import connect, run_program
from service.cluster.file_backup import FilesNote, archive_files, archive_of
from service.core.faults import EnvironmentFault
from service.core.files import FileStore

Rows = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class BackupNote:
    """The metadata of a backup, stored beside it as ``FILE.json``."""

    created_at: str
    menpai_version: str
    revision: str
    server_version: int
    sha256: str
    size: int
    rows: dict[str, int]
    files: FilesNote | None = None
    """The archive of files beside it; None if only the register was backed up."""


def note_file(file: Path) -> Path:
    """The path of the note of a backup."""
    return file.with_name(f"{file.name}.json")


def create_backup(owner_url: str, file: Path, store: FileStore | None = None) -> BackupNote:
    """Write a backup and its note; both appear at the end, or not at all.

    The rows are counted in the dumped snapshot, so that a restore can be verified.
    With a store, its files are archived beside it.

    Raises:
        EnvironmentFault: the file exists, the folder is not writable, pg_dump is missing or
            fails; nothing is left behind.
    """
    for place in (file, note_file(file), archive_of(file)):
        if place.exists():
            raise EnvironmentFault(
                f"{place} exists already; a backup never replaces another",
                hint="give another name, such as one with today's date",
            )
    if not file.parent.is_dir():
        raise EnvironmentFault(
            f"the folder {file.parent} is not there", hint=f"make it: mkdir -p {file.parent}"
        )
    part = file.with_name(f"{file.name}.part")
    try:
        with connect(owner_url) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            note = _dump(connection, owner_url, part)
        if store is not None:
            note = replace(note, files=archive_files(store, archive_of(file)))
        with note_file(file).open("x", encoding="utf-8") as out:
            json.dump(asdict(note), out, ensure_ascii=False, indent=1)
            out.write("\n")
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except BaseException as error:
        archive_of(file).unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise EnvironmentFault(
            f"the backup {file} cannot be written: {error.strerror or error}",
            hint="make room on the disk, or give a file in a folder that you may write to",
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return note


def find_note(file: Path) -> BackupNote | None:
    """Return the note of a backup; None if it has none.

    Raises:
        EnvironmentFault: the note is unreadable, or the file does not match its checksum.
    """
    try:
        values = json.loads(note_file(file).read_text(encoding="utf-8"))
        files = FilesNote(**values["files"]) if values.get("files") else None
        note = BackupNote(**values | {"files": files})
        sha256 = sha256_of(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise EnvironmentFault(
            f"the note {note_file(file)} cannot be read: {error}",
            hint="put the note back; without a note the backup is restored unverified",
        ) from None
    if note.sha256 != sha256:
        raise EnvironmentFault(
            f"{file} is not what was written on {note.created_at}: its SHA-256 differs",
            hint="copy it again from where it was kept; it was damaged or changed",
        )
    return note


def count_rows(connection: Rows) -> dict[str, int]:
    """Count exactly the rows of every permanent table of ours."""
    tables = connection.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relpersistence = 'p' "
        "AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_depend d "
        "WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') "
        "ORDER BY 1"
    ).fetchall()
    counts = {}
    for (name,) in tables:
        table = sql.Identifier("public", str(name))
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
        counts[str(name)] = int(row[0]) if row else 0
    return counts


def server_major(connection: Rows) -> int:
    """Return the server's major version, such as 15."""
    return connection.info.server_version // 10000


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def find_revision(connection: Rows) -> str | None:
    """Return the schema's revision; None in a database without our tables."""
    there = connection.execute("SELECT to_regclass('public.alembic_version')").fetchone()
    if not there or there[0] is None:
        return None
    row = connection.execute("SELECT version_num FROM public.alembic_version").fetchone()
    return str(row[0]) if row else None


def _dump(connection: Rows, owner_url: str, part: Path) -> BackupNote:
    revision = find_revision(connection)
    if revision is None:
        raise EnvironmentFault(
            "there is nothing to back up: the database has no tables of Menpai",
            hint="run `menpai db init` first",
        )
    snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert snapshot  # noqa: S101 - the function always returns one row
    server = server_major(connection)
    rows = count_rows(connection)
    part.touch(mode=0o600)
    options = ["--format=custom", f"--snapshot={snapshot[0]}", f"--file={part}"]
    options += ["--no-unlogged-table-data"]  # their data may be lost in a crash anyway
    run_program("pg_dump", owner_url, options, server=server)
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    try:
        own_version = version("menpai")
    except PackageNotFoundError:  # run from a checkout without installation
        own_version = "checkout"
    return BackupNote(
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        menpai_version=own_version,
        revision=revision,
        server_version=server,
        sha256=sha256_of(part),
        size=part.stat().st_size,
        rows=rows,
    )
