"""Shared by commands: options such as --json, and the database of the settings."""

import atexit
from pathlib import Path
from typing import Annotated

import typer

from migrations.run import find_current, head
from service.addresses.commands.high_water import path_for
from service.audit.chain import PURPOSE
from service.audit.heads import path_for as heads_path
from service.cluster.database_urls import get_database_urls
from service.core.database import Database
from service.core.faults import EnvironmentFault
from service.core.output import say
from service.core.settings import Settings, get_settings
from service.core.signing_keys import KeyRing, find_secrets
from service.work_subscribers import register_work_subscribers

ForTrial = Annotated[
    bool,
    typer.Option(
        "--for-trial",
        help="Only to try (试印): any host is accepted; the plates say so and never count.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Give the result as one JSON object.")]
Seen = Annotated[
    int | None,
    typer.Option(
        "--seen",
        metavar="VERSION",
        min=1,
        help="The version you read; refused if it has changed since. Without it there is no check.",
    ),
]

PasswordFile = Annotated[
    Path | None,
    typer.Option(
        envvar="MENPAI_PASSWORD_FILE",
        exists=True,
        dir_okay=False,
        help="File with your password in its first line; default: prompt.",
    ),
]


def open_database() -> Database:
    """The database of the settings; while it is away, its standby gives the schema.

    Raises:
        EnvironmentFault: the schema is not this version's, or no server answers.
    """
    register_work_subscribers()
    settings = get_settings()
    urls = get_database_urls(settings)
    try:
        current = find_current(urls.app)
    except EnvironmentFault:
        if urls.read == urls.app:
            raise
        say("the primary does not answer; its standby does, for reading only")
        current = find_current(urls.read)
    if current != head():
        raise EnvironmentFault(
            f"the database stands at revision {current or 'none'}, this version needs {head()}",
            hint="run `menpai db init` (a new database) or `menpai db upgrade`",
        )
    database = make_database(settings, urls.app)
    atexit.register(database.dispose)
    return database


def make_database(settings: Settings, url: str) -> Database:
    """A database with its records outside: high-water marks of codes, heads of the audit chain."""
    keys = find_audit_keys(settings)
    heads = heads_path(settings.home) if keys else None
    return Database(url, high_water=high_water_of(settings), audit_keys=keys, audit_heads=heads)


def find_audit_keys(settings: Settings) -> KeyRing | None:
    """The keys of the audit chain; None if an operator's own database has no secret."""
    known = find_secrets(settings)
    return KeyRing.of(known, PURPOSE) if known else None


def high_water_of(settings: Settings) -> Path | None:
    """The high-water file of codes beside the private cluster.

    An operator's own database has none: the home is not touched for it.
    """
    return None if settings.database_url else path_for(settings.home)
