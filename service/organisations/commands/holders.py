"""Appoints people to posts, and relieves them."""

from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from address_model.tables import Holding
from service.auth.policies import require_separated
from service.auth.queries import hold_account
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import BadRequest, Conflict
from service.organisations.commands.held_unit import hold_unit, note_unit
from service.organisations.commands.posts import find_post
from service.organisations.queries import UnitRow, list_posts


def appoint_holder(
    session: Session,
    number: str,
    post_id: int,
    account: str,
    *,
    begins: date,
    actor: Actor,
    seen: int | None = None,
) -> UnitRow:
    """Let a person hold a post from a day on; with it the role of the post, if it has one.

    Raises:
        AccountNotFound, UnitNotFound, Outdated: there is none, or the unit has changed.
        Conflict: unit or post has ended, the person holds the post already, or has a role that
            one person may not combine with that of the post.
        BadRequest: the day lies before the post began.
    """
    person = hold_account(session, account)
    held = hold_unit(session, number, seen)
    post = find_post(session, held, post_id)
    if begins < post.valid_from:
        raise BadRequest(
            f"the post was opened on {post.valid_from}",
            hint="give a later first day",
            zh=f"任职之日不能早于设岗之日（{post.valid_from}）。",
            field="begins",
        )
    own = [one for one in post.holdings if one.account == person.name]
    if any(one.valid_to is None or one.valid_to >= begins for one in own):
        raise Conflict(
            f"{person.name} holds the post {post.name} already",
            hint="relieve the holder first",
            zh=f"{person.name} 已经任“{post.name}”。",
            field="account",
        )
    if post.role is not None:
        require_separated(session, person, post.role)
    session.add(Holding(post_id=post.id, account_id=person.id, valid_from=begins))
    session.flush()
    detail = {"post": post.name, "account": person.name, "begins": str(begins)}
    note_unit(session, held, "units:appoint", actor, **detail)
    return held


def relieve_holder(
    session: Session,
    number: str,
    holding_id: int,
    last_day: date,
    actor: Actor,
    *,
    seen: int | None = None,
) -> UnitRow:
    """End a holding after a last day, and with it the role of the post.

    Whoever had not begun by then never held it: the last day is then the eve of the first.

    Raises:
        UnitNotFound, Outdated: the unit is none, or has changed.
        Conflict: the unit has ended, or there is no such holding that lasts.
    """
    held = hold_unit(session, number, seen)
    posts = list_posts(session, held.id)
    found = [(post, one) for post in posts for one in post.holdings if one.id == holding_id]
    if not found or found[0][1].is_over(today()):
        raise Conflict(
            f"{held.name} has no such holder",
            hint="see `menpai units show NUMBER`",
            zh=f"{held.name}没有这项任职，或者已经离任。",
            field="holding",
        )
    [(post, one)] = found
    ends = max(last_day, one.valid_from - timedelta(days=1))
    session.execute(update(Holding).where(Holding.id == one.id).values(valid_to=ends))
    detail = {"post": post.name, "account": one.account, "last_day": str(ends)}
    note_unit(session, held, "units:relieve", actor, **detail)
    return held
