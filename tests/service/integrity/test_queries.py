"""Relations of places and addresses that ``menpai check`` verifies, each with a planted fault."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Numbered
from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from service.integrity import queries
from tests.factories import make_draft, make_place


@pytest.fixture
def register(session: Session) -> Session:
    """A door with a room, and one in another county."""
    place = make_place(session)
    door = make_draft(place, "88")
    room = make_draft(place, elements=door.elements._replace(building=Numbered("1", "幢")))
    other = make_draft(
        place,
        county="330106",
        division_id=place.ids["330106001000"],
        division_code="330106001000",
        elements=door.elements._replace(county="西湖区", township="北山街道"),
    )
    enter_addresses(session, [door, room, other], COMMAND_LINE)
    assert queries.find_place_fault(session) == ""
    return session


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (
            "update place_township set folded = '南街' where county = '330102'",
            "a township with a name other than its place's",
        ),
        (
            "update place_name set standard_name = '南街' where county = '330102'",
            "a township with a name other than its place's",
        ),
        (
            "update place_name set status = 'historical' where county = '330102'",
            "an address on a merged place",
        ),
        ("update place_name set county = '330106' where county = '330102'", "another county"),
        ("update place_township set county = '330106' where county = '330102'", "another county"),
        (
            "update place_township set kind = 'estate' where county = '330102'",
            "another county or kind",
        ),
        ("update place_township set valid_to = current_date", "a place without a township"),
        (
            "update address set second_place_id = (select id from place_name "
            "where county = '330106') where county = '330102'",
            "an address on a place of another county",
        ),
        (
            "update address_name set key = replace(key, '|', '|9') "
            "where code in (select code from address where county = '330106')",
            "a key that does not belong to the place",
        ),
        (
            "update address set parent_code = (select code from address where county = '330106') "
            "where county = '330102' and level = 'number'",
            "another place or county",
        ),
        (
            "update address set status = 'retired' where county = '330102' and level = 'number'",
            "a living address inside an ended one",
        ),
    ],
)
def test_a_broken_relation_of_places_is_found(register: Session, spoil: str, fault: str) -> None:
    register.execute(text(spoil))
    assert fault in queries.find_place_fault(register)


def test_two_current_places_under_one_name_in_one_township_are_refused(register: Session) -> None:
    with pytest.raises(Exception, match="uq_place_township_current"):
        register.execute(
            text(
                "insert into place_township "
                "(place_id, county, kind, folded, township, qualifier, valid_from) "
                "select place_id, county, kind, folded, township, qualifier, valid_from "
                "from place_township"
            )
        )
