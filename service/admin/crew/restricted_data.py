"""What datasets show at a plate to the roles of a person, beyond what everybody sees there."""

from address_model.datasets.fields import FieldReader
from service.audit.tally import AuditTally
from service.auth.members import StaffMember
from service.core.database import Session
from service.datasets.queries import find_shown_fields
from service.datasets.register import ShownField


def read_restricted(
    session: Session, member: StaffMember, code: str, division: str, tally: AuditTally
) -> list[ShownField]:
    """The fields that are not public, each reading counted for the audit; "" is a blank plate."""
    roles = frozenset(one.role for one in member.assignments if division.startswith(one.prefix))
    found = find_shown_fields(session, [code], FieldReader(roles=roles))[code] if code else ()
    shown = [one for one in found if not one.is_public]
    for name in {one.dataset_name for one in shown}:
        tally.add(member.actor, "datasets:read", name)
    return shown
