"""Commands of units, posts and holders as `menpai units` gives them, over units that all share."""

from datetime import timedelta

from address_model.units import UnitKind
from service.auth import commands as auth
from service.auth.members import Assignment
from service.auth.permissions import Role
from service.auth.queries import list_accounts
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.core.database import Session
from service.organisations import commands
from service.organisations.queries import UnitRow, get_unit, list_posts, list_units
from tests.town import COUNTY, TOWNSHIP
from tests.writer_steps.hand import Hand

PEOPLE = ("sun", "qian")


def open_unit(hand: Hand) -> None:
    draft = commands.UnitDraft(f"示例单位 {hand.number()}", UnitKind.COMMITTEE)
    with hand.database.session() as session:
        commands.open_unit(session, draft, hand.drawn.choice((COUNTY, TOWNSHIP)), ME)


def correct_unit(hand: Hand) -> None:
    with hand.database.session() as session:
        held, above = _unit(hand, session), _unit(hand, session)
        draft = commands.UnitDraft(f"示例单位 {hand.number()}", held.kind, above.number)
        commands.correct_unit(session, held.number, draft, ME)


def close_unit(hand: Hand) -> None:
    with hand.database.session() as session:
        commands.close_unit(session, _unit(hand, session).number, today() - timedelta(days=1), ME)


def open_and_close_post(hand: Hand) -> None:
    with hand.database.session() as session:
        held = _unit(hand, session)
        commands.open_post(session, held.number, f"岗位 {hand.number()}", Role.OFFICER, ME)
        post = max(one.id for one in list_posts(session, held.id))
    with hand.database.session() as session:
        commands.close_post(session, held.number, post, today(), ME)


def appoint_and_relieve(hand: Hand) -> None:
    name = _person(hand)
    with hand.database.session() as session:
        held = _unit(hand, session)
        commands.open_post(session, held.number, f"岗位 {hand.number()}", Role.APPROVER, ME)
        post = max(one.id for one in list_posts(session, held.id))
    with hand.database.session() as session:
        commands.appoint_holder(session, held.number, post, name, begins=today(), actor=ME)
    with hand.database.session() as session:
        posts = list_posts(session, get_unit(session, held.number).id)
        holdings = [one.id for row in posts for one in row.list_holders(today())]
        eve = today() - timedelta(days=1)
        commands.relieve_holder(session, held.number, hand.drawn.choice(holdings), eve, ME)


def move_account(hand: Hand) -> None:
    name = _person(hand)
    with hand.database.reading() as session:
        number = _unit(hand, session).number
    with hand.database.session() as session:
        commands.move_account(session, name, hand.drawn.choice(("", number)), ME)


def _unit(hand: Hand, session: Session) -> UnitRow:
    """One of the units that there are; whoever comes first makes it."""
    listed = list_units(session, living_on=today(), limit=20)
    if listed:
        return hand.drawn.choice(listed)
    draft = commands.UnitDraft(f"示例单位 {hand.number()}", UnitKind.OTHER)
    with hand.database.session() as own:
        return commands.open_unit(own, draft, COUNTY, ME)


def _person(hand: Hand) -> str:
    """One of a few accounts that all writers share; whoever comes first makes it."""
    name = hand.drawn.choice(PEOPLE)
    with hand.database.session() as session:
        if name not in {one.name for one in list_accounts(session)}:
            auth.create_account(session, name, Assignment(Role.VIEWER), ME)
    return name
