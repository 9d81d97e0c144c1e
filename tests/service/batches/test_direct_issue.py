"""Plates for all doors that lack one: many times at once, and in which division the batch lies."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.addresses.commands import enter_addresses
from service.batches.direct_issue import IssueRequest, issue_missing
from service.batches.queries.batches import get_batch, list_batches
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.plates.commands import (
    ReplacementRequest,
    issue_blank_plates,
    issue_plates,
    open_batch,
    replace_plate,
)
from tests.database import TestDatabase
from tests.factories.addresses import make_draft
from tests.factories.batches import PREFIX, make_street
from tests.factories.divisions import make_place
from tests.factories.plates import make_plates, make_visit

DOORS = 3000
AT_ONCE = 4
DOUBLES = "select count(*) from (select 1 from plate group by code having count(*) > 1) d"


@pytest.fixture
def street(fresh_database: TestDatabase) -> Iterator[Database]:
    """Three thousand doors without plates."""
    database = Database(fresh_database.app_url, pool_size=AT_ONCE)
    with database.session() as session:
        make_street(session, DOORS)
    yield database
    database.dispose()


def issue_at_once(street: Database, times: int) -> list[int]:
    """Issue what is missing so many times at once; how many plates each gave out."""
    given: list[int] = []
    ready = threading.Barrier(times)

    def issue() -> None:
        ready.wait()
        order = IssueRequest("alle", "auto", PREFIX)
        given.append(issue_missing(street, order, COMMAND_LINE)[0])

    threads = [threading.Thread(target=issue) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_plates_issued_many_times_at_once_are_one_for_each_door(street: Database) -> None:
    given = issue_at_once(street, AT_ONCE)
    assert (len(given), sum(given)) == (AT_ONCE, DOORS)
    with street.reading() as session:
        assert session.scalar(text("select count(*) from plate")) == DOORS
        assert session.scalar(text(DOUBLES)) == 0
        batches = list_batches(session)
        assert sum(batch.plates for batch in batches) == DOORS
        assert all(batch.plates for batch in batches)


def test_a_replacement_lives_beside_the_plate_it_will_replace(street: Database) -> None:
    issue_at_once(street, 1)
    with street.session() as session:
        old = session.scalar(text("update plate set status = 'in_use' returning token"))
        order = ReplacementRequest("褪色", PREFIX, approval_above=100)
        newer = replace_plate(session, str(old), order, make_visit(), COMMAND_LINE).successor
        assert newer
        states = session.execute(
            text(
                "select p.generation, p.status from plate p join plate o on o.code = p.code "
                "where o.token = :old order by 1"
            ),
            {"old": old},
        ).all()
    assert [tuple(row) for row in states] == [(1, "in_use"), (2, "to_make")]
    assert issue_at_once(street, 2) == [0, 0]


def test_the_register_refuses_a_generation_twice(session: Session) -> None:
    (token,) = make_plates(session)
    with pytest.raises(IntegrityError, match="uq_plate_generation"):
        session.execute(
            text(
                "insert into plate (token, code, batch_id) "
                "select '0000000000', code, batch_id from plate where token = :token"
            ),
            {"token": token},
        )


def test_a_batch_lies_in_what_the_divisions_of_its_plates_share(session: Session) -> None:
    place = make_place(session)
    batch = open_batch(session, name="x", design="auto", payload_prefix=PREFIX, actor=COMMAND_LINE)

    def add(number: str, township: str, county: str) -> str:
        draft = make_draft(
            place,
            number,
            county=county,
            division_id=place.ids[township],
            division_code=township,
        )
        codes = [str(code) for code in enter_addresses(session, [draft], COMMAND_LINE)]
        issue_plates(session, batch, codes, COMMAND_LINE)
        return get_batch(session, batch.id).division

    assert add("1", "330102001000", "330102") == "330102001000"
    assert add("2", "330106001000", "330106") == "3301"
    assert add("3", "330102001000", "330102") == "3301"


def test_batches_of_replacements_and_of_blank_plates_are_listed_where_their_plates_are(
    street: Database,
) -> None:
    issue_at_once(street, 1)
    with street.session() as session:
        old = session.scalar(text("update plate set status = 'in_use' returning token"))
        order = ReplacementRequest("褪色", PREFIX, approval_above=100)
        replace_plate(session, str(old), order, make_visit(), COMMAND_LINE)
        blank = open_batch(
            session, name="备用", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
        )
        issue_blank_plates(session, blank, "330102", 3, COMMAND_LINE)
        listed = list_batches(session, scopes=("330102",))
        assert [batch.division[:6] for batch in listed] == ["330102"] * 3
        assert list_batches(session, scopes=("330106",)) == []
