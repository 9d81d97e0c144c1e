"""Who may manage an account, which roles one person may not combine, what makes a grant.

Administrators manage the accounts of their divisions and below, but never their own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_network

from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix
from service.auth.grants import GRANTABLE, Grant
from service.auth.members import Assignment, StaffMember, may, require
from service.auth.permissions import AREA_ROLES, PROGRAM_PERMISSIONS, ROLE_NAMES, Permission, Role
from service.auth.queries import AccountRow, ListedClient, assignments_of
from service.core.clock import now_utc
from service.core.errors import AccountNotFound, BadRequest, Conflict, NotAllowed

_MANAGE = Permission.ACCOUNTS_MANAGE


@dataclass(frozen=True, slots=True)
class SeparatedDuty:
    """One of the duties that no person combines with another: its name, and the roles in it."""

    name: str
    roles: frozenset[Role]


SEPARATED = (
    SeparatedDuty("系统管理", frozenset({Role.ADMINISTRATOR})),
    SeparatedDuty("审计管理", frozenset({Role.AUDITOR})),
    SeparatedDuty("业务办理", AREA_ROLES | {Role.OFFICER, Role.APPROVER, Role.CREW}),
)
"""三员分立: whoever manages accounts, reads the audit chain, or works in the register is another
person (GB/T 22239-2019, 8.1.4.2 d, 8.1.5). Looking only (查看) goes with each."""


def find_clash(role: Role, held: Collection[Role]) -> Role | None:
    """One of the held roles that nobody may combine with ``role``, or None."""
    if not any(role in duty.roles for duty in SEPARATED):
        return None
    others = frozenset().union(*(duty.roles for duty in SEPARATED if role not in duty.roles))
    return next((one for one in Role if one in others and one in held), None)


def require_separated(session: Session, account: AccountRow, role: Role) -> None:
    """Refuse a role that the account may not combine with one it has, or has from a day to come.

    Raises:
        Conflict: names both roles, and what to do.
    """
    held = assignments_of(session, [account.id], also_ahead=True)[account.id]
    other = find_clash(role, {one.role for one in held})
    if other is not None:
        raise Conflict(
            f"{account.name} has the role {other}: nobody also holds {role} (三员分立)",
            hint="give it to another person's account, or withdraw the other role first",
            zh=f"{account.name} 已是{ROLE_NAMES[other]}，同一人不能兼任{ROLE_NAMES[role]}"
            "（三员分立：系统管理、审计管理、业务办理由不同的人担任）。"
            f"请把{ROLE_NAMES[role]}授予另一人的账号，或先收回{ROLE_NAMES[other]}。",
            field="role",
        )


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


def require_sound(grant: Grant) -> None:
    """Refuse terms that make no grant.

    Raises:
        BadRequest: no permission, or one that programs do not have; a class of fields that
            programs never see; a network that is none; an end that is past.
    """
    foreign = sorted(grant.permissions - PROGRAM_PERMISSIONS)
    if foreign or not grant.permissions:
        raise BadRequest(
            f"no program has the permission {', '.join(foreign)}" if foreign else "no permission",
            hint=f"name one or more of {', '.join(sorted(PROGRAM_PERMISSIONS))}",
            zh="请至少选择一项程序可以有的权限。",
            field="permissions",
        )
    hidden = sorted(grant.classes - GRANTABLE)
    if hidden or not grant.classes:
        raise BadRequest(
            f"no program sees the fields of class {', '.join(hidden)}" if hidden else "no fields",
            hint=f"name one or more of {', '.join(sorted(GRANTABLE))}",
            zh="请至少选择一类程序可以看到的字段。",
            field="classes",
        )
    for network in grant.networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise BadRequest(
                f"{network!r} is no network: {error}",
                hint="write it as 10.1.0.0/16",
                zh=f"“{network}”不是网段，请写成 10.1.0.0/16 的样子。",
                field="networks",
            ) from None
    if grant.valid_until is not None and grant.valid_until <= now_utc():
        raise BadRequest(
            "the grant would have ended already",
            hint="give a later time",
            zh="到期时间已经过去，请改晚一些。",
            field="valid_until",
        )


def require_contained(program: ListedClient, grant: Grant) -> None:
    """Refuse a grant that reaches beyond the division that manages its program.

    Raises:
        BadRequest: names the division.
    """
    managed = division_prefix(program.division) if program.division else ""
    if not grant.prefix.startswith(managed):
        raise BadRequest(
            f"{program.name} belongs to division {program.division}: its grants lie within it",
            hint="choose that division or one below it",
            zh="授权不能超出程序的归口区划。",
            field="division",
        )
