"""三员分立: no person combines system administration, audit, and work in the register."""

from itertools import product

import pytest
from sqlalchemy.orm import Session

from service.auth import commands
from service.auth.commands import SAMPLES
from service.auth.members import Assignment, StaffMember
from service.auth.permissions import ROLE_NAMES, ROLE_PERMISSIONS, Permission, Role
from service.auth.policies import SEPARATED, find_clash, require_role_change
from service.auth.queries import get_account, list_several_roles
from service.core.actor import COMMAND_LINE as ME
from service.core.errors import Conflict, NotAllowed
from tests.factories import make_place

APART = {
    (Role.ADMINISTRATOR, Role.AUDITOR),
    (Role.ADMINISTRATOR, Role.OFFICER),
    (Role.ADMINISTRATOR, Role.APPROVER),
    (Role.AUDITOR, Role.OFFICER),
    (Role.AUDITOR, Role.APPROVER),
}
DIVISIONS = ("", "330000000000", "330100000000", "330102000000", "330102001000", "330106000000")


def test_whoever_may_more_than_read_has_exactly_one_duty() -> None:
    """A new role that writes has to be put into one of the three."""
    for role in Role:
        duties = [duty.name for duty in SEPARATED if role in duty.roles]
        writes = {one for one in ROLE_PERMISSIONS[role] if not one.endswith(":read")}
        reads_audit = Permission.AUDIT_READ in ROLE_PERMISSIONS[role]
        assert len(duties) == bool(writes or reads_audit), role


@pytest.mark.parametrize(("one", "other"), list(product(Role, Role)))
def test_two_roles_of_different_duties_clash_both_ways(one: Role, other: Role) -> None:
    if {(one, other), (other, one)} & APART:
        assert find_clash(one, {other}) is other
        assert find_clash(other, {one, Role.VIEWER}) is one
    assert find_clash(one, {one, Role.VIEWER}) is None
    assert bool(find_clash(one, {other})) is bool(find_clash(other, {one}))


@pytest.mark.parametrize(("one", "other"), sorted(APART))
def test_the_second_role_is_refused_and_both_are_named(
    session: Session, one: Role, other: Role
) -> None:
    make_place(session)
    for held, wanted in ((one, other), (other, one)):
        commands.create_account(session, f"is-{held}-{wanted}", Assignment(held, "330102"), ME)
        assignment = Assignment(wanted, "330106")
        with pytest.raises(Conflict) as refused:
            commands.assign_role(session, f"is-{held}-{wanted}", assignment, ME)
        for said in (ROLE_NAMES[held], ROLE_NAMES[wanted], "收回", "另一人"):
            assert said in refused.value.zh
        assert refused.value.field == "role"
        assert len(get_account(session, f"is-{held}-{wanted}").assignments) == 1


def test_who_gives_up_a_role_may_take_the_other(session: Session) -> None:
    make_place(session)
    commands.create_account(session, "li", Assignment(Role.OFFICER), ME)
    commands.withdraw_role(session, "li", Assignment(Role.OFFICER), ME)
    commands.assign_role(session, "li", Assignment(Role.AUDITOR), ME)
    assert get_account(session, "li").assignments == (Assignment(Role.AUDITOR),)


def test_the_accounts_of_a_demo_keep_duties_apart(session: Session) -> None:
    make_place(session)
    commands.renew_sample_accounts(session, "330000000000", ME)
    assert set(SAMPLES.values()) >= {Role.ADMINISTRATOR, Role.AUDITOR, Role.OFFICER}
    assert list_several_roles(session) == []


@pytest.mark.parametrize(("own", "wanted"), list(product(DIVISIONS, DIVISIONS)))
@pytest.mark.parametrize("role", Role)
def test_administrators_give_roles_downward_only(role: Role, own: str, wanted: str) -> None:
    administrator = StaffMember(1, "admin", "管理员", (Assignment(Role.ADMINISTRATOR, own),))
    below = Assignment(role, wanted).prefix.startswith(Assignment(role, own).prefix)
    if below:
        require_role_change(administrator, None, Assignment(role, wanted))
    else:
        with pytest.raises(NotAllowed):
            require_role_change(administrator, None, Assignment(role, wanted))


@pytest.mark.parametrize(("own", "wanted"), list(product(DIVISIONS, DIVISIONS)))
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_administrators_gives_any_role(role: Role, own: str, wanted: str) -> None:
    member = StaffMember(1, "li", "李", (Assignment(role, own),))
    with pytest.raises(NotAllowed):
        require_role_change(member, None, Assignment(Role.VIEWER, wanted))
