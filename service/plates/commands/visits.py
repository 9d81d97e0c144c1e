"""Records a visit to a plate with the command for its kind."""

from sqlalchemy.orm import Session

from address_model.inspections import Finding, PlateEventKind
from service.core.actor import Actor
from service.core.errors import BadRequest
from service.plates.commands.field import (
    confirm_plate,
    install_plate,
    repair_plate,
    report_plate,
    take_down_plate,
)
from service.plates.event_report import EventReport
from service.plates.queries.events import EventRow

_COMMANDS = {
    PlateEventKind.INSTALLED: install_plate,
    PlateEventKind.WELL: confirm_plate,
    PlateEventKind.REPAIRED: repair_plate,
    PlateEventKind.TAKEN_DOWN: take_down_plate,
}
_FINDINGS = {str(finding): finding for finding in Finding}


def record_visit(
    session: Session, token: str, kind: PlateEventKind, visit: EventReport, actor: Actor
) -> EventRow:
    """Record a visit: installed, well, repaired, taken down, or a finding.

    Raises:
        BadRequest: the kind is not a visit (ordering, voiding, binding).
        PlateNotFound, Conflict: as the command for the kind.
    """
    command = _COMMANDS.get(kind)
    if command is not None:
        return command(session, token, visit, actor)
    found = _FINDINGS.get(str(kind))
    if found is not None:
        return report_plate(session, token, found, visit, actor)
    raise BadRequest(f"{kind} is not recorded by a visit", hint="use the command for that kind")
