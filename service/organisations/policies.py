"""Who may open a unit, appoint to its posts, and move an account between units: downward only."""

from address_model.division_codes import division_prefix
from service.auth.members import Assignment, StaffMember, may, require
from service.auth.permissions import Permission, Role
from service.auth.policies import require_role_change, require_visible
from service.auth.queries import AccountRow
from service.core.errors import Conflict, NotAllowed
from service.organisations.queries import UnitRow

_WRITE = Permission.UNITS_WRITE


def require_below(division: str, parent: UnitRow) -> None:
    """Refuse a unit above which stands one of another place.

    Raises:
        Conflict: the division does not lie in that of the unit above.
    """
    if not division.startswith(division_prefix(parent.division)):
        raise Conflict(
            f"{parent.name} is a unit of {parent.division}, and {division} does not lie in it",
            hint="choose a unit of the same division, or of one above it",
            zh=f"{parent.name}不在这个区划或它的上级区划里，不能作上级单位。",
            field="parent",
        )


def require_appointment(
    member: StaffMember, account: AccountRow, unit: UnitRow, role: Role | None
) -> None:
    """Refuse to give a post to somebody whom this person may not see, or a role to themselves.

    Raises:
        AccountNotFound: none of the account's roles lies in this person's divisions.
        NotAllowed: the unit lies outside them, or it is this person's own account.
    """
    require(member, _WRITE, unit.division)
    if role is not None:
        require_role_change(member, account, Assignment(role, unit.division))
        return
    require_visible(member, account)


def require_move(
    member: StaffMember, account: AccountRow, units: tuple[UnitRow | None, UnitRow | None]
) -> None:
    """Refuse to move an account out of, or into, a unit beyond this person's divisions.

    ``units``: where it is, and where it is to be; None is no unit.

    Raises:
        AccountNotFound: none of the account's roles lies in this person's divisions.
        NotAllowed: it is their own account, or one of the two units lies outside.
    """
    require_visible(member, account)
    if account.id == member.account_id:
        raise NotAllowed(
            "nobody moves their own account",
            hint="ask another administrator to do it",
            zh="自己的账号由其他管理员办理调动。",
            field="unit",
        )
    for unit in units:
        if unit is not None and not may(member, Permission.ACCOUNTS_MANAGE, unit.division):
            raise NotAllowed(
                f"{unit.name} lies outside your divisions",
                hint="ask an administrator of a wider division",
                zh=f"{unit.name}不在您负责的区划内，请上级管理员办理。",
                field="unit",
            )
