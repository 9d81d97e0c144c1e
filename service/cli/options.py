"""What commands share: the --json option, and the database of the settings."""

import atexit
from pathlib import Path
from typing import Annotated

import typer

from migrations.run import find_current, head
from service.core.database import Database
from service.core.database_urls import get_database_urls
from service.core.faults import EnvironmentFault
from service.core.high_water import path_for
from service.core.settings import Settings, get_settings

ForTrial = Annotated[
    bool,
    typer.Option(
        "--for-trial",
        help="Only to try (试印): any host will do; the plates say so and never count.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Give the result as one JSON object.")]


def open_database() -> Database:
    """The database of the settings, brought to this version's schema if it is behind.

    Raises:
        EnvironmentFault: the schema is not this version's.
    """
    settings = get_settings()
    urls = get_database_urls(settings)
    current = find_current(urls.app)
    if current != head():
        raise EnvironmentFault(
            f"the database stands at revision {current or 'none'}, this version needs {head()}",
            mend="run `menpai db init` (a new database) or `menpai db upgrade`",
        )
    database = Database(urls.app, high_water=high_water_of(settings))
    atexit.register(database.dispose)
    return database


def high_water_of(settings: Settings) -> Path | None:
    """The file beside the private cluster that keeps how far the codes went.

    An operator's own database has none: nothing of the home is touched for it.
    """
    return None if settings.database_url else path_for(settings.home)
