from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.facility_kinds import FacilityKind
from address_model.tables import Address
from service.addresses.commands import retire_address
from service.areas.queries import load_area_register
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE as ME
from service.core.database import finish
from service.core.errors import AddressNotFound, BadRequest, Conflict, Outdated
from service.linking.commands import link_addresses
from service.service_items.commands import add_facility, correct_facility, withdraw_facility
from service.service_items.queries import (
    FacilityFilter,
    FacilityNotFound,
    get_facility,
    list_facilities,
    load_facility_register,
)
from tests.factories.addresses import enter_at
from tests.factories.areas import make_area
from tests.factories.services import CENTRE, DEFIBRILLATOR

TODAY = date(2026, 12, 1)
HERE = Point(120.165, 30.24)


@pytest.fixture
def codes(session: Session) -> list[str]:
    """Doors at HERE, some 100 m and 2 km to the east; the first two in a community."""
    made = enter_at(session, [(16.5, 24), (16.6, 24), (18.6, 24)])
    area = make_area(session, "community", "示例社区 1")
    link_addresses(session, made[:2])
    finish(session)
    assert load_area_register(session, TODAY).by_id[area.id].kind == "community"
    return made


def shown(session: Session, code: str, day: date = TODAY) -> list[str]:
    """What is near HERE, from the whole register and from that around it alike."""
    area_ids = [area.id for area in load_area_register(session, day).by_id.values()]
    joined = ",".join(map(str, area_ids))
    whole = load_facility_register(session, day).near(code, HERE, joined)
    part = load_facility_register(session, day, HERE, area_ids).near(code, HERE, joined)
    assert part == whole
    return [one.facility.name for one in whole]


def test_a_facility_lies_where_its_address_does(session: Session, codes: list[str]) -> None:
    number = add_facility(session, codes[1], DEFIBRILLATOR, ME, TODAY)
    finish(session)
    (found,) = load_facility_register(session, TODAY).near(codes[0], HERE, "")
    assert found.facility.local_text == "河坊街2号"
    assert found.metres == pytest.approx(96, abs=2)
    moved = update(Address).where(Address.code == codes[1])
    session.execute(moved.values(geom="SRID=4490;POINT(120.165 30.24)"))
    (found,) = load_facility_register(session, TODAY).near(codes[0], HERE, "")
    assert found.metres == pytest.approx(0, abs=0.1)
    assert get_facility(session, number).trouble == ""


def test_a_facility_ends_with_its_address_and_the_desk_is_told(
    session: Session, codes: list[str]
) -> None:
    number = add_facility(session, codes[1], DEFIBRILLATOR, ME, TODAY)
    finish(session)
    assert codes[1] in load_facility_register(session, TODAY).codes
    retire_address(session, codes[1], ME, reason="拆除")
    finish(session)
    assert shown(session, codes[0]) == []
    troubled = list_facilities(session, FacilityFilter("330102", is_troubled=True), TODAY)
    assert [row.id for row in troubled] == [number]
    assert "消亡" in troubled[0].trouble
    with pytest.raises(Conflict):
        add_facility(session, codes[1], CENTRE, ME, TODAY)


def test_it_is_shown_told_and_gone_when_withdrawn(session: Session, codes: list[str]) -> None:
    number = add_facility(session, codes[1], DEFIBRILLATOR, ME, TODAY)
    finish(session)
    assert shown(session, codes[0]) == [DEFIBRILLATOR.name]
    correct_facility(session, number, replace(DEFIBRILLATOR, name="新名"), ME, seen=1)
    finish(session)
    assert shown(session, codes[0]) == ["新名"]
    with pytest.raises(Outdated):
        withdraw_facility(session, number, "搬走", ME, seen=1)
    withdraw_facility(session, number, "搬走", ME, seen=2)
    finish(session)
    assert shown(session, codes[0]) == []
    told = [
        (one.subject, one.key, one.action, one.version) for one in list_changes(session, after=0)
    ]
    assert told[-3:] == [
        ("facility", str(number), action, version)
        for version, action in enumerate(("new", "changed", "withdrawn"), start=1)
    ]
    with pytest.raises(Conflict):
        correct_facility(session, number, DEFIBRILLATOR, ME, seen=3)
    with pytest.raises(FacilityNotFound):
        get_facility(session, number + 1)


def test_its_days_decide(session: Session, codes: list[str]) -> None:
    days = {"valid_from": TODAY + timedelta(1), "valid_to": TODAY + timedelta(1)}
    add_facility(session, codes[1], replace(DEFIBRILLATOR, **days), ME, TODAY)  # type: ignore[arg-type]
    finish(session)
    assert [len(shown(session, codes[0], TODAY + timedelta(n))) for n in range(3)] == [0, 1, 0]


def test_the_communities_of_a_facility_are_those_of_its_address(
    session: Session, codes: list[str]
) -> None:
    add_facility(session, codes[0], DEFIBRILLATOR, ME, TODAY)
    add_facility(session, codes[2], CENTRE, ME, TODAY)
    finish(session)
    register = load_facility_register(session, TODAY)
    (area,) = load_area_register(session, TODAY).by_id
    found = register.near("", Point(121.5, 29), f"{area}")
    assert [one.facility.name for one in found] == [DEFIBRILLATOR.name]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": "120"}, "phone"),
        ({"valid_from": TODAY, "valid_to": TODAY - timedelta(1)}, "valid_to"),
    ],
)
def test_what_residents_may_not_be_shown_is_refused(
    session: Session, codes: list[str], changes: dict[str, object], field: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        add_facility(session, codes[0], replace(CENTRE, **changes), ME, TODAY)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert list_facilities(session, FacilityFilter(), TODAY) == []


def test_an_unknown_address_is_refused(session: Session) -> None:
    with pytest.raises(AddressNotFound):
        add_facility(session, "3301023456783321", CENTRE, ME, TODAY)


def test_a_list_is_narrowed_and_paged(session: Session, codes: list[str]) -> None:
    for code in codes:
        for draft in (CENTRE, DEFIBRILLATOR):
            add_facility(session, code, draft, ME, TODAY)
    finish(session)
    found, after = [], ""
    while rows := list_facilities(session, FacilityFilter("330102"), TODAY, after=after, limit=4):
        found += [(row.kind, row.code) for row in rows]
        after = rows[-1].cursor
    assert len(found) == 6
    assert found[0][0] == FacilityKind.AED
    some = list_facilities(session, FacilityFilter("330102", FacilityKind.AED), TODAY)
    assert len(some) == 3
    assert list_facilities(session, FacilityFilter("330106"), TODAY) == []
    assert list_facilities(session, FacilityFilter(is_ended=True), TODAY) == []
