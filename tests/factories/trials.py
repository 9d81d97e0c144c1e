"""Plates for trial (试印) beside real ones, issued under a host of one network."""

from sqlalchemy.orm import Session

from service.auth.members import StaffMember
from service.batches.commands import batches
from service.batches.queries.batches import BatchRow
from service.core.actor import COMMAND_LINE
from service.plates.commands import issue_plates, open_batch
from tests.factories.batches import make_batch_request
from tests.factories.hosts import PREFIX

LAN = "http://192.168.1.5:8000"
LAN_PREFIX = f"{LAN}/"


def issue(
    session: Session, codes: list[str], *, trial: bool, status: str = "in_use", name: str = "b"
) -> list[str]:
    batch = open_batch(
        session,
        name=name,
        design="medium",
        payload_prefix=LAN_PREFIX if trial else PREFIX,
        actor=COMMAND_LINE,
        is_trial=trial,
    )
    return issue_plates(session, batch, codes, COMMAND_LINE, status=status)


def choose(session: Session, clerk: StaffMember, **changes: object) -> BatchRow:
    """A batch in draft, with these differences from the standard request."""
    return batches.choose_batch(session, make_batch_request(**changes), clerk).batch
