"""Alembic's environment: lock time-outs, one transaction a migration, PostGIS left alone."""

import re

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, create_engine

from address_model.tables import Table

LOCK_TIMEOUT = "5s"
"""A migration gives up rather than stand before readers and writers."""
POSTGIS_TABLES = {"spatial_ref_sys"}
OTHERS = re.compile(r"procrastinate_|(change|scan_count)_(default|\d{4}_\d\d)$")
"""Tables of the queue, and months of the change feed and of scans, which the service opens and
drops."""


def include_object(
    thing: object, name: str | None, kind: str, reflected: bool, compare_to: object
) -> bool:
    """Leave out what belongs to PostGIS or to the job queue, and partitions."""
    if kind == "table" and name and (name in POSTGIS_TABLES or OTHERS.match(name)):
        return False
    return bool(alembic_helpers.include_object(thing, name, kind, reflected, compare_to))


def migrate(connection: Connection) -> None:
    """Run the migrations on a connection."""
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        include_object=include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


engine = create_engine(
    context.config.attributes["url"],
    connect_args={"options": f"-c lock_timeout={LOCK_TIMEOUT}"},
)
try:
    with engine.connect() as open_connection:
        migrate(open_connection)
finally:
    engine.dispose()
