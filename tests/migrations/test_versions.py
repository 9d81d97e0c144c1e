from datetime import date

from sqlalchemy import BigInteger, create_engine, text
from sqlalchemy.orm import Session

from address_model.tables import Area, Duty, Table
from migrations import run
from service.core.database import Database
from tests.database import TestDatabase
from tests.factories.addresses import enter_at

OWN_COUNT = {"address_position"}
"""A row is one position as it was; which of its kind it is, is part of its key."""
UNVERSIONED = {
    "what is only added to": {
        "address_succession", "audit_entry", "change", "check_in_review", "division_change",
        "dataset_push", "division_left", "place_decision", "plate_event", "published_figure",
        "published_month", "row_error", "run_attempt",
    },
    "parts of a row that is written with them": {
        "address_identifier", "address_name", "claim_citation", "client_key", "client_return_url",
        "client_token",
        "heritage_claim", "heritage_relation", "list_upload_row", "media",
        "place_name_form", "place_township", "plate_batch_item", "recognition",
        "recovery_code", "role_assignment", "second_factor", "staff_browser", "staff_identity",
        "staff_session",
    },
    "published lists, loaded whole": {"heritage_scheme", "source"},
    "links and counters": {
        "address_area", "address_place_name", "code_reservation", "code_space", "feed_counter",
        "address_cell", "client_usage", "place_space", "request_count", "scan_count",
        "scan_day", "status_count", "alarm_day", "unknown_token_count",
    },
    "jobs, and what is made again": {
        "address_request", "idempotency_key", "import_seen", "import_waiting", "kept_body", "run",
        "run_chunk", "webhook_delivery", "webhook_progress",
    },
}  # fmt: skip


def versioned() -> set[str]:
    return {
        table.name
        for table in Table.metadata.tables.values()
        if "version" in table.columns and table.columns["version"].server_onupdate is not None
    }


def test_every_table_has_a_version_or_a_reason_to_have_none() -> None:
    others = OWN_COUNT.union(*UNVERSIONED.values())
    assert versioned().isdisjoint(others)
    assert versioned() | others == set(Table.metadata.tables)


def test_the_version_of_each_register_is_raised_by_the_database(session: Session) -> None:
    raised = session.scalars(
        text(
            "select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid "
            "where t.tgname = 'raise_version' and t.tgenabled in ('O', 'A')"
        )
    )
    assert set(raised) == versioned()
    for name in versioned():
        assert isinstance(Table.metadata.tables[name].columns["version"].type, BigInteger)


def test_no_statement_sets_a_version_or_leaves_it_as_it_was(session: Session) -> None:
    enter_at(session, [(16, 24), (17, 24), (18, 24)])
    read = text("select version from address order by code")
    assert list(session.scalars(read)) == [1, 1, 1]
    session.execute(text("update address set source = 'x'"))
    session.execute(text("update address set version = 1"))
    assert list(session.scalars(read)) == [3, 3, 3]


def test_the_orm_reads_the_version_back(session: Session) -> None:
    square = "SRID=4490;MULTIPOLYGON(((120 30,121 30,121 31,120 30)))"
    area = Area(kind="grid", code="g", name="一网格", geom=square, valid_from=date(2026, 1, 1))
    session.add(area)
    session.flush()
    duty = Duty(area_id=area.id, role="grid_worker", display_name="甲", valid_from=date(2026, 1, 1))
    session.add(duty)
    session.flush()
    assert (area.version, duty.version) == (1, 1)
    duty.phone = "0571-85000000"
    session.flush()
    assert duty.version == 2


def test_a_register_of_before_begins_at_the_first_version(fresh_database: TestDatabase) -> None:
    run.downgrade(fresh_database.owner_url, "0033")
    engine = create_engine(fresh_database.owner_url)
    with engine.begin() as connection:
        connection.execute(text("insert into client (name) values ('交警')"))
    engine.dispose()
    run.upgrade(fresh_database.owner_url)
    database = Database(fresh_database.app_url)
    with database.session() as session:
        seen = text("select version from client")
        assert session.scalar(seen) == 1
        session.execute(text("update client set is_active = false"))
        assert session.scalar(seen) == 2
    database.dispose()
