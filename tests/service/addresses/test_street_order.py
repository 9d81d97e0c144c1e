"""The register keeps the street order, whichever command writes an address."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.elements import Elements, local_text
from address_model.street_order import street_order
from address_model.tables import Address
from service.addresses.commands import correct_address, enter_addresses, follow_division
from service.addresses.commands.renamings import Renaming
from service.addresses.queries import STREET_ORDER, get_address, lies_on_stretch
from service.core.actor import COMMAND_LINE
from service.divisions.queries import get_division
from tests.factories.addresses import make_draft
from tests.factories.divisions import make_place
from tests.factories.streets import addresses, enter_doors, golden_doors, read_door

streets = st.lists(addresses(), min_size=2, max_size=25, unique_by=local_text)


def codes_in_order(session: Session) -> list[str]:
    return list(session.scalars(select(Address.code).order_by(*STREET_ORDER)))


def order_of(session: Session, code: str) -> bytes:
    return session.scalars(select(Address.street_order).where(Address.code == code)).one()


def test_the_golden_list_is_returned_in_its_order(session: Session) -> None:
    codes = enter_doors(session, golden_doors())
    assert codes_in_order(session) == codes


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(streets)
def test_the_database_sorts_any_street_as_the_key_does(
    session: Session, street: list[Elements]
) -> None:
    with session.begin_nested() as part:
        place = make_place(session)
        drafts = [make_draft(place, elements=elements) for elements in street]
        codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
        by_key = sorted(zip((d.street_order for d in drafts), codes, strict=True))
        assert codes_in_order(session) == [code for _, code in by_key]
        part.rollback()


def test_a_corrected_address_moves_to_its_new_place(session: Session) -> None:
    place = make_place(session)
    codes = enter_doors(session, ["河坊街1号", "河坊街2号", "河坊街3号"], place=place)
    moved = make_draft(place, elements=read_door("河坊街2-1号"))
    correct_address(session, get_address(session, codes[0]), moved, COMMAND_LINE)
    assert codes_in_order(session) == [codes[1], codes[0], codes[2]]


def test_addresses_that_follow_their_division_are_ordered_by_the_new_one(session: Session) -> None:
    place = make_place(session)
    codes = enter_doors(session, ["河坊街1号", "河坊街2号"], place=place)
    target = get_division(session, "330106001000")
    following = Renaming([place.township_id], "清波街道", target, moves=True, source="test")
    assert follow_division(session, following, COMMAND_LINE).changed == 2
    held = get_address(session, codes[0])
    assert order_of(session, codes[0]) == street_order("330106001000", held.elements)


def test_a_stretch_of_the_order_is_a_division(session: Session) -> None:
    place = make_place(session)
    community = place.ids["330102001051"]
    drafts = [
        make_draft(place, "1"),
        make_draft(place, "2", division_id=community, division_code="330102001051"),
        make_draft(
            place,
            "3",
            county="330106",
            division_id=place.ids["330106001000"],
            division_code="330106001000",
        ),
    ]
    codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    for division, found in (
        ("3301", codes),
        ("330102000000", codes[:2]),
        ("330102001000", codes[:2]),
        ("330102001051", codes[1:2]),
        ("330106001", codes[2:]),
    ):
        statement = select(Address.code).where(lies_on_stretch(division)).order_by(*STREET_ORDER)
        assert list(session.scalars(statement)) == found
