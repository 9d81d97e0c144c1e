"""What divided and merged addresses hand on: point, township, and the areas they lie in."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import AddressArea
from service.addresses.commands import (
    correct_address,
    enter_addresses,
    merge_addresses,
    move_address,
    split_address,
)
from service.addresses.queries import AddressRow, get_address
from service.areas.commands.areas import load_areas
from service.core.actor import COMMAND_LINE as ME
from service.linking.commands import assign_area, link_addresses
from service.linking.queries import list_area_ids
from service.plates.commands import follow_addresses
from tests.factories import Place, make_draft, make_place
from tests.factories.areas import box, make_listed

TODAY = date(2026, 11, 23)


@pytest.fixture
def place(session: Session) -> Place:
    """上城区 with two grids side by side; the doors of ``make_draft`` lie in the first."""
    made = make_place(session)
    grids = [
        make_listed("G1", box(16, 24, 17, 25), row=1),
        make_listed("G2", box(17, 24, 18, 25), row=2),
    ]
    load_areas(session, grids, ME, TODAY)
    return made


def enter(session: Session, place: Place, number: str, **changes: object) -> str:
    draft = make_draft(place, number, **changes)
    code = str(enter_addresses(session, [draft], ME)[0])
    link_addresses(session, [code])
    return code


def split(session: Session, code: str, place: Place, **changes: object) -> list[AddressRow]:
    """Divide an address into two whose texts name no township and no point."""
    drafts = []
    for suffix in ("之一", "之二"):
        whole = make_draft(place, "8", **changes)
        number = whole.elements.number._replace(suffix=suffix)  # type: ignore[union-attr]
        elements = whole.elements._replace(township="", number=number)
        drafts.append(
            replace(
                whole,
                point=None,
                division_id=place.county_id,
                division_code="330102000000",
                elements=elements,
            )
        )
    held = get_address(session, code)
    codes = split_address(session, code, drafts, ME, reason="分户").codes
    follow_addresses(session, [held], ME)
    return [get_address(session, str(new)) for new in codes]


def test_the_parts_of_an_address_have_its_point_its_township_and_its_areas(
    session: Session, place: Place
) -> None:
    code = enter(session, place, "8")
    whole = get_address(session, code)
    parts = split(session, code, place)
    assert {part.point for part in parts} == {whole.point}
    assert {part.point_note for part in parts} == {"沿用原河坊街8号的位置"}
    assert {part.division_code for part in parts} == {"330102001000"}
    assert [part.standard_text for part in parts] == [
        f"浙江省杭州市上城区清波街道河坊街8号{suffix}" for suffix in ("之一", "之二")
    ]
    areas = list_area_ids(session, [code, *(part.code for part in parts)])
    assert len(areas) == 3
    assert len(set(areas.values())) == 1


def test_what_a_hand_said_of_the_whole_holds_for_its_parts(session: Session, place: Place) -> None:
    code = enter(session, place, "8")
    grid = assign_area(session, code, "G2", reason="门朝那边", actor=ME, today=TODAY)
    parts = split(session, code, place)
    links = session.execute(
        select(AddressArea.code, AddressArea.area_id, AddressArea.how).where(
            AddressArea.code.in_([part.code for part in parts])
        )
    ).all()
    assert sorted(links) == sorted((part.code, grid.id, "hand") for part in parts)


def test_who_stays_of_merged_addresses_keeps_its_point_or_takes_theirs(
    session: Session, place: Place
) -> None:
    gone, bare = enter(session, place, "1"), enter(session, place, "3", point=None)
    before = merge_addresses(session, [gone], bare, ME, reason="并户")
    follow_addresses(session, before, ME)
    stays = get_address(session, bare)
    assert stays.point == before[0].point
    assert stays.point_note == "沿用并入的河坊街1号的位置"
    assert list_area_ids(session, [bare])
    other = enter(session, place, "5", point=replace(stays.point, lon=120.175))  # type: ignore[type-var]
    merge_addresses(session, [other], bare, ME, reason="并户")
    assert get_address(session, bare).point == stays.point


def test_a_moved_and_a_corrected_address_lie_in_the_areas_of_their_point(
    session: Session, place: Place
) -> None:
    code = enter(session, place, "8")
    first = list_area_ids(session, [code])[code]
    stood = get_address(session, code).point
    assert stood is not None
    east = replace(stood, lon=120.175)
    follow_addresses(session, [move_address(session, code, east, ME)], ME)
    second = list_area_ids(session, [code])[code]
    assert second != first
    back = make_draft(place, "9")
    changed = correct_address(session, get_address(session, code), back, ME)
    follow_addresses(session, changed, ME)
    assert list_area_ids(session, [code])[code] == first
