"""A grant by which many addresses can be read holds only when a second administrator agrees."""

import pytest
from sqlalchemy.orm import Session

from address_model.sensitivity import FieldClass
from service.auth.commands import create_client, withdraw_grant
from service.auth.grants import Grant
from service.auth.keys import ApiKey
from service.auth.members import Assignment, StaffMember
from service.auth.permissions import Permission, Role
from service.auth.queries import find_program, get_account, get_grant
from service.core.actor import COMMAND_LINE
from service.core.errors import BadRequest, Conflict, NotAllowed, Outdated
from service.departments.commands import approve_grant, digest_of, give_grant, send_back_grant
from tests.factories.addresses import enter_at
from tests.factories.office import insert_account

READ, FOLLOW, RESOLVE = (
    Permission.ADDRESSES_READ,
    Permission.CHANGES_READ,
    Permission.ADDRESSES_RESOLVE,
)
DOORS = [(16, 24), (17, 24), (18, 24)]


@pytest.fixture
def office(session: Session) -> tuple[ApiKey, StaffMember, StaffMember]:
    """A register of three doors, a program without a grant, and two administrators."""
    enter_at(session, DOORS)
    key = create_client(session, "police", COMMAND_LINE)
    members = []
    for name in ("wang", "zhao"):
        insert_account(session, name, Role.ADMINISTRATOR, "")
        held = get_account(session, name)
        assigned = (Assignment(Role.ADMINISTRATOR),)
        members.append(StaffMember(held.id, name, name, assigned))
    return key, members[0], members[1]


Office = tuple[ApiKey, StaffMember, StaffMember]


def grant(*permissions: Permission, division: str = "") -> Grant:
    return Grant(0, division, frozenset(permissions), frozenset({FieldClass.PUBLIC}))


def held(session: Session, key: ApiKey) -> frozenset[Permission]:
    program = find_program(session, key)
    assert program is not None
    return program.permissions


@pytest.mark.parametrize("permission", [READ, FOLLOW])
def test_a_grant_to_read_in_bulk_waits_for_another_administrator(
    session: Session, office: Office, permission: Permission
) -> None:
    key, wang, zhao = office
    given = give_grant(session, "police", grant(permission), wang.actor, approval_above=2)
    assert given.waits
    assert held(session, key) == frozenset()
    seen = get_grant(session, given.number)
    with pytest.raises(NotAllowed):
        approve_grant(session, given.number, wang, agreed=digest_of(seen))
    with pytest.raises(Conflict):
        approve_grant(session, given.number, zhao, agreed="0" * 64)
    with pytest.raises(Outdated):
        approve_grant(session, given.number, zhao, agreed=digest_of(seen), seen=seen.version + 1)
    assert held(session, key) == frozenset()
    approve_grant(session, given.number, zhao, agreed=digest_of(seen), seen=seen.version)
    assert held(session, key) == {permission}
    with pytest.raises(Conflict, match="does not wait"):
        approve_grant(session, given.number, zhao, agreed="")


def test_what_one_gives_in_a_day_counts_together(session: Session, office: Office) -> None:
    key, wang, zhao = office
    first, second = (
        give_grant(session, "police", grant(READ), wang.actor, approval_above=5) for _ in "12"
    )
    assert (first.waits, second.waits) == (False, True)
    assert held(session, key) == {READ}
    assert not give_grant(session, "police", grant(READ), zhao.actor, approval_above=5).waits


def test_a_grant_for_single_addresses_or_an_empty_division_needs_nobody(
    session: Session, office: Office
) -> None:
    key, wang, _ = office
    for terms in (grant(RESOLVE, Permission.PLATES_READ), grant(READ, division="330106")):
        assert not give_grant(session, "police", terms, wang.actor, approval_above=0).waits
    assert held(session, key) == {RESOLVE, Permission.PLATES_READ, READ}


def test_before_there_are_accounts_nobody_is_waited_for(session: Session, office: Office) -> None:
    key = office[0]
    assert not give_grant(session, "police", grant(READ), COMMAND_LINE, approval_above=0).waits
    assert held(session, key) == {READ}


def test_a_grant_that_is_sent_back_or_withdrawn_never_holds(
    session: Session, office: Office
) -> None:
    key, wang, zhao = office
    first, second = (
        give_grant(session, "police", grant(READ), wang.actor, approval_above=0) for _ in "12"
    )
    with pytest.raises(BadRequest):
        send_back_grant(session, first.number, " ", zhao)
    send_back_grant(session, first.number, "只需要上城区", zhao)
    withdraw_grant(session, second.number, wang.actor)
    for one in (first, second):
        assert get_grant(session, one.number).withdrawn_at is not None
        with pytest.raises(Conflict, match="does not wait"):
            approve_grant(session, one.number, zhao, agreed="")
    assert held(session, key) == frozenset()
