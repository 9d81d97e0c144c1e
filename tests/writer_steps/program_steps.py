"""Programs as the desk has them: corrected, and one grant put in the place of another."""

from dataclasses import replace

from address_model.sensitivity import FieldClass
from service.auth import commands as auth
from service.auth.grants import Grant
from service.auth.permissions import Permission
from service.auth.queries import list_clients
from service.core.actor import COMMAND_LINE as ME
from service.departments.commands import change_grant, give_grant
from tests.writer_steps.hand import Hand

PROGRAMS = ("civil", "water")
TERMS = Grant(
    0, "330102000000", frozenset({Permission.ADDRESSES_READ}), frozenset({FieldClass.PUBLIC})
)
ABOVE = 10_000_000


def change_terms(hand: Hand) -> None:
    name = _program(hand)
    with hand.database.session() as session:
        given = give_grant(session, name, TERMS, ME, approval_above=ABOVE)
    wider = replace(TERMS, is_deep=True)
    with hand.database.session() as session:
        change_grant(session, given.number, wider, ME, approval_above=ABOVE)


def correct_program(hand: Hand) -> None:
    name = _program(hand)
    with hand.database.session() as session:
        auth.correct_client(session, name, ME, owner="示例单位", note="核对住址", office="")


def _program(hand: Hand) -> str:
    """One of a few programs that all writers share; whoever comes first makes it."""
    name = hand.drawn.choice(PROGRAMS)
    with hand.database.session() as session:
        if name not in {one.name for one in list_clients(session)}:
            auth.create_client(session, name, ME)
    return name
