"""Plates of 河坊街, and visits to them."""

from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from service.addresses.commands import enter_addresses
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE
from service.plates.commands import follow_addresses, issue_plates, open_batch
from service.plates.event_report import EventReport
from tests.factories.addresses import make_draft
from tests.factories.divisions import Place, make_place
from tests.factories.hosts import PREFIX

AT_THE_DOOR = Point(120.165, 30.24)
"""Where ``make_draft`` puts every door."""


def metres_north(metres: float) -> Point:
    """A point N metres north of the door."""
    return Point(AT_THE_DOOR.lon, AT_THE_DOOR.lat + metres / 110861.5)


def make_visit(point: Point | None = AT_THE_DOOR, **more: object) -> EventReport:
    """A visit with an id of its own."""
    values: dict[str, object] = {"id": str(uuid4()), "point": point}
    return EventReport(**values | more)  # type: ignore[arg-type]


def make_plates(
    session: Session, count: int = 1, *, status: str = "to_install", place: Place | None = None
) -> list[str]:
    """The tokens of N plates at N doors of 河坊街."""
    where = place or make_place(session)
    drafts = [make_draft(where, str(number)) for number in range(1, count + 1)]
    codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    batch = open_batch(
        session, name="test", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    return issue_plates(session, batch, codes, COMMAND_LINE, status=status)


def move_to_township(session: Session, code: str, township: str) -> None:
    """Let an address lie in another township (12 digits), with all that follows."""
    before = get_address(session, code)
    session.execute(
        text(
            "update address set division_id = (select id from division where code = :township) "
            "where code = :code"
        ),
        {"code": code, "township": township},
    )
    follow_addresses(session, [before], COMMAND_LINE)
