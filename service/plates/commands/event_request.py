"""Records an event of any kind, as a program or a member of staff sends it over the API."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from address_model.inspections import PlateEventKind
from service.core.actor import Actor
from service.plates.commands.blanks import bind_blank_plate
from service.plates.commands.replacement import ReplacementRequest, replace_plate, void_plate
from service.plates.commands.visits import record_visit
from service.plates.event_report import EventReport
from service.plates.payload_host import PayloadHost
from service.plates.queries.events import EventRow


@dataclass(frozen=True, slots=True)
class EventRequest:
    """What was sent: ``reason`` of an order or of voiding, ``code`` of the address to bind to.

    ``host`` is what the QR code of the plate to be made begins with, when one is ordered, and
    ``approval_above`` how many plates its author may issue a day without a second person.
    """

    kind: PlateEventKind
    visit: EventReport
    reason: str
    code: str
    host: PayloadHost
    approval_above: int


def record_called(session: Session, token: str, order: EventRequest, actor: Actor) -> EventRow:
    """Record it by the command of its kind.

    Raises:
        PlateNotFound, AddressNotFound, MalformedCode, Conflict, BadRequest: as that command.
    """
    visit = order.visit
    if order.kind is PlateEventKind.ORDERED:
        host, above = order.host, order.approval_above
        what = ReplacementRequest(order.reason, host.prefix, host.is_trial, above)
        return replace_plate(session, token, what, visit, actor)
    if order.kind is PlateEventKind.VOIDED:
        return void_plate(session, token, order.reason, visit, actor)
    if order.kind is PlateEventKind.BOUND:
        return bind_blank_plate(session, token, order.code, visit, actor)
    return record_visit(session, token, order.kind, visit, actor)
