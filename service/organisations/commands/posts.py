"""Opens and closes the posts of units."""

from datetime import date

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from address_model.tables import Post
from service.auth.permissions import Role
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import BadRequest, Conflict
from service.organisations.commands.held_unit import hold_unit, note_unit
from service.organisations.queries import PostRow, UnitRow, list_posts

MOST_LETTERS = 30
CARRIED = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
"""The roles that a post may carry; administrators are named one by one, on their accounts."""


def open_post(
    session: Session,
    number: str,
    name: str,
    role: Role | None,
    actor: Actor,
    *,
    seen: int | None = None,
) -> UnitRow:
    """Open a post in a unit; whoever holds it has the role, if any, in the unit's division.

    Raises:
        UnitNotFound, Outdated, Conflict: the unit is none, has changed or has ended; or it has an
            open post of this name.
        BadRequest: the name cannot be one, or no post may carry the role.
    """
    held = hold_unit(session, number, seen)
    if role is not None and role not in CARRIED:
        raise BadRequest(
            f"no post carries the role {role}",
            hint="give it to each account: `menpai accounts grant`",
            zh="管理员不随岗位授予，请在账号页上逐人授予。",
            field="role",
        )
    plain = " ".join(name.split())
    if not 1 < len(plain) <= MOST_LETTERS or not plain.isprintable():
        raise BadRequest(
            f"{name!r} cannot be the name of a post",
            hint=f"take 2 to {MOST_LETTERS} characters",
            zh=f"岗位名称为 2 至 {MOST_LETTERS} 个字。",
            field="post_name",
        )
    if any(one.name == plain and one.valid_to is None for one in list_posts(session, held.id)):
        raise Conflict(
            f"{held.name} has a post named {plain}",
            hint="choose another name",
            zh=f"{held.name}已有“{plain}”岗位。",
            field="post_name",
        )
    carried = str(role) if role else ""
    values = {"unit_id": held.id, "name": plain, "role": carried, "valid_from": today()}
    session.execute(insert(Post).values(values))
    note_unit(session, held, "units:open_post", actor, post=plain, role=carried)
    return held


def close_post(
    session: Session,
    number: str,
    post_id: int,
    last_day: date,
    actor: Actor,
    *,
    seen: int | None = None,
) -> UnitRow:
    """End a vacant post after a last day.

    Raises:
        UnitNotFound, Outdated: the unit is none, or has changed.
        Conflict: the unit or the post has ended, or somebody holds the post beyond that day.
        BadRequest: the day lies before the post began.
    """
    held = hold_unit(session, number, seen)
    post = find_post(session, held, post_id)
    if last_day < post.valid_from:
        raise BadRequest(
            f"{last_day} lies before its first day, {post.valid_from}",
            hint="give a later last day",
            zh=f"最后一天不能早于设岗之日（{post.valid_from}）。",
            field="last_day",
        )
    for one in post.holdings:
        if one.valid_to is None or one.valid_to > last_day:
            raise Conflict(
                f"{one.display_name} holds the post {post.name}",
                hint="relieve the holder first",
                zh=f"“{post.name}”还由{one.display_name}任职，请先办理离任。",
            )
    session.execute(update(Post).where(Post.id == post.id).values(valid_to=last_day))
    note_unit(session, held, "units:close_post", actor, post=post.name, last_day=str(last_day))
    return held


def find_post(session: Session, unit: UnitRow, post_id: int) -> PostRow:
    """An open post of a held unit.

    Raises:
        Conflict: the unit has no such post, or it has ended.
    """
    posts = {one.id: one for one in list_posts(session, unit.id)}
    post = posts.get(post_id)
    if post is None or post.is_over(today()):
        raise Conflict(
            f"{unit.name} has no open post {post_id}",
            hint="see `menpai units show NUMBER`",
            zh=f"{unit.name}没有这个岗位，或者已经撤销。",
            field="post",
        )
    return post
