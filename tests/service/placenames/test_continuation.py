"""A road through several counties is one place a county, each continuing the one before."""

import pytest
from sqlalchemy.orm import Session

from address_model.places import PlaceKind
from service.audit.queries import verify_chain
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE
from service.core.database import finish
from service.core.errors import Conflict
from service.departments.schemas import PlaceOut
from service.placenames.commands import NewPlace, add_places, join_place
from service.placenames.queries import find_places, get_place
from tests.factories.divisions import make_place


def make_roads(session: Session, *counties: str, kind: PlaceKind = PlaceKind.STREET) -> list[str]:
    """The road 江海公路 in each of the counties; their numbers."""
    made = [
        add_places(
            session, [NewPlace(kind, f"{kind}江海公路", county, "", "", "test")], COMMAND_LINE
        )[0]
        for county in counties
    ]
    found = find_places(session, made)
    return [found[key].number for key in made]


def test_a_road_continues_that_of_the_next_county_until_it_is_taken_back(session: Session) -> None:
    make_place(session)
    east, west = make_roads(session, "330102", "330106")
    joined = join_place(session, west, east, COMMAND_LINE)
    assert (joined.continues, PlaceOut.of(joined).continues) == (east, east)
    assert get_place(session, east).continues == ""
    finish(session)
    assert verify_chain(session).is_whole
    assert ("place_name", west, "joined") in {
        (one.subject, one.key, one.action) for one in list_changes(session, after=0, limit=100_000)
    }
    assert join_place(session, west, "", COMMAND_LINE).continues == ""


def test_a_road_never_continues_itself_nor_one_that_goes_on_already(session: Session) -> None:
    make_place(session)
    east, west = make_roads(session, "330102", "330106")
    (village,) = make_roads(session, "330106", kind=PlaceKind.VILLAGE)
    (other,) = make_roads(session, "330106", kind=PlaceKind.ESTATE)
    join_place(session, west, east, COMMAND_LINE)
    for one, before in ((east, west), (west, west), (village, east), (other, east)):
        with pytest.raises(Conflict):
            join_place(session, one, before, COMMAND_LINE)
    assert get_place(session, west).continues == east
