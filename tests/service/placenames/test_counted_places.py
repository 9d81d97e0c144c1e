"""Names that addresses count along: an old number leads on, and no load revives a place."""

import pytest
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import PlaceNameRecord
from service.addresses.commands import enter_addresses
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE
from service.integrity import queries
from service.naming.commands import merge_places
from service.placenames.commands import NewPlace, add_places, load_place_names
from service.placenames.queries import (
    PlaceNameNotFound,
    find_places,
    get_place,
    get_place_id,
    get_record,
)
from tests.factories import make_draft, make_place

HEFANG = PlaceNameRecord("T-1", "河坊街", "street", "330102000000")


@pytest.fixture
def street(session: Session) -> str:
    """The code of a door of 河坊街, whose name was loaded after it; its number is T-1."""
    place = make_place(session)
    (code,) = enter_addresses(session, [make_draft(place)], COMMAND_LINE)
    assert load_place_names(session, [HEFANG], COMMAND_LINE).new == ["T-1"]
    return code.digits


def test_a_loaded_name_is_the_place_and_its_first_number_leads_there(
    session: Session, street: str
) -> None:
    held = get_place(session, "T-1")
    assert get_address(session, street).place_id == held.id
    for number in ("T-1", "330102-000001"):
        assert get_place(session, number) == held
        assert get_record(session, number).number == "T-1"
        assert get_place_id(session, number) == held.id
    with pytest.raises(PlaceNameNotFound):
        get_record(session, "330102-000009")


def test_a_load_does_not_revive_a_place_that_went_up_in_another(
    session: Session, street: str
) -> None:
    new = NewPlace(get_place(session, "T-1").kind, "河坊街", "330102", "", "", "test")
    (made,) = add_places(session, [new], COMMAND_LINE)
    other = find_places(session, [made])[made]
    done = merge_places(session, "T-1", other.number, COMMAND_LINE, reason="x")
    assert done.place.number == other.number
    again = load_place_names(session, [HEFANG], COMMAND_LINE)
    assert again.refused == {"T-1": f"it went up in {other.number}"}
    assert get_place(session, "330102-000001").id == made
    assert queries.find_place_fault(session) == ""
