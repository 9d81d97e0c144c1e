"""Units, and accounts that belong to one, as the routes of the desk are asked about."""

from itertools import count

from address_model.units import UnitKind
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.organisations.commands import UnitDraft, move_account, open_unit
from tests.factories.office import COUNTIES, Office, insert_account

_numbers = count(1)


def make_unit_record(office: Office, side: str) -> dict[str, str]:
    """A unit of a county, with nothing below it."""
    with office.database.session() as session:
        draft = UnitDraft(f"示例单位 A{next(_numbers)}", UnitKind.POLICE_STATION)
        made = open_unit(session, draft, COUNTIES[side], COMMAND_LINE)
    return {"number": made.number, "act": "correct"}


def make_placed_account(office: Office, side: str) -> dict[str, str]:
    """An account that belongs to a unit."""
    name, number = f"placed-{next(_numbers)}", make_unit_record(office, side)["number"]
    with office.database.session() as session:
        insert_account(session, name, Role.VIEWER, COUNTIES[side])
        move_account(session, name, number, COMMAND_LINE)
    return {"name": name}
