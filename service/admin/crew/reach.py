"""What a person may do at a plate: by the roles in its division, or as the holder of its area."""

from address_model.work import WorkKind
from service.admin.crew.own_area.queries import lies_in_own_area
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.core.database import Session
from service.worklists.queries import WorkRow

IN_OWN_AREAS = frozenset(
    {
        Permission.AREAS_READ,
        Permission.INSPECTIONS_READ,
        Permission.INSPECTIONS_WRITE,
        Permission.WORK_ITEMS_READ,
    }
)
"""What the holder of an area may do in it: see its work, inspect, report a broken plate, note."""


def may_at(
    session: Session, member: StaffMember, needed: Permission, division: str, code: str
) -> bool:
    """Whether a person has a permission at an address ("" for a blank plate) of a division."""
    if may(member, needed, division):
        return True
    return needed in IN_OWN_AREAS and bool(code) and lies_in_own_area(session, member, code)


def may_ever_at(member: StaffMember, needed: Permission, division: str) -> bool:
    """Whether a person who reaches an address of a division may have a permission there."""
    return needed in IN_OWN_AREAS or may(member, needed, division)


def require_at(
    session: Session, member: StaffMember, needed: Permission, division: str, code: str
) -> None:
    """Refuse a person without a permission at an address.

    Raises:
        NotAllowed: neither the roles nor an own area give it.
    """
    if not may_at(session, member, needed, division, code):
        require(member, needed, division)


def require_closable(session: Session, member: StaffMember, item: WorkRow) -> None:
    """Refuse a person who may not complete a work item.

    Who answers for its area completes what residents have reported there, and nothing else.

    Raises:
        NotAllowed: neither the roles nor an own area allow it.
    """
    is_own = item.kind == WorkKind.REPORT and lies_in_own_area(session, member, item.code)
    if not is_own:
        require(member, Permission.WORK_ITEMS_WRITE, item.division)
