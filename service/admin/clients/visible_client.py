"""A program or a grant that a person of the desk may see."""

from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.auth.queries import (
    ClientNotFound,
    GrantRow,
    ListedClient,
    get_grant,
    list_clients,
)
from service.core.database import Session

MANAGE = Permission.CLIENTS_MANAGE


def see_client(session: Session, member: StaffMember, number: int) -> ListedClient:
    """The program with this number, if it is of the person's divisions.

    Raises:
        ClientNotFound: as if it did not exist.
    """
    found = list_clients(session, ids=[number])
    if not found or not may(member, MANAGE, found[0].division):
        raise ClientNotFound(f"there is no program {number}", zh="没有这个程序。")
    return found[0]


def see_grant(session: Session, member: StaffMember, number: int) -> tuple[GrantRow, ListedClient]:
    """A grant with its program, if that is of the person's divisions.

    Raises:
        GrantNotFound, ClientNotFound: as if it did not exist.
    """
    row = get_grant(session, number)
    return row, see_client(session, member, row.client_id)
