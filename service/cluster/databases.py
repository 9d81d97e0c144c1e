"""Roles and databases of the private cluster: created by its superuser, used by the two roles."""

from typing import Any

import psycopg
from psycopg import sql

from service.core.faults import EnvironmentFault

OWNER = "menpai_owner"
APP = "menpai_app"
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")


Superuser = psycopg.Connection[tuple[Any, ...]]
"""An autocommit connection of the cluster's superuser; the application never has one."""


def create_roles(superuser: Superuser) -> None:
    """Create the two roles if missing; neither is a superuser."""
    for role in (OWNER, APP):
        known = superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        if not known:
            superuser.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))


def database_exists(superuser: Superuser, name: str) -> bool:
    """Whether a database exists completely; an interrupted creation does not count."""
    found = superuser.execute(
        "SELECT datconnlimit FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return found is not None and found[0] != -2


def create_database(superuser: Superuser, name: str, url: str) -> None:
    """Create an empty database with the extensions, owned by ``OWNER``, completely or not at all.

    Args:
        superuser: an autocommit connection to another database of the cluster.
        name: the database to create; must not exist.
        url: libpq connection string of the superuser without a database name.

    Raises:
        EnvironmentFault: an extension is not installed on this machine.
    """
    unfinished = f"{name}_unfinished"
    drop_database(superuser, unfinished)
    superuser.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
            sql.Identifier(unfinished), sql.Identifier(OWNER)
        )
    )
    with psycopg.connect(url, dbname=unfinished, autocommit=True) as inside:
        for extension in EXTENSIONS:
            try:
                inside.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
                )
            except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile) as error:
                raise EnvironmentFault(
                    f"the extension {extension} cannot be created: {error.diag.message_primary}",
                    hint="install PostGIS for this server: make install",
                ) from None
    grant_connect(superuser, unfinished)
    superuser.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(unfinished), sql.Identifier(name)
        )
    )


def clone_database(superuser: Superuser, template: str, name: str) -> None:
    """Create a database as a copy of another one without connections."""
    superuser.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
        )
    )
    grant_connect(superuser, name)


def drop_database(superuser: Superuser, name: str) -> None:
    """Drop a database if it exists, ending the connections to it."""
    superuser.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def grant_connect(superuser: Superuser, name: str) -> None:
    """Let only the two roles connect; the application may use temporary tables."""
    database = sql.Identifier(name)
    superuser.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    superuser.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
            database, sql.Identifier(APP)
        )
    )
