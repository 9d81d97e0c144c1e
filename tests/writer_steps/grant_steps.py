"""Grants of programs that a second administrator agrees to, and tokens for their keys."""

from dataclasses import replace

from service.auth.commands import create_client
from service.auth.commands.tokens import give_token
from service.auth.grants import GRANTABLE, Grant
from service.auth.keys import ApiKey
from service.auth.members import Assignment, StaffMember
from service.auth.permissions import Permission, Role
from service.core.actor import COMMAND_LINE as ME
from service.departments.commands import approve_grant, give_grant, send_back_grant
from tests.writer_steps.hand import Hand

READING = Grant(0, "", frozenset({Permission.ADDRESSES_READ}), GRANTABLE)


def approve_bulk_grant(hand: Hand) -> None:
    number = _ask(hand)
    with hand.database.session() as session:
        approve_grant(session, number, _administrator(hand.town.approver), agreed="")


def send_back_bulk_grant(hand: Hand) -> None:
    number = _ask(hand)
    with hand.database.session() as session:
        send_back_grant(session, number, "范围太大", _administrator(hand.town.approver))


def give_access_token(hand: Hand) -> None:
    key, _ = _program(hand)
    with hand.database.session() as session:
        give_token(session, key, {"addresses:read"})


def _ask(hand: Hand) -> int:
    """The number of a grant that waits."""
    _, name = _program(hand)
    author = _administrator(hand.town.officer).actor
    with hand.database.session() as session:
        return give_grant(session, name, READING, author, approval_above=0).number


def _program(hand: Hand) -> tuple[ApiKey, str]:
    name = f"department-{hand.number()}"
    with hand.database.session() as session:
        return create_client(session, name, ME), name


def _administrator(member: StaffMember) -> StaffMember:
    return replace(member, assignments=(Assignment(Role.ADMINISTRATOR),))
