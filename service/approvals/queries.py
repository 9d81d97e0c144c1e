"""Reads requests for approval, and what an author did without approval today."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.selectable import LateralFromClause

from address_model.approvals import ApprovalKind, Decision
from address_model.tables import Approval, StaffAccount
from service.approvals.drafts import Author
from service.core.actor import Actor
from service.core.clock import start_of_day

WITH_ACCOUNT = frozenset({"staff", "shell"})
"""The kinds of actors that are named by an account."""


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One request; ``author`` is an actor, ``decider`` the name of an account or ""."""

    id: int
    kind: str
    subject: str
    division: str
    size: int
    digest: str
    author: str
    author_id: int | None
    asked_at: datetime
    decision: str
    decider_id: int | None
    decider: str
    decided_at: datetime | None
    reason: str
    version: int


def find_latest(session: Session, kind: ApprovalKind, subject: str) -> ApprovalRow | None:
    """The last request about a subject, in any state."""
    asked = _select().where(Approval.kind == kind, Approval.subject == subject)
    row = session.execute(asked.order_by(Approval.id.desc()).limit(1)).first()
    return ApprovalRow(*row) if row else None


def latest_of(kind: ApprovalKind, subject: ColumnElement[str]) -> LateralFromClause:
    """The last request about each row of a query, for a lateral join; ``subject`` is its key."""
    return (
        _select()
        .where(Approval.kind == kind, Approval.subject == subject)
        .order_by(Approval.id.desc())
        .limit(1)
        .lateral("latest")
    )


def find_author(session: Session, actor: Actor) -> Author:
    """The author for an actor, with the account of a person."""
    if actor.kind not in WITH_ACCOUNT:
        return Author(actor)
    named = select(StaffAccount.id).where(StaffAccount.name == actor.name)
    return Author(actor, session.scalar(named))


def count_alone_today(session: Session, kind: ApprovalKind, author: Author) -> int:
    """How much of a kind this author did today without approval.

    The day is a day in ``MENPAI_TIMEZONE``. Lock the author first.
    """
    own = (
        and_(Approval.author_id.is_(None), Approval.author == str(author.actor))
        if author.account_id is None
        else Approval.author_id == author.account_id
    )
    counted = select(func.coalesce(func.sum(Approval.size), 0)).where(
        Approval.kind == kind,
        Approval.asked_at >= start_of_day(),
        Approval.decision == Decision.APPROVED,
        Approval.decider_id.is_(None),
        own,
    )
    return int(session.execute(counted).scalar_one())


def _select() -> Select[*tuple[Any, ...]]:
    decider = aliased(StaffAccount)
    return select(
        Approval.id,
        Approval.kind,
        Approval.subject,
        Approval.division,
        Approval.size,
        Approval.digest,
        Approval.author,
        Approval.author_id,
        Approval.asked_at,
        Approval.decision,
        Approval.decider_id,
        func.coalesce(decider.name, "").label("decider"),
        Approval.decided_at,
        Approval.reason,
        Approval.version,
    ).outerjoin(decider, decider.id == Approval.decider_id)
