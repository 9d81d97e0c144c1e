"""The roles of accounts: those given to them, and those of the posts that they hold."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import (
    BindParameter,
    Date,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from address_model.tables import Holding, Post, RoleAssignment, StaffAccount, Unit
from service.auth.members import Assignment
from service.auth.permissions import Role
from service.core.clock import today


def held_roles(*, also_ahead: bool = False) -> Subquery:
    """Columns ``account_id``, ``role`` and ``division`` of all roles in force today.

    A post with a role gives it in the division of its unit, from the first to the last day of the
    holding. ``also_ahead`` adds those of holdings that are still to begin.
    """
    return _held_on(literal(today()), also_ahead=also_ahead)


def _held_on(day: BindParameter[date], *, also_ahead: bool) -> Subquery:
    begun = literal(value=True) if also_ahead else Holding.valid_from <= day
    lasts = (or_(one.valid_to.is_(None), one.valid_to >= day) for one in (Holding, Post, Unit))
    by_post = (
        select(Holding.account_id, Post.role, Unit.division)
        .join(Post, Post.id == Holding.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(and_(Post.role != "", begun, *lasts))
    )
    given = select(RoleAssignment.account_id, RoleAssignment.role, RoleAssignment.division)
    return union(given, by_post).subquery("held")


def _select_assignments(*, also_ahead: bool) -> Select[int, str, str]:
    held = _held_on(bindparam("day", type_=Date), also_ahead=also_ahead)
    return (
        select(held.c.account_id, held.c.role, held.c.division)
        .where(held.c.account_id.in_(bindparam("ids", expanding=True)))
        .order_by(held.c.division, held.c.role)
    )


_ASSIGNMENTS = {ahead: _select_assignments(also_ahead=ahead) for ahead in (False, True)}
"""Built once: every page of staff asks for them."""


def assignments_of(
    session: Session, ids: Sequence[int], *, also_ahead: bool = False
) -> dict[int, tuple[Assignment, ...]]:
    """The roles of accounts by id; every account has an entry."""
    found: dict[int, list[Assignment]] = {account_id: [] for account_id in ids}
    asked = {"ids": list(ids), "day": today()}
    for account_id, role, division in session.execute(_ASSIGNMENTS[also_ahead], asked):
        if role in set(Role):  # a role unknown to this version grants nothing
            found[account_id].append(Assignment(Role(role), division))
    return {account_id: tuple(roles) for account_id, roles in found.items()}


def list_given(session: Session, account_id: int) -> frozenset[Assignment]:
    """The roles given to an account itself, without those of its posts."""
    statement = select(RoleAssignment.role, RoleAssignment.division).where(
        RoleAssignment.account_id == account_id
    )
    rows = session.execute(statement)
    return frozenset(Assignment(Role(r), d) for r, d in rows if r in set(Role))


def list_several_roles(session: Session) -> list[tuple[str, frozenset[Role]]]:
    """The active accounts with more than one kind of role, and these roles, by name."""
    held = held_roles(also_ahead=True)
    statement = (
        select(StaffAccount.name, func.array_agg(held.c.role.distinct()))
        .join(held, held.c.account_id == StaffAccount.id)
        .where(StaffAccount.is_active)
        .group_by(StaffAccount.name)
        .having(func.count(held.c.role.distinct()) > 1)
        .order_by(StaffAccount.name)
    )
    return [
        (name, frozenset(Role(role) for role in roles if role in set(Role)))
        for name, roles in session.execute(statement)
    ]
