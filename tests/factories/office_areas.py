"""Areas of the counties of an office."""

from dataclasses import replace
from itertools import count

from service.areas.commands.areas import load_areas
from service.areas.queries import list_area_keys
from service.core.actor import COMMAND_LINE
from service.core.clock import today
from tests.factories.areas import box, make_listed
from tests.factories.office import COUNTIES, Office

_numbers = count(1)


def make_grid(office: Office, side: str) -> dict[str, str]:
    """A grid of a county that has a neighbour, in ground of their own."""
    number = next(_numbers)
    west, south = number % 50 * 2, 100 + number // 50 * 2
    listed = [
        make_listed(
            f"样例网格 {number}-{at}", box(west + at, south, west + at + 1, south + 1), at + 1
        )
        for at in range(2)
    ]
    with office.database.session() as session:
        own = [replace(one, division=COUNTIES[side]) for one in listed]
        load_areas(session, own, COMMAND_LINE, today())
        (key,) = list_area_keys(session)[listed[0].code]
    return {"number": str(key.id), "action": "redraw"}
