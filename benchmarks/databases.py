"""A throwaway database for a benchmark, in the benchmarks' own cluster, with full durability."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from migrations import run
from service.cluster.databases import create_database, drop_database
from service.cluster.local_postgres import ensure_cluster
from service.core.database import Database
from service.core.homes import bench_home


@contextmanager
def bench_database(label: str = "") -> Iterator[Database]:
    """Yield a migrated, empty database and drop it afterwards; ``label`` distinguishes several."""
    cluster = ensure_cluster(bench_home())
    name = f"bench_{os.getpid()}{label}"
    with cluster.connect_as_superuser() as superuser:
        drop_database(superuser, name)
        create_database(superuser, name, cluster.superuser_conninfo)
    run.upgrade(cluster.owner_url(name))
    database = Database(cluster.app_url(name))
    try:
        yield database
    finally:
        database.dispose()
        with cluster.connect_as_superuser() as superuser:
            drop_database(superuser, name)


def settle(database: Database, *tables: str) -> None:
    """Do the maintenance that autovacuum would have done on such a register.

    Otherwise it would run while the servers are measured.
    """
    owner = Database(database.url.replace("menpai_app", "menpai_owner"))
    with owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"vacuum analyze {table}"))
    owner.dispose()
    with ensure_cluster(bench_home()).connect_as_superuser() as superuser:
        superuser.execute("checkpoint")
