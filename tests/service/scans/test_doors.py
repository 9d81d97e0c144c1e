from collections.abc import Iterator

import pytest
from sqlalchemy import func, insert, select, update

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.lifecycle import GONE, AddressStatus
from address_model.tables import Address, KeptBody
from service.addresses.commands import enter_addresses, retire_address
from service.addresses.queries import list_doors_near
from service.core.actor import COMMAND_LINE
from service.core.async_pool import AsyncPool
from service.core.database import Database
from service.plates.commands import issue_plates, open_batch
from service.scans.queries.plates import fetch_plates, read_plate
from service.scans.sketch import REACH, Spot, door_at
from tests.database import TestDatabase, migrated_database
from tests.event_loop import run_apart
from tests.factories import make_draft, make_place
from tests.factories.addresses import make_elements
from tests.factories.hosts import PREFIX

HERE = Point(120.165, 30.24)
STEPS = (-0.005, -0.0009, -0.0004, 0.0003, 0.00054, 0.00094)


Scene = tuple[TestDatabase, str, dict[str, tuple[Elements, Point]]]


def elements_of(number: int) -> Elements:
    """A door on the street, in a lane of it, or a building of an estate, by turns."""
    elements = make_elements(str(number))
    if number % 3 == 1:
        return elements._replace(lanes=(Numbered("3", "弄"), Numbered("2", "支弄")))
    if number % 3 == 2:
        return elements._replace(number=None, building=Numbered(str(number), "幢"), estate="示例园")
    return elements


@pytest.fixture(scope="module")
def town() -> Iterator[Scene]:
    """A plate among doors of every kind, near and far, two at one point.

    With its token, and what is entered: elements and point by code.
    """
    with migrated_database() as made:
        database = Database(made.app_url)
        points = [HERE, *(Point(HERE.lon + x, HERE.lat + y) for x in STEPS for y in STEPS)]
        points.append(points[1])
        with database.session() as session:
            place = make_place(session)
            drafts = [
                make_draft(place, elements=elements_of(number), point=point)
                for number, point in enumerate(points, start=3)
            ]
            codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
            batch = open_batch(
                session,
                name="示例",
                design="medium",
                payload_prefix=PREFIX,
                actor=COMMAND_LINE,
            )
            (token,) = issue_plates(session, batch, codes[:1], COMMAND_LINE)
        database.dispose()
        entered = zip(map(elements_of, range(3, 3 + len(points))), points, strict=True)
        yield made, token, dict(zip(codes, entered, strict=True))


def test_the_doors_of_a_scan_are_those_of_the_register_as_a_sketch_draws_them(
    town: Scene,
) -> None:
    made, token, entered = town

    async def scan() -> list[Spot]:
        pool = AsyncPool(made.app_url)
        found = await fetch_plates(pool, [token])
        await pool.close()
        return found[token].spots

    near: dict[Point, Elements] = {}
    for _, (elements, point) in sorted(entered.items()):  # the lowest code of each point
        east, north = abs(point.lon - HERE.lon), abs(point.lat - HERE.lat)
        if point != HERE and east <= REACH[0] and north <= REACH[1]:
            near.setdefault(point, elements)
    doors = [door_at(point, elements) for point, elements in near.items()]
    expected = [(d.point.lon, d.point.lat, d.label, d.street, d.is_block) for d in doors]
    assert run_apart(scan()) == expected
    assert len(expected) == 15
    assert {(bool(street), is_block) for *_, street, is_block in expected} == {
        (True, False),
        (False, True),
    }
    assert any(street == "河坊街3弄2支弄" for *_, street, _ in expected)


@pytest.mark.parametrize("status", list(AddressStatus))
def test_an_ended_door_is_no_neighbour(town: Scene, status: AddressStatus) -> None:
    made, token, entered = town
    code = next(
        code
        for code, (_, point) in entered.items()
        if point != HERE
        and abs(point.lon - HERE.lon) < 0.0005
        and abs(point.lat - HERE.lat) < 0.0005
    )
    database = Database(made.app_url)
    elements, point = entered[code]
    door = door_at(point, elements)
    with database.session() as session:
        session.execute(update(Address).where(Address.code == code).values(status=status.value))
        session.flush()
        record = read_plate(session, token)
        assert record is not None
        spots = [(lon, lat) for lon, lat, *_ in record.spots]
        near = [one.code for one in list_doors_near(session, point)]
        session.rollback()
    database.dispose()
    assert ((door.point.lon, door.point.lat) in spots) is (status not in GONE)
    assert (code in near) is (status not in GONE)


def test_cached_pages_around_an_ended_door_are_dropped(town: Scene) -> None:
    made, token, entered = town
    near, far = list(entered)[8], list(entered)[1]
    database = Database(made.app_url)
    kept = select(func.count()).select_from(KeptBody).where(KeptBody.token == token)
    for code, left in ((near, 0), (far, 1)):
        with database.session() as session:
            values = {"token": token, "plate_version": 1, "address_version": 1}
            session.execute(insert(KeptBody).values(made_by=b"", body=b"", **values))
            retire_address(session, code, COMMAND_LINE, reason="拆除")
            assert session.scalar(kept) == left
            session.rollback()
    database.dispose()
