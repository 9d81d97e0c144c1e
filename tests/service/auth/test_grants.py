"""Grants of programs: what they allow where, what is seen by them, and when they end."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from address_model.sensitivity import FieldClass
from service.auth import commands, queries
from service.auth.grants import GRANTABLE, Grant, Program
from service.auth.keys import ApiKey
from service.auth.permissions import PROGRAM_PERMISSIONS, Permission
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import now_utc
from service.core.errors import BadRequest, Conflict, DivisionNotFound, NotAllowed, Outdated
from tests.factories import make_place
from tests.factories.programs import grant_program, make_program

READ, RESOLVE = Permission.ADDRESSES_READ, Permission.ADDRESSES_RESOLVE
CITY, COUNTY, OTHER = "330100000000", "330102000000", "330203000000"
PUBLIC = frozenset({FieldClass.PUBLIC})


def program(*grants: tuple[Permission, str]) -> Program:
    held = [Grant(n, where, frozenset({what}), PUBLIC) for n, (what, where) in enumerate(grants)]
    return Program(1, "police", tuple(held))


def found(session: Session, key: ApiKey) -> Program:
    one = queries.find_program(session, key)
    assert one is not None
    return one


def test_the_divisions_of_a_permission_leave_out_those_inside_others() -> None:
    police = program((READ, COUNTY), (READ, CITY), (READ, OTHER), (RESOLVE, ""))
    assert police.divisions(READ) == ("3301", "330203")
    assert police.divisions(READ, within=COUNTY) == ("330102",)
    assert police.divisions(READ, within="33") == ("3301", "330203")
    assert police.divisions(READ, within="3302") == ("330203",)
    assert police.divisions(READ, within="3304") == ()
    assert police.divisions(RESOLVE) == ("",)
    assert police.divisions(Permission.PLATES_READ) == ()


def test_a_program_sees_by_a_permission_only_where_it_was_granted() -> None:
    police = program((READ, COUNTY), (RESOLVE, OTHER))
    assert police.viewer(READ).classes_in(COUNTY) == PUBLIC
    assert police.viewer(READ).classes_in(OTHER) == frozenset()
    assert police.viewer(READ).stops_at_the_door
    with pytest.raises(NotAllowed, match="police lacks the permission addresses:read"):
        police.require(READ, OTHER)
    with pytest.raises(NotAllowed, match="plates:read"):
        police.require(Permission.PLATES_READ)
    police.require(READ)


def test_a_client_without_a_grant_has_no_permission(session: Session) -> None:
    key = commands.create_client(session, "police", ME)
    assert found(session, key) == Program(found(session, key).id, "police")


def test_grants_are_withdrawn_one_by_one_and_once(session: Session) -> None:
    make_place(session)
    key = make_program(session, "police", {READ})
    number = grant_program(session, "police", {READ}, "330102")
    assert found(session, key).divisions(READ) == ("",)
    first, second = queries.get_client(session, "police").grants
    assert (second.grant.number, second.grant.division) == (number, COUNTY)
    with pytest.raises(Outdated):
        commands.withdraw_grant(session, first.grant.number, ME, 5)
    commands.withdraw_grant(session, first.grant.number, ME, first.version)
    assert found(session, key).divisions(READ) == ("330102",)
    with pytest.raises(Conflict, match="withdrawn already"):
        commands.withdraw_grant(session, first.grant.number, ME)
    with pytest.raises(queries.GrantNotFound):
        commands.withdraw_grant(session, 10**6, ME)


@pytest.mark.parametrize(
    ("begins", "ends", "holds"), [(-2, 2, True), (1, 2, False), (-2, None, True)]
)
def test_a_grant_holds_in_its_time(
    session: Session, begins: int, ends: int | None, holds: bool
) -> None:
    key = commands.create_client(session, "police", ME)
    begun, ended = (
        None if hours is None else now_utc() + timedelta(hours=hours) for hours in (begins, ends)
    )
    commands.give_grant(
        session,
        "police",
        Grant(0, "", frozenset({READ}), PUBLIC, valid_from=begun, valid_until=ended),
        ME,
    )
    assert found(session, key).may(READ) is holds
    (row,) = queries.get_client(session, "police").grants
    assert row.is_in_force(now_utc()) is holds
    assert not row.is_in_force(now_utc() + timedelta(hours=3)) or ended is None


@pytest.mark.parametrize(
    ("address", "holds"),
    [("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("10.2.0.1", False), ("2001:db8::1", True),
     ("nobody", False)],
)  # fmt: skip
def test_a_grant_is_used_from_its_networks_alone(address: str, holds: bool) -> None:
    there = Grant(1, "", frozenset({READ}), PUBLIC, networks=("10.1.0.0/16", "2001:db8::/32"))
    anywhere = Grant(2, "", frozenset({RESOLVE}), PUBLIC)
    called = Program(1, "police", (there, anywhere)).called_from(address)
    assert called.may(READ) is holds
    assert called.may(RESOLVE)


@pytest.mark.parametrize(
    "terms",
    [
        {"permissions": frozenset()},
        {"permissions": frozenset({Permission.AUDIT_READ})},
        {"permissions": frozenset({Permission.ADDRESSES_APPROVE})},
        {"classes": frozenset()},
        {"classes": frozenset({FieldClass.CONTACT})},
        {"classes": frozenset({FieldClass.INTERNAL})},
        {"networks": ("10.1.0.1/16",)},
        {"networks": ("the office",)},
    ],
)
def test_terms_that_make_no_grant_are_refused(session: Session, terms: dict[str, Any]) -> None:
    commands.create_client(session, "police", ME)
    sound: dict[str, Any] = {"permissions": frozenset({READ}), "classes": PUBLIC}
    with pytest.raises(BadRequest):
        commands.give_grant(session, "police", Grant(0, "", **(sound | terms)), ME)


def test_a_grant_that_has_ended_is_refused(session: Session) -> None:
    commands.create_client(session, "police", ME)
    ended = Grant(0, "", frozenset({READ}), PUBLIC, valid_until=now_utc() - timedelta(seconds=1))
    with pytest.raises(BadRequest):
        commands.give_grant(session, "police", ended, ME)


@pytest.mark.parametrize("division", ["33020", "3399", "999999"])
def test_a_division_that_there_is_none_of_is_refused(session: Session, division: str) -> None:
    make_place(session)
    commands.create_client(session, "police", ME)
    with pytest.raises(DivisionNotFound, match=division):
        grant_program(session, "police", {READ}, division)


def test_no_program_is_granted_what_only_persons_do() -> None:
    assert {
        Permission.ACCOUNTS_MANAGE,
        Permission.CLIENTS_MANAGE,
        Permission.AUDIT_READ,
    }.isdisjoint(PROGRAM_PERMISSIONS)
    assert not any(one.endswith(":approve") for one in PROGRAM_PERMISSIONS)
    assert FieldClass.CONTACT not in GRANTABLE
