from pathlib import Path

import pytest
from sqlalchemy import text

from service.audit.tally import AuditTally
from service.core.actor import Actor
from service.core.database import Database
from service.core.errors import DatabaseUnreachable
from tests.database import TestDatabase
from tests.event_loop import run_apart
from tests.factories.audit import heads_of, keyed, verdict_of

ONE, OTHER = Actor("client", "one"), Actor("client", "other")


def entries(database: Database) -> list[tuple[str, str, str, int]]:
    with database.reading() as session:
        rows = session.execute(
            text("select actor, action, subject, detail from audit_entry order by actor")
        )
        return [(row[0], row[1], row[2], row[3]["count"]) for row in rows]


def test_a_thousand_calls_are_one_entry_a_client(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    tally = AuditTally(database)
    for _ in range(1000):
        tally.add(ONE, "clients:call", "getAddress")
    tally.add(OTHER, "clients:call", "getAddress")
    tally.flush()
    tally.flush()
    assert entries(database) == [
        ("client:one", "clients:call", "getAddress", 1000),
        ("client:other", "clients:call", "getAddress", 1),
    ]
    database.dispose()


def test_what_the_database_did_not_take_stays_counted(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    away = AuditTally(Database("postgresql+psycopg://menpai_app@/x?host=/nonexistent"))
    away.add(ONE, "clients:call", "getAddress")
    with pytest.raises(DatabaseUnreachable):
        away.flush()
    away.add(ONE, "clients:call", "getAddress")
    away._database = database  # noqa: SLF001 - the server came back
    away.flush()
    assert entries(database) == [("client:one", "clients:call", "getAddress", 2)]
    database.dispose()


def test_each_turn_of_a_server_notes_the_counts_and_how_far_the_chain_goes(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    database = keyed(fresh_database.app_url, tmp_path)
    tally = AuditTally(database)
    run_apart(tally.turn())
    assert [head.kind for head in heads_of(database)] == ["begin", "head"]
    tally.add(ONE, "clients:call", "getAddress")
    run_apart(tally.turn())
    verdict = verdict_of(database)
    assert (verdict.fault, verdict.entries) == ("", 2)
    database.dispose()
