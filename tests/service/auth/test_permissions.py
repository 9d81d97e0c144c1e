"""Which role may do what where: the table of roles, members of staff, and programs with grants."""

import pytest

from service.auth.callers import Caller
from service.auth.grants import GRANTABLE, Grant, Program
from service.auth.members import Assignment, StaffMember, may, require
from service.auth.permissions import ROLE_NAMES, ROLE_PERMISSIONS, Permission, Role
from service.core.actor import Actor
from service.core.errors import NotAllowed

CITY, COUNTY, OTHER_COUNTY, TOWNSHIP = (
    "330100000000",
    "330102000000",
    "330106000000",
    "330102001000",
)


def member(*roles: tuple[Role, str]) -> StaffMember:
    return StaffMember(1, "zhang", "张三", tuple(Assignment(*role) for role in roles))


def program(permission: Permission, division: str) -> Program:
    grant = Grant(1, division, frozenset({permission}), GRANTABLE)
    return Program(1, "police", (grant,))


def test_every_role_has_a_name_and_permissions() -> None:
    assert set(ROLE_NAMES) == set(Role) == set(ROLE_PERMISSIONS)
    assert all(ROLE_PERMISSIONS.values())


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (Permission.AUDIT_READ, {Role.AUDITOR}),
        (Permission.ACCOUNTS_MANAGE, {Role.ADMINISTRATOR}),
        (Permission.CLIENTS_MANAGE, {Role.ADMINISTRATOR}),
        (Permission.BATCHES_APPROVE, {Role.APPROVER}),
        (Permission.PLACENAMES_APPROVE, {Role.APPROVER}),
        (Permission.BATCHES_CREATE, {Role.OFFICER}),
        (Permission.ADDRESSES_WRITE, {Role.OFFICER}),
        (Permission.PLATES_INSTALL, {Role.OFFICER, Role.CREW}),
    ],
)
def test_duties_are_separated(permission: Permission, roles: set[Role]) -> None:
    assert {role for role in Role if permission in ROLE_PERMISSIONS[role]} == roles


def test_a_viewer_writes_nothing() -> None:
    assert all(one.endswith(":read") for one in ROLE_PERMISSIONS[Role.VIEWER])


@pytest.mark.parametrize(
    ("division", "allowed"),
    [
        (COUNTY, True),
        (TOWNSHIP, True),
        ("330102001051", True),
        ("3301", False),
        (CITY, False),
        (OTHER_COUNTY, False),
        ("", False),
        (None, True),
    ],
)
def test_a_role_reaches_its_division_and_everything_below(
    division: str | None, allowed: bool
) -> None:
    officer = member((Role.OFFICER, COUNTY))
    assert may(officer, Permission.ADDRESSES_WRITE, division) is allowed


def test_a_role_in_the_whole_register_reaches_everything() -> None:
    everywhere = member((Role.VIEWER, ""))
    assert everywhere.scopes(Permission.ADDRESSES_READ) == ("",)
    assert may(everywhere, Permission.ADDRESSES_READ, TOWNSHIP)
    assert may(everywhere, Permission.ADDRESSES_READ, "")


def test_scopes_leave_out_divisions_inside_others() -> None:
    officer = member((Role.OFFICER, TOWNSHIP), (Role.OFFICER, OTHER_COUNTY), (Role.OFFICER, COUNTY))
    assert officer.scopes(Permission.ADDRESSES_WRITE) == ("330102", "330106")
    assert officer.scopes(Permission.AUDIT_READ) == ()


def test_a_scope_counts_only_roles_with_the_permission() -> None:
    mixed = member((Role.VIEWER, CITY), (Role.OFFICER, COUNTY))
    assert mixed.scopes(Permission.ADDRESSES_READ) == ("3301",)
    assert mixed.scopes(Permission.ADDRESSES_WRITE) == ("330102",)


def test_a_refusal_names_person_permission_and_division() -> None:
    with pytest.raises(NotAllowed) as refused:
        require(member((Role.VIEWER, COUNTY)), Permission.ADDRESSES_WRITE, COUNTY)
    for word in ("zhang", "addresses:write", COUNTY):
        assert word in refused.value.detail


def test_a_role_at_a_shell_is_recorded_as_such() -> None:
    assert str(member().actor) != str(StaffMember(1, "zhang", "张三", (), at_shell=True).actor)


@pytest.mark.parametrize(
    ("granted", "division", "allowed"),
    [
        ("330102", TOWNSHIP, True),
        (COUNTY, COUNTY, True),
        (COUNTY, OTHER_COUNTY, False),
        (TOWNSHIP, COUNTY, False),
        ("", OTHER_COUNTY, True),
    ],
)
def test_a_grant_of_a_program_reaches_below_its_division(
    granted: str, division: str, allowed: bool
) -> None:
    caller = Caller(Actor("client", "police"), None, program(Permission.WORK_ITEMS_WRITE, granted))
    assert caller.may(Permission.WORK_ITEMS_WRITE, division) is allowed
    assert not caller.may(Permission.PLATES_WRITE, division)


def test_a_program_without_the_grant_is_refused_by_name() -> None:
    caller = Caller(Actor("client", "police"), None, Program(1, "police"))
    with pytest.raises(NotAllowed) as refused:
        caller.require(Permission.PLATES_WRITE, COUNTY)
    assert "police" in refused.value.detail
    assert "plates:write" in refused.value.detail


def test_a_caller_who_is_staff_is_judged_by_the_roles() -> None:
    officer = member((Role.OFFICER, COUNTY))
    caller = Caller(officer.actor, officer, program(Permission.PLATES_WRITE, OTHER_COUNTY))
    caller.require(Permission.PLATES_WRITE, TOWNSHIP)
    assert not caller.may(Permission.PLATES_WRITE, OTHER_COUNTY)
