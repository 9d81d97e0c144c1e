"""Records an event of any kind, as requested over the API or a page."""

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
    """A requested event: ``reason`` of an order or voiding, ``code`` of the address to bind to.

    For an order, ``host`` is the payload prefix of the new plate, and ``approval_above`` how many
    plates its author may issue per day without approval.
    """

    kind: PlateEventKind
    visit: EventReport
    reason: str
    code: str
    host: PayloadHost
    approval_above: int


def record_requested_event(
    session: Session, token: str, order: EventRequest, actor: Actor
) -> EventRow:
    """Record an event with the command for its kind.

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
