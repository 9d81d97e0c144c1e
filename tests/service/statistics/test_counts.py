"""The counts are those of the rows, whatever was done to addresses and plates."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.lifecycle import AddressStatus, PlateStatus
from service.core.database import Database
from service.statistics.commands import merge_counts
from service.statistics.queries import count_by_part
from tests.database import TestDatabase
from tests.factories.office import Office, make_office

TRUTH = text(
    "select 'address' as subject, division_id, status, count(*) from address group by 2, 3 "
    "union all select 'plate', a.division_id, p.status, count(*) from plate p "
    "join address a on a.code = p.code where p.generation > 0 group by 2, 3"
)
COUNTED = text(
    "select subject, division_id, status, sum(amount) from status_count group by 1, 2, 3 "
    "having sum(amount) <> 0"
)


def counts_of(session: Session, statement: object = COUNTED) -> Counter[tuple[str, int, str]]:
    return Counter({tuple(row[:3]): int(row[3]) for row in session.execute(statement)})  # type: ignore[call-overload]


@pytest.fixture
def made(fresh_database: TestDatabase) -> Iterator[Office]:
    database = Database(fresh_database.app_url)
    yield make_office(database)
    database.dispose()


STEPS = {
    "address freezes": "update address set status = 'frozen' where code = :own",
    "address moves with its plate": (
        "update address set division_id = (select division_id from address where code = :foreign) "
        "where code = :own"
    ),
    "moves and freezes at once": (
        "update address set status = 'frozen', division_id = (select division_id from address "
        "where code = :foreign) where code = :own"
    ),
    "two addresses change places": (
        "update address set division_id = (select b.division_id from address b "
        "where b.code <> address.code and b.code in (:own, :foreign)) "
        "where code in (:own, :foreign)"
    ),
    "plate breaks": "update plate set status = 'damaged' where code = :own",
    "all plates end": "update plate set status = 'void', status_reason = 'x'",
    "plate becomes a trial": "update plate set generation = -1 where code = :own",
    "blank plate is bound": (
        "update plate set code = :foreign, generation = 7 where token in (select token from plate "
        "where code = :own)"
    ),
    "plate loses its address": (
        "update plate set code = null, county = '330102', generation = 0 where code = :own"
    ),
    "plate is deleted": "delete from plate where code = :own",
    "only another column changes": "update address set status_reason = 'y'",
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_change_of_rows_changes_their_counts(made: Office, step: str) -> None:
    with made.database.session() as session:
        session.execute(text(step), {side: made.codes[side] for side in ("own", "foreign")})
        assert counts_of(session) == counts_of(session, TRUTH)
        assert counts_of(session).total() >= 3


def test_merging_keeps_the_sums_and_leaves_no_empty_ones(made: Office) -> None:
    with made.database.session() as session:
        for status in ("frozen", "active", "frozen"):
            session.execute(text("update address set status = :to"), {"to": status})
        before = counts_of(session)
        assert merge_counts(session) > 0
        assert counts_of(session) == before
        assert session.scalar(text("select count(*) from status_count")) == len(before)
        assert merge_counts(session) == 0


def test_two_merge_while_a_third_writes(made: Office) -> None:
    def merge() -> int:
        with made.database.session() as session:
            return merge_counts(session)

    with made.database.session() as session:
        session.execute(text("update address set status = 'frozen'"))
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: merge(), range(2)))
    merge()
    with made.database.reading() as session:
        assert counts_of(session) == counts_of(session, TRUTH)


def test_parts_of_a_division_are_counted_with_all_below(made: Office) -> None:
    with made.database.reading() as session:
        cities = count_by_part(session, "33")
        counties = count_by_part(session, "3301")
        townships = count_by_part(session, "330102")
        nothing = count_by_part(session, "330109")
    one = {AddressStatus.ACTIVE: 1}
    assert [(row.division, row.addresses) for row in cities] == [
        ("330100000000", {AddressStatus.ACTIVE: 2})
    ]
    assert [(row.division, row.addresses, row.plates) for row in counties] == [
        ("330102000000", one, {PlateStatus.IN_USE: 1}),
        ("330106000000", one, {PlateStatus.IN_USE: 1}),
    ]
    assert [(row.division, row.addresses) for row in townships] == [("330102001000", one)]
    assert nothing == []
