"""Runs the migrations against a database URL; the owner role is needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from service.core.faults import EnvironmentFault

FOLDER = Path(__file__).resolve().parent


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the database up to a revision, in one transaction a step.

    Raises:
        EnvironmentFault: the database does not answer, is newer than this version, is locked by
            a long transaction, or the role is not its owner; finished steps stay.
    """
    with _mended():
        command.upgrade(_configuration(owner_url), revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Take the database back to a revision; ``base`` empties it.

    Raises:
        EnvironmentFault: as ``upgrade`` does.
    """
    with _mended():
        command.downgrade(_configuration(owner_url), revision)


@cache
def head() -> str:
    """The newest revision that this version of Menpai brings."""
    return str(ScriptDirectory(str(FOLDER)).get_current_head())


def find_current(owner_url: str) -> str | None:
    """The revision a database stands at, or None when it is empty.

    Raises:
        EnvironmentFault: the database does not answer.
    """
    engine = create_engine(owner_url)
    try:
        with _mended(), engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def _configuration(owner_url: str) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(FOLDER))
    configuration.set_main_option("path_separator", "os")
    configuration.attributes["url"] = owner_url
    return configuration


@contextmanager
def _mended() -> Iterator[None]:
    """Say what an error of the database means for whoever runs the migrations, and the hint."""
    try:
        yield
    except CommandError as error:
        raise EnvironmentFault(
            f"this version of Menpai does not know the database's schema: {error}",
            hint="use the version that wrote the database or the backup, or a newer one",
        ) from error
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[-1]
        if "lock timeout" in reason:
            hint = "end the long transaction (or stop `menpai serve`), then run it again"
        else:
            hint = "check MENPAI_OWNER_DATABASE_URL and MENPAI_DATABASE_URL; run `menpai check`"
        raise EnvironmentFault(f"the database refuses: {reason}", hint=hint) from error
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != "42501":  # insufficient privilege
            raise
        raise EnvironmentFault(
            f"the database refuses: {str(error.orig).strip().splitlines()[0]}",
            hint="migrations need the role menpai_owner: set MENPAI_OWNER_DATABASE_URL",
        ) from error
