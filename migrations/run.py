"""Runs the migrations against a database URL; the owner role is needed."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

FOLDER = Path(__file__).resolve().parent


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the database up to a revision, in one transaction a step."""
    command.upgrade(_configuration(owner_url), revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Take the database back to a revision; ``base`` empties it."""
    command.downgrade(_configuration(owner_url), revision)


def head() -> str:
    """The newest revision that this version of Menpai brings."""
    return str(ScriptDirectory(str(FOLDER)).get_current_head())


def find_current(owner_url: str) -> str | None:
    """The revision a database stands at, or None when it is empty."""
    engine = create_engine(owner_url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def _configuration(owner_url: str) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(FOLDER))
    configuration.set_main_option("path_separator", "os")
    configuration.attributes["url"] = owner_url
    return configuration
