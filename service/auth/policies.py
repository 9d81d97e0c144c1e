"""Who may manage whose account: within the own divisions, and never the own account."""

from service.auth.members import Assignment, StaffMember, may, require
from service.auth.permissions import Permission
from service.auth.queries import AccountRow
from service.core.errors import AccountNotFound, NotAllowed

_MANAGE = Permission.ACCOUNTS_MANAGE


def require_visible(member: StaffMember, account: AccountRow) -> None:
    """Hide an account that holds no role within the divisions of whoever asks.

    Raises:
        AccountNotFound: as if it did not exist.
    """
    seen = any(may(member, _MANAGE, a.division) for a in account.assignments)
    if not seen and not may(member, _MANAGE, ""):
        raise AccountNotFound(f"there is no account {account.name!r}")


def may_manage(member: StaffMember, account: AccountRow) -> bool:
    """Whether a person may disable an account or set its password.

    All its roles must lie in the divisions of whoever asks: a county does not disable a province.
    """
    within = all(may(member, _MANAGE, a.division) for a in account.assignments)
    whole = bool(account.assignments) or may(member, _MANAGE, "")
    return within and whole and account.id != member.account_id


def require_manageable(member: StaffMember, account: AccountRow) -> None:
    """Refuse to act on an account that is one's own, or that reaches beyond one's divisions.

    Raises:
        AccountNotFound: it is not even to be seen.
        NotAllowed: it is, but is not for this person to manage.
    """
    require_visible(member, account)
    if not may_manage(member, account):
        raise NotAllowed(
            f"{account.name} is your own account or has roles outside of your divisions",
            hint="ask another administrator, or one of a wider division",
        )


def require_role_change(
    member: StaffMember, account: AccountRow | None, assignment: Assignment
) -> None:
    """Refuse to give or take a role outside of the own divisions, or from oneself.

    Raises:
        NotAllowed: it is one of these.
    """
    if account is not None:
        require_visible(member, account)
        if account.id == member.account_id:
            raise NotAllowed(
                "nobody changes the own roles", hint="ask another administrator to do it"
            )
    require(member, _MANAGE, assignment.division)
