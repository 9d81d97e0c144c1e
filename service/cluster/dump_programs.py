"""Runs pg_dump and pg_restore against a database URL; passwords never appear in arguments."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import make_url

from service.cluster.binaries import get_client
from service.core.faults import EnvironmentFault


def libpq_url(url: str) -> str:
    """Return a SQLAlchemy URL in the form of libpq and psycopg."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect to a database by its SQLAlchemy URL.

    Raises:
        EnvironmentFault: it does not answer or refuses us.
    """
    try:
        return psycopg.connect(libpq_url(url), connect_timeout=30)
    except psycopg.OperationalError as error:
        raise EnvironmentFault(
            f"the database does not answer: {str(error).strip().splitlines()[-1]}",
            hint="check MENPAI_OWNER_DATABASE_URL and MENPAI_DATABASE_URL",
        ) from None


def run_program(name: str, url: str, arguments: Sequence[str | Path], *, server: int) -> None:
    """Run pg_dump or pg_restore, of a version compatible with the server, to its end.

    Raises:
        EnvironmentFault: the program is missing or failed; quotes its error.
    """
    parts = {name: str(value) for name, value in conninfo_to_dict(libpq_url(url)).items()}
    password = parts.pop("password", None)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    if password:
        environment["PGPASSWORD"] = password
    done = subprocess.run(  # noqa: S603 - a program of the installed PostgreSQL
        [get_client(server).program(name), f"--dbname={make_conninfo('', **parts)}", *arguments],
        env=environment | {"LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        last = [line for line in done.stderr.strip().splitlines() if "error" in line.lower()]
        raise EnvironmentFault(
            f"{name} failed: {(last or [done.stderr.strip() or 'no reason given'])[0]}",
            hint="a full disk, a missing role or a damaged file are the usual reasons",
        )


def list_archive(file: Path, *, server: int) -> list[str]:
    """Return the table of contents of a backup file, one entry per line.

    Raises:
        EnvironmentFault: the file is missing, or not a pg_dump backup.
    """
    done = subprocess.run(  # noqa: S603 - a program of the installed PostgreSQL
        [get_client(server).program("pg_restore"), "--list", file],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise EnvironmentFault(
            f"{file} is not a readable backup: {done.stderr.strip().splitlines()[-1]}",
            hint="give a file written by `menpai db backup`",
        )
    return done.stdout.splitlines()
