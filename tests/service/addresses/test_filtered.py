"""Every filter of a page of addresses is read by an index, in a register of some size."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from address_model.coordinates import Point, distance_m
from address_model.tables import Address
from service.addresses.commands import enter_addresses
from service.addresses.queries import AddressFilter, Box, Circle, list_filtered
from service.addresses.queries.filtered import select_codes
from service.core.actor import COMMAND_LINE
from tests.database import TestDatabase, rolled_back
from tests.factories import make_draft, make_place

ROWS = 20_000
_DIVISIONS = text(
    "insert into division (id, code, code_system, edition, level, name, parent_id) "
    "select 1000000 + n, (330102900000 + n)::text, 'nbs', '2023', 5, '社区' || n, parent_id "
    "from division, generate_series(0, 99) n where code = '330102001051'"
)
"""A hundred communities, among which the addresses are spread."""

_MANY = text(
    "insert into address (code, county, division_id, standard_text, elements, street, "
    "number_order, street_order, level, geom, place_id, updated_at) "
    "select lpad(n::text, 16, '0'), case when n % 5 = 0 then '330106' else county end, "
    "case when n % 50 = 0 then division_id else 1000000 + n % 100 end, "
    "standard_text, elements, street, n, street_order, level, "
    "ST_SetSRID(ST_MakePoint(119 + (n % 997) / 997.0, 29 + n / 20000.0), 4490), place_id, "
    "timestamptz '2020-01-01' + make_interval(mins => n) "
    "from address, generate_series(1, :rows) n where code = :code"
)


@pytest.fixture(scope="module")
def crowded(database: TestDatabase) -> Iterator[tuple[Session, int]]:
    """A street of many doors, and the key of another street with one.

    As the owner: the application's role may not ``analyze``, and the planner would go by what
    autovacuum last saw of the table, which may be nothing.
    """
    owner = create_engine(database.owner_url)
    with rolled_back(owner) as session:
        place = make_place(session)
        one = make_draft(place, "1")
        other = replace(one, elements=one.elements._replace(thoroughfare="中山路"))
        codes = [str(code) for code in enter_addresses(session, [one, other], COMMAND_LINE)]
        session.execute(_DIVISIONS)
        session.execute(_MANY, {"rows": ROWS, "code": codes[0]})
        session.execute(text("update address set status = 'frozen' where code like '%777'"))
        session.execute(text("update address set level = 'thing' where code like '%888'"))
        session.execute(text("update address set updated_at = '2026-06-01' where code like '%99'"))
        session.execute(text("analyze address"))
        place_id = session.scalars(select(Address.place_id).where(Address.code == codes[1])).one()
        assert place_id is not None
        yield session, place_id
    owner.dispose()


def plan_of(session: Session, wanted: AddressFilter, limit: int = 50) -> str:
    statement = select_codes(session, wanted, after="", limit=limit)
    written = statement.compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    found = session.connection().exec_driver_sql(f"explain {written}".replace("%", "%%"))
    return "\n".join(found.scalars())


BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
CASES = [
    (AddressFilter(), "pk_address"),
    (AddressFilter(divisions=("330106",)), "ix_address_county"),
    (AddressFilter(divisions=("3301",)), "ix_address_county"),
    (AddressFilter(divisions=("330102001",)), "ix_address_division_id"),
    (AddressFilter(divisions=("330102001051", "330106001")), "ix_address_division_id"),
    (AddressFilter(status="frozen"), "ix_address_status_code"),
    (AddressFilter(level="thing"), "ix_address_rare_level"),
    (AddressFilter(box=Box(119.2, 29.2, 119.22, 29.22)), "ix_address_geom"),
    (AddressFilter(("3301",), circle=Circle(Point(119.2, 29.2), 500)), "ix_address_geom"),
    (AddressFilter(changed_since=BEGUN, box=Box(119.2, 29.2, 119.22, 29.22)), "ix_address_geom"),
]


@pytest.mark.parametrize(("wanted", "index"), CASES)
def test_a_page_is_read_by_the_index_of_its_filter(
    crowded: tuple[Session, int], wanted: AddressFilter, index: str
) -> None:
    plan = plan_of(crowded[0], wanted)
    assert index in plan, plan
    assert "Seq Scan on address" not in plan


def test_places_are_read_in_order_of_code_and_merged(crowded: tuple[Session, int]) -> None:
    session, place_id = crowded
    plan = plan_of(session, AddressFilter(place_ids=(place_id, place_id + 1)))
    assert "ix_address_place_id" in plan, plan
    assert "Seq Scan" not in plan
    one = list_filtered(session, AddressFilter(place_ids=(place_id,)))
    assert [row.standard_text[-5:] for row in one] == ["中山路1号"]
    assert list_filtered(session, AddressFilter(place_ids=())) == []
    assert list_filtered(session, AddressFilter(divisions=())) == []


def test_what_has_changed_is_looked_up_by_time(crowded: tuple[Session, int]) -> None:
    session, _ = crowded
    session.execute(text("set local enable_indexscan = off"))
    session.execute(text("set local enable_seqscan = off"))
    plan = plan_of(session, AddressFilter(changed_since=BEGUN))
    session.execute(text("set local enable_indexscan = on"))
    assert "ix_address_updated_at" in plan, plan
    found = list_filtered(session, AddressFilter(changed_since=BEGUN), limit=1000)
    assert len(found) == ROWS // 100 + 2


def test_a_circle_holds_what_lies_within_its_metres(crowded: tuple[Session, int]) -> None:
    session, _ = crowded
    centre = Point(119.5, 29.5)
    found = list_filtered(session, AddressFilter(circle=Circle(centre, 3000)), limit=1000)
    box = list_filtered(session, AddressFilter(box=Box(119.45, 29.45, 119.55, 29.55)), limit=1000)
    near = {
        row.code for row in box if distance_m(centre, Point(row.lon or 0, row.lat or 0)) <= 3000
    }
    assert {row.code for row in found} == near
    assert 0 < len(near) < len(box)
