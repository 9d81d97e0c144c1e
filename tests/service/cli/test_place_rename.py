from collections.abc import Iterator

import pytest
from sqlalchemy import text

from service.addresses.commands import enter_addresses, freeze_address
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.placenames.queries import list_places
from service.runs import worker_loop
from tests.command_line import call
from tests.database import TestDatabase
from tests.factories import make_draft, make_place


@pytest.fixture
def database(fresh_database: TestDatabase) -> Iterator[Database]:
    made = Database(fresh_database.app_url)
    yield made
    made.dispose()


NOTICE = ("--source", "示例政发〔2026〕9号", "--on", "2026-11-01")


def make_street(database: Database, *numbers: str) -> tuple[str, list[str]]:
    """河坊街 with these doors; its number and their codes."""
    with database.session() as session:
        place = make_place(session)
        drafts = [make_draft(place, number) for number in numbers]
        codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
        (street,) = list_places(session, "330102")
    return street.number, codes


def test_an_officer_renames_a_street_and_waits_for_its_addresses(
    fresh_database: TestDatabase, database: Database
) -> None:
    number, codes = make_street(database, "1", "3")
    with database.session() as session:
        freeze_address(session, codes[1], COMMAND_LINE, reason="争议")
    rename = ("placenames", "rename", number, "示例新街", *NOTICE)
    done = call(*rename, "--wait", "--json", database=fresh_database)
    assert done.code == 1, done.err  # one is frozen
    told = {"before": "河坊街", "after": "示例新街", "addresses": 1, "frozen": [codes[1]]}
    assert told.items() <= done.json.items()
    assert done.json["plates"] == 0
    found = call("resolve", "上城区河坊街1号", "--json", database=fresh_database)
    assert (found.json["code"], found.json["category"]) == (codes[0], "A")
    with database.session() as session:
        session.execute(text("update address set status = 'active'"))
    again = call(*rename, "--wait", database=fresh_database)
    assert again.code == 0, again.err
    assert "1 changed, 0 frozen" in again.out


def test_without_waiting_it_names_the_run_that_the_workers_do(
    fresh_database: TestDatabase, database: Database
) -> None:
    number, _ = make_street(database, "1")
    done = call(
        "placenames", "rename", number, "示例新街", *NOTICE, "--json", database=fresh_database
    )
    assert done.code == 0, done.err
    run = str(done.json["run"])
    assert call("runs", "show", run, "--json", database=fresh_database).json["state"] == "queued"
    worker_loop.run_chunks(database, int(run))
    shown = call("runs", "show", run, "--json", database=fresh_database).json
    assert (shown["state"], shown["done"], shown["result"]["addresses"]) == ("done", 1, 1)


def test_a_protected_name_needs_a_plan_and_the_attempt_is_audited(
    fresh_database: TestDatabase, database: Database
) -> None:
    number, _ = make_street(database, "1")
    with database.session() as session:
        session.execute(
            text(
                "with entry as (insert into heritage_entry (id, place_name_id, heritage_class) "
                "select 'X-1', id, 'street' from place_name returning id) "
                "insert into recognition (entry_id, position, scheme_code, list_name, "
                "status) select id, 0, 'x', '示例名录', 'recognized' from entry"
            )
        )
    rename = ("placenames", "rename", number, "示例新街", *NOTICE)
    refused = call(*rename, database=fresh_database)
    assert refused.code == 2
    assert "河坊街 is protected (示例名录)" in refused.err
    assert "--plan" in refused.err
    with database.reading() as session:
        noted = session.execute(
            text("select action, subject from audit_entry order by position desc limit 1")
        ).one()
        assert tuple(noted) == ("place_names:rename_refused", number)
        assert session.execute(text("select count(*) from run")).scalar_one() == 0
    assert call(*rename, "--plan", "示例文保〔2026〕1号", database=fresh_database).code == 0
    with database.reading() as session:
        plan = text("select detail->>'plan' from audit_entry where action = 'place_names:rename'")
        assert session.execute(plan).scalar_one() == "示例文保〔2026〕1号"
