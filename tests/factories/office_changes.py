"""The street of an office, and a change of many of its addresses that waits for a second person."""

from itertools import count

from service.addresses.queries import get_address
from service.auth.permissions import Role
from service.bulk_changes.commands import start_bulk_change
from service.bulk_changes.order import BulkAction, ChangeOrder
from service.placenames.queries import find_places
from tests.factories.batches import make_member
from tests.factories.office import COUNTIES, Office

_numbers = count(1)


def find_street(office: Office, side: str) -> dict[str, str]:
    """The number of the street that the address of a county stands in."""
    with office.database.reading() as session:
        held = get_address(session, office.codes[side])
        return {"number": find_places(session, [held.place_id or 0])[held.place_id or 0].number}


def make_change(office: Office, side: str) -> dict[str, str]:
    """A change of many of somebody else's that waits for a second person."""
    division = COUNTIES[side]
    with office.database.session() as session:
        name = f"changer-{next(_numbers)}"
        number = start_bulk_change(
            session,
            ChangeOrder(BulkAction.FREEZE, "核对归属"),
            [get_address(session, office.codes[side])],
            make_member(session, name, Role.OFFICER, division=division),
            title="河坊街",
            division=division,
            approval_above=0,
        )
    return {"number": str(number)}


def change_form(side: str) -> dict[str, str]:
    """The form that freezes the address of a county, as one of a list."""
    fields = {"q": "河坊街88号", "action": "freeze", "reason": "核对归属"}
    return fields | {"division": COUNTIES[side]}
