"""Who may manage an account: administrators of all its divisions, but never their own account."""

from service.auth.members import Assignment, StaffMember, may, require
from service.auth.permissions import Permission
from service.auth.queries import AccountRow
from service.core.errors import AccountNotFound, NotAllowed

_MANAGE = Permission.ACCOUNTS_MANAGE


def require_visible(member: StaffMember, account: AccountRow) -> None:
    """Hide an account without any role in the divisions that a person administers.

    Raises:
        AccountNotFound: as if it did not exist.
    """
    seen = any(may(member, _MANAGE, a.division) for a in account.assignments)
    if not seen and not may(member, _MANAGE, ""):
        raise AccountNotFound(f"there is no account {account.name!r}")


def may_manage(member: StaffMember, account: AccountRow) -> bool:
    """Whether a person may disable an account or set its password.

    All its roles must lie in the divisions that the person administers: a county cannot disable
    an account of the province.
    """
    within = all(may(member, _MANAGE, a.division) for a in account.assignments)
    whole = bool(account.assignments) or may(member, _MANAGE, "")
    return within and whole and account.id != member.account_id


def require_manageable(member: StaffMember, account: AccountRow) -> None:
    """Refuse to act on an account that is one's own, or that reaches beyond one's divisions.

    Raises:
        AccountNotFound: it is not visible to this person.
        NotAllowed: it is visible, but this person may not manage it.
    """
    require_visible(member, account)
    if not may_manage(member, account):
        raise NotAllowed(
            f"{account.name} is your own account or has roles outside your divisions",
            hint="ask another administrator, or one of a wider division",
        )


def require_role_change(
    member: StaffMember, account: AccountRow | None, assignment: Assignment
) -> None:
    """Refuse to grant or withdraw a role outside the person's divisions, or of their own account.

    Raises:
        NotAllowed: it is one of these.
    """
    if account is not None:
        require_visible(member, account)
        if account.id == member.account_id:
            raise NotAllowed(
                "nobody changes their own roles", hint="ask another administrator to do it"
            )
    require(member, _MANAGE, assignment.division)
