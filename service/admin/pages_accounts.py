"""Pages of staff accounts: roles, divisions, passwords, sessions."""

from operator import attrgetter
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from service.admin.answer import see_other, show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.pages_provider import provider_of
from service.admin.scope import scope_of
from service.auth import commands
from service.auth.guards import staff
from service.auth.members import Assignment, StaffMember, may
from service.auth.names import fold_name
from service.auth.permissions import ROLE_NAMES, Permission, Role
from service.auth.policies import (
    may_manage,
    require_manageable,
    require_role_change,
    require_visible,
)
from service.auth.queries import (
    AccountRow,
    get_account,
    hold_account,
    list_accounts,
    list_given,
    list_sessions,
)
from service.core.clock import today
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession, settings_of
from service.divisions.queries import find_names, get_division_by_text
from service.organisations.commands import move_account
from service.organisations.policies import require_move
from service.organisations.queries import UnitRow, find_units, get_unit, list_units

router = staff_pages()
MANAGE = Permission.ACCOUNTS_MANAGE
Manager = Annotated[StaffMember, staff(MANAGE)]
Text = Annotated[str, Form()]
PAGE = 50
MOST_UNITS = 500
DUTIES = {
    Role.ADMINISTRATOR: "管理账号和接口密钥，查看登记",
    Role.OFFICER: "维护地址、门牌、责任人，建批次，不能审批",
    Role.APPROVER: "审批别人提交的批次",
    Role.CREW: "现场安装、巡查、办工单",
    Role.GRID_WORKER: "在自己的网格巡查、报修，确认自己的公示信息",
    Role.COMMUNITY_OFFICER: "在自己的警务区巡查、报修，确认自己的公示信息",
    Role.VIEWER: "只能查看",
    Role.AUDITOR: "查看审计记录",
}


@router.get("/admin/accounts")
def accounts(request: Request, session: ReadSession, member: Manager, after: str = "") -> Response:
    """Accounts with a role in the person's divisions."""
    rows = list_accounts(session, scopes=member.scopes(MANAGE), after=after, limit=PAGE + 1)
    shown, following = page_of(rows, PAGE, attrgetter("name"))
    return show(
        request,
        member,
        "accounts/list.html",
        accounts=shown,
        following=following or "",
        names=_names(session, shown),
        roles=ROLE_NAMES,
    )


@router.get("/admin/accounts/new")
def new_account(
    request: Request,
    session: ReadSession,
    member: Manager,
    division: PickedDivision,
    unit: str = "",
) -> Response:
    """The form for a new account."""
    return show(
        request,
        member,
        "accounts/new.html",
        reach=scope_of(session, member, MANAGE, division),
        roles=ROLE_NAMES,
        duties=DUTIES,
        units=_list_units(session, member),
        unit=unit,
    )


@router.post("/admin/accounts/new")
def create_account(
    request: Request,
    session: WriteSession,
    member: Manager,
    division: PickedDivision,
    *,
    name: Text,
    role: Annotated[Role, Form()],
    display_name: Text = "",
    unit: Text = "",
) -> Response:
    """Create an account and show its initial password once."""
    assignment = _assignment(session, role, division)
    require_role_change(member, None, assignment)
    password = commands.create_account(
        session, name, assignment, member.actor, display_name=display_name
    )
    if unit:
        made = get_account(session, fold_name(name))
        require_move(member, made, (None, get_unit(session, unit)))
        move_account(session, made.name, unit, member.actor)
    return _show_password(request, member, name, password)


@router.get("/admin/accounts/{name}")
def account(
    request: Request, session: ReadSession, member: Manager, name: str, division: PickedDivision
) -> Response:
    """One account: roles, sessions and actions."""
    found = get_account(session, name)
    require_visible(member, found)
    given = list_given(session, found.id)
    return show(
        request,
        member,
        "accounts/account.html",
        account=found,
        sessions=list_sessions(session, found.id),
        names=_names(session, [found]),
        reach=scope_of(session, member, MANAGE, division),
        roles=ROLE_NAMES,
        duties=DUTIES,
        manageable=may_manage(member, found),
        own=found.id == member.account_id,
        given=given,
        withdrawable={a for a in given if may(member, MANAGE, a.division)},
        unit=find_units(session, [found.unit_id or 0]).get(found.unit_id or 0),
        units=_list_units(session, member),
        provider=settings_of(request).oidc_name if settings_of(request).oidc_issuer else "",
    )


@router.post("/admin/accounts/{name}/unit")
def move(session: WriteSession, member: Manager, name: str, unit: Text = "") -> Response:
    """Let an account belong to another unit, or to none."""
    found = hold_account(session, name)
    before = find_units(session, [found.unit_id or 0]).get(found.unit_id or 0)
    require_move(member, found, (before, get_unit(session, unit) if unit else None))
    move_account(session, found.name, unit, member.actor)
    return see_other(f"/admin/accounts/{found.name}")


@router.post("/admin/accounts/{name}/roles")
def assign_role(
    session: WriteSession,
    member: Manager,
    name: str,
    division: PickedDivision,
    role: Annotated[Role, Form()],
) -> Response:
    """Add a role to an account."""
    assignment = _assignment(session, role, division)
    require_role_change(member, hold_account(session, name), assignment)
    commands.assign_role(session, name, assignment, member.actor)
    return see_other(f"/admin/accounts/{name}")


@router.post("/admin/accounts/{name}/roles/withdraw")
def withdraw_role(
    session: WriteSession,
    member: Manager,
    name: str,
    role: Annotated[Role, Form()],
    division: Text = "",
) -> Response:
    """Remove a role from an account."""
    assignment = Assignment(role, division)
    require_role_change(member, hold_account(session, name), assignment)
    commands.withdraw_role(session, name, assignment, member.actor)
    return see_other(f"/admin/accounts/{name}")


@router.post("/admin/accounts/{name}/disable")
def disable(session: WriteSession, member: Manager, name: str) -> Response:
    """Disable an account and end its sessions."""
    require_manageable(member, hold_account(session, name))
    commands.disable_account(session, name, member.actor)
    return see_other(f"/admin/accounts/{name}")


@router.post("/admin/accounts/{name}/enable")
def enable(session: WriteSession, member: Manager, name: str) -> Response:
    """Re-enable a disabled or locked account."""
    require_manageable(member, hold_account(session, name))
    commands.enable_account(session, name, member.actor)
    return see_other(f"/admin/accounts/{name}")


@router.post("/admin/accounts/{name}/password")
def reset_password(request: Request, session: WriteSession, member: Manager, name: str) -> Response:
    """Set a new initial password and show it once."""
    require_manageable(member, hold_account(session, name))
    password = commands.reset_password(session, name, member.actor)
    return _show_password(request, member, name, password)


@router.post("/admin/accounts/{name}/second-factor")
def reset_second_factor(session: WriteSession, member: Manager, name: str) -> Response:
    """Take the authenticator away, for somebody who has lost it."""
    require_manageable(member, hold_account(session, name))
    commands.reset_second_factor(session, name, member.actor)
    return see_other(f"/admin/accounts/{name}")


@router.post("/admin/accounts/{name}/identity")
def bind_identity(
    request: Request, session: WriteSession, member: Manager, name: str, subject: Text
) -> Response:
    """Bind an account to an identity at the provider; its password ends."""
    require_manageable(member, hold_account(session, name))
    provider, _ = provider_of(request)
    commands.bind_identity(session, name, provider.issuer, subject, member.actor)
    return see_other(f"/admin/accounts/{name}")


@router.post("/admin/accounts/{name}/identity/release")
def release_identity(
    request: Request, session: WriteSession, member: Manager, name: str
) -> Response:
    """Release an account from the provider, and show its new initial password once."""
    require_manageable(member, hold_account(session, name))
    password = commands.release_identity(session, name, member.actor)
    return _show_password(request, member, name, password)


@router.post("/admin/accounts/{name}/sign-out")
def sign_out(session: WriteSession, member: Manager, name: str) -> Response:
    """End all sessions of an account."""
    found = hold_account(session, name)
    require_manageable(member, found)
    commands.close_sessions(session, found.id, found.name, member.actor)
    return see_other(f"/admin/accounts/{name}")


def _assignment(session: WriteSession, role: Role, division: str) -> Assignment:
    """A role in a division given by code or name; empty means everywhere."""
    return Assignment(
        role, get_division_by_text(session, division).code if division.strip() else ""
    )


def _list_units(session: ReadSession, member: StaffMember) -> list[UnitRow]:
    """The units to which the person may move accounts."""
    return list_units(session, scopes=member.scopes(MANAGE), living_on=today(), limit=MOST_UNITS)


def _names(session: ReadSession, rows: list[AccountRow]) -> dict[str, str]:
    codes = {a.division for row in rows for a in row.assignments}
    return dict.fromkeys(codes, "") | find_names(session, codes) | {"": "全部区划"}


def _show_password(request: Request, member: StaffMember, name: str, password: str) -> Response:
    return show(request, member, "accounts/password.html", name=name, password=password)
