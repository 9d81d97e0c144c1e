"""What commands share: the --json option, and the database of the settings."""

import atexit
from typing import Annotated

import typer

from migrations.run import find_current, head
from service.core.database import Database
from service.core.database_urls import get_database_urls
from service.core.faults import EnvironmentFault
from service.core.settings import get_settings

Json = Annotated[bool, typer.Option("--json", help="Give the result as one JSON object.")]


def open_database() -> Database:
    """The database of the settings, brought to this version's schema if it is behind.

    Raises:
        EnvironmentFault: the schema is not this version's.
    """
    urls = get_database_urls(get_settings())
    current = find_current(urls.app)
    if current != head():
        raise EnvironmentFault(
            f"the database stands at revision {current or 'none'}, this version needs {head()}",
            mend="run `menpai db init` (a new database) or `menpai db upgrade`",
        )
    database = Database(urls.app)
    atexit.register(database.dispose)
    return database
